using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>A call as a rule sees it: arguments by name, checked for their kind, defaults filled in.</summary>
public sealed class OperationCall(
    Operation operation,
    IReadOnlyDictionary<string, ImmutableArray<TensorType>> tensors,
    IReadOnlyDictionary<string, ImmutableArray<HostValue>> numbers,
    IReadOnlyDictionary<string, Initializer> initializers,
    IReadOnlyDictionary<string, TextSpan> places,
    TextSpan span,
    Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report,
    Func<HostValue, Interval, string, TextSpan, bool> demand)
{
    /// <summary>The entry that is called.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>Reports at a place.</summary>
    public Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> Report { get; } = report;

    /// <summary>Where an argument stands, or the call where it is piped in or a default.</summary>
    public TextSpan PlaceOf(string argument) => places.TryGetValue(argument, out TextSpan place) ? place : span;

    /// <summary>The type of the only tensor of a parameter.</summary>
    public TensorType Type(string name) => tensors[name][0];

    /// <summary>The types of all tensors of a parameter.</summary>
    public ImmutableArray<TensorType> Types(string name) => tensors.TryGetValue(name, out ImmutableArray<TensorType> types) ? types : [];

    /// <summary>True where an optional argument is given.</summary>
    public bool Has(string name) => tensors.ContainsKey(name) || numbers.ContainsKey(name) || initializers.ContainsKey(name);

    /// <summary>An integer.</summary>
    public Dim Size(string name) => numbers[name][0].Size!;

    /// <summary>All integers of a parameter.</summary>
    public ImmutableArray<Dim> Sizes(string name) => [.. numbers[name].Select(n => n.Size!)];

    /// <summary>One integer per spatial axis: a single one counts for all. Null, reported, where the count is wrong.</summary>
    public ImmutableArray<Dim>? AxisSizes(string name, int axes)
    {
        ImmutableArray<Dim> given = Sizes(name);
        if (given.Length == 1)
        {
            return [.. Enumerable.Repeat(given[0], axes)];
        }

        if (given.Length != axes)
        {
            Fail(name, b => b.WrongAxisCount(Operation.Name, name, given.Length, axes));
            return null;
        }

        return given;
    }

    /// <summary>All numbers of a parameter.</summary>
    public ImmutableArray<HostValue> Numbers(string name) => numbers[name];

    /// <summary>A number.</summary>
    public HostValue Number(string name) => numbers[name][0];

    /// <summary>True where a switch is on.</summary>
    public bool Switch(string name) => numbers[name][0].Is("true");

    /// <summary>The word of a parameter, or null where sizes are given instead.</summary>
    public string? Word(string name) =>
        numbers.TryGetValue(name, out ImmutableArray<HostValue> value) && value[0].Kind == HostKind.Word ? ((HostLiteral)value[0].Expression).Lexeme : null;

    /// <summary>The initialiser given, or <paramref name="otherwise"/>.</summary>
    public Initializer Initializer(string name, Initializer otherwise) => initializers.TryGetValue(name, out Initializer? value) ? value : otherwise;

    /// <summary>Reports at the argument, or at the call where the argument is a default. Returns null for a rule to return.</summary>
    public OperationOutcome? Fail(string? argument, Func<DiagnosticBuilder, GenDiagnostic> diagnostic)
    {
        Report(argument is null ? span : PlaceOf(argument), diagnostic);
        return null;
    }

    /// <summary>False, reported, where a number is never in a range; one that hyperparameters decide is checked at construction.</summary>
    public bool Demand(string name, Interval legal) => demand(Number(name), legal, $"'{name}' of '{Spoken(Operation.Name)}'", PlaceOf(name));

    /// <summary>Reports and returns false unless the tensor holds real numbers.</summary>
    public bool RequireReal(string name)
    {
        TensorType type = Type(name);
        if (type.Element == Element.Real)
        {
            return true;
        }

        Fail(name, b => b.NeedsReal(Spoken(Operation.Name), type));
        return false;
    }

    // An operator with a number on one side has an entry of its own.
    private static string Spoken(string name) => name switch
    {
        "neg" => "-",
        "+s" or "s-" or "*s" or "/s" or "s/" or "^s" or "<s" or "<=s" or ">s" or ">=s" => name.Trim('s'),
        _ => name,
    };

    /// <summary>Reports and returns false unless the per-sample rank is one of those given.</summary>
    public bool RequireRank(string name, string wanted, params int[] ranks)
    {
        TensorType type = Type(name);
        if (ranks.Contains(type.Shape.Length))
        {
            return true;
        }

        Fail(name, b => b.WrongRank(Operation.Name, type, wanted));
        return false;
    }
}
