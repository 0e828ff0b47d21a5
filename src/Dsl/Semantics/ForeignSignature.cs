using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// The signature of a function of another assembly: hyperparameters, then tensors. A tensor without a type has any shape, and all such
/// tensors have the same; a result without a type has it too.
/// </summary>
internal sealed class ForeignSignature
{
    private readonly ForeignOperation _foreign;
    private readonly ImmutableArray<Hyperparameter> _numbers = [];
    private readonly ImmutableArray<(string Name, TensorType? Type)> _tensors = [];
    private readonly TensorType? _result;
    private readonly Interval? _range;
    private readonly Interval? _domain;
    private readonly Access _access = Access.Everything;

    public ForeignSignature(ForeignOperation foreign, GenSource source, NetSyntax net)
    {
        _foreign = foreign;
        var file = new FileContext(source, new FileSyntax(1, net.Span, [], net.Span), new DiagnosticBag(), CatalogueTable.Standard, default);
        var scope = new Scope(null);
        _numbers = HeaderBinder.Hyperparameters(file, source, net.Header, scope, SizeFacts.None);
        var rows = new Rows("batch");
        var body = new BodyElaborator(file, source, BodyKind.Net, new Construction(new IrNet(net.Name.Text, "", net.Name.Span)), new IrBlock(), scope, rows);
        var types = new TypeBinder(file, body, SizeFacts.None);
        ImmutableArray<ParameterSyntax> typed = [.. net.Header.Data.Where(p => p.Type is not null)];
        ImmutableArray<IrValue>? values = types.Parameters(typed, rows);
        _tensors = [.. net.Header.Data.Select(p => (p.Name.Text, values?.FirstOrDefault(v => v.Name == p.Name.Text)?.Type))];
        _result = net.Results is [{ } declared] ? types.Type(declared, rows, mayIntroduce: false) : null;
        string? range = Read(foreign.Range, out _range), domain = Read(foreign.Domain, out _domain), access = Reads(foreign.Access, out _access);
        Fault = file.Diagnostics.ToImmutable().FirstOrDefault(d => d.Severity == Severity.Error)?.Message ?? Mismatch(net) ?? range ?? domain ?? access;
        Parameters =
        [
            .. _tensors.Select(t => new OperationParameter(t.Name, ParameterKind.Tensor, null, t.Type?.ShapeText ?? "any shape")),
            .. _numbers.Select(Parameter),
        ];
        Call = $"{foreign.Method}({string.Join(", ", Parameters.Select(p => "{" + p.Name + "}"))})";
    }

    /// <summary>Why it cannot be called; null where it can.</summary>
    public string? Fault { get; }

    public ImmutableArray<OperationParameter> Parameters { get; }

    /// <summary>The C# of a call.</summary>
    public string Call { get; }

    /// <summary>The type of a call's result.</summary>
    public OperationOutcome? Rule(OperationCall call)
    {
        if (_tensors.FirstOrDefault(t => call.Type(t.Name).Element != Element.Real && t.Type is not { IsDiscrete: true }) is { Name: { } labels })
        {
            call.RequireReal(labels);
            return null;
        }

        if (_domain is { } domain && !domain.Contains(call.Type(_tensors[0].Name).Range))
        {
            return call.Fail(_tensors[0].Name, b => b.OutsideRange($"'{_tensors[0].Name}' of '{call.Operation.Name}'", "as declared", domain, call.Type(_tensors[0].Name).Range));
        }

        if (Result(call) is not { } result)
        {
            return null;
        }

        return OperationOutcome.Of(result with { Range = _range ?? Interval.All }, [.. _numbers.Select(n => (n.Name, Value(call, n)))]) with { Access = _access };
    }

    private TensorType? Result(OperationCall call)
    {
        var unifier = new ShapeUnifier(_numbers.Where(n => n.Kind == HostKind.Int).Select(n => new KeyValuePair<string, Dim>(n.Name, call.Size(n.Name))));
        List<(string Name, TensorType? Type)> typed = [.. _tensors.Where(t => t.Type is not null)], free = [.. _tensors.Where(t => t.Type is null)];
        if (!unifier.Unify(call.Operation.Name, [.. typed.Select(t => (t.Name, t.Type!))], [.. typed.Select(t => (call.Type(t.Name), call.PlaceOf(t.Name)))], call.Report))
        {
            return null;
        }

        Rows? rows = unifier.Rows;
        foreach ((string name, TensorType? _) in free)
        {
            TensorType first = call.Type(free[0].Name), type = call.Type(name);
            if (!type.SameShape(first))
            {
                call.Fail(name, b => b.ShapesDiffer(call.Operation.Name, $"'{name}'", type, $"'{free[0].Name}'", first));
                return null;
            }

            if (rows is not null && type.Rows is not null && !rows.Equals(type.Rows))
            {
                call.Fail(name, b => b.RowsMix(call.Operation.Name, rows, type.Rows));
                return null;
            }

            rows ??= type.Rows;
        }

        return _result is null ? TensorType.Real(rows, call.Type(free[0].Name).Shape) : unifier.Substitute(_result) with { Rows = rows };
    }

    private static OperationAttribute Value(OperationCall call, Hyperparameter number) => number.Kind switch
    {
        HostKind.Int => new SizeAttribute(call.Size(number.Name)),
        HostKind.Bool => new CodeAttribute(call.Switch(number.Name) ? "true" : "false"),
        _ => new NumberAttribute(call.Number(number.Name)),
    };

    private static OperationParameter Parameter(Hyperparameter number) => new(
        number.Name,
        number.Kind switch { HostKind.Int => ParameterKind.Size, HostKind.Bool => ParameterKind.Switch, _ => ParameterKind.Number },
        number.Default is null ? null
            : number.Kind == HostKind.Bool ? number.Default.Is("true") ? "true" : "false"
            : number.Default.Constant!.Value.ToString("R", CultureInfo.InvariantCulture),
        number.Kind switch { HostKind.Int => "an integer", HostKind.Bool => "true or false", _ => "a number" });

    private string? Mismatch(NetSyntax net)
    {
        if (!net.Header.Conditions.IsEmpty || !net.Facts.IsEmpty)
        {
            return "its signature has conditions or facts, which only nets have.";
        }

        if (_tensors.IsEmpty)
        {
            return "its signature has no tensor: the last pair of brackets holds them, 'name(beta: float = 1)(x)'.";
        }

        if (net.Results.Length > 1 || (_result is null && _tensors.All(t => t.Type is not null)))
        {
            return "its result is one tensor, whose shape stands behind '->' unless a tensor without a type has it.";
        }

        if (_numbers.FirstOrDefault(n => n.Default is not null && n.Kind != HostKind.Bool && n.Default.Constant is null) is { } unknown)
        {
            return $"the default of '{unknown.Name}' is not a number.";
        }

        string takes = string.Join(", ", _tensors.Select(_ => "Tensor").Concat(_numbers.Select(n => n.Kind switch { HostKind.Int => "long", HostKind.Bool => "bool", _ => "double" })));
        return takes != _foreign.Takes ? $"its signature asks for a method of ({takes}), and it is one of ({_foreign.Takes})."
            : _foreign.Returns != "Tensor" ? $"it returns {_foreign.Returns}, and not a Tensor."
            : null;
    }

    private string? Reads(string access, out Access reads)
    {
        bool isPointwise = _result is null && _tensors.All(t => t.Type is null);
        bool sameSites = _result is null ? isPointwise : _tensors.All(t => t.Type is { } type && type.Shape.Skip(1).SequenceEqual(_result.Shape.Skip(1)));
        bool samePlaces = isPointwise || (sameSites && _tensors.All(t => t.Type!.Shape.SequenceEqual(_result!.Shape)));
        reads = access == "place" || (access.Length == 0 && isPointwise) ? Access.Pointwise : access == "features" ? Access.Features : Access.Everything;
        return access is not ("" or "place" or "features" or "sample") ? $"its access '{access}' is none of: place, features, sample."
            : (access == "place" && !samePlaces) || (access == "features" && !sameSites) ? $"its access is '{access}', but its result has other places than its tensors."
            : null;
    }

    // [a, b), with inf and -inf.
    private static string? Read(string text, out Interval? interval)
    {
        interval = null;
        if (text.Length == 0)
        {
            return null;
        }

        string[] ends = text.Length < 2 ? [] : text.Substring(1, text.Length - 2).Split(',');
        if ("[(".IndexOf(text[0]) < 0 || "])".IndexOf(text[text.Length - 1]) < 0 || ends.Length != 2 || End(ends[0]) is not { } low || End(ends[1]) is not { } high || !(low < high))
        {
            return $"'{text}' is no interval such as '[0, inf)'.";
        }

        interval = new Interval(low, high, text[0] == '(' || double.IsInfinity(low), text[text.Length - 1] == ')' || double.IsInfinity(high));
        return null;
    }

    private static double? End(string text) => text.Trim() switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        { } number when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
        _ => null,
    };
}
