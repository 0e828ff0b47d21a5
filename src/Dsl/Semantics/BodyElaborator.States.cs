using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What trainers have beside nets: states that are read, histories, functions of their own.</summary>
internal sealed partial class BodyElaborator
{
    // Each mention reads the value that the state has there.
    private TensorValue ReadState(IrState state, TextSpan span)
    {
        var read = new IrValue(state.Name, state.Type, _call ?? span);
        Emit(new ReadStateOp(state, read, _call ?? span));
        return new TensorValue(read);
    }

    private Value NewHistory(CallSyntax call)
    {
        if (!MayConstruct)
        {
            return Error(call.Span, b => b.NotAllowedHere("'history'", "an expression: give it a name at the top of the trainer, 'old = history(50)'"));
        }

        if (call.Arguments.Length != 1)
        {
            return Error(call.Span, b => call.Arguments.Length == 0 ? b.MissingArgument("history", "size", "how many rows it holds") : b.TooManyArguments("history", 1, call.Arguments.Length));
        }

        Value size = Evaluate(call.Arguments[0].Value);
        if (size is not HostValueHolder { Host: { Size: { } count } host })
        {
            return size is ErrorValue ? size : Error(call.Arguments[0].Span, b => b.WrongKind("The size of a history", "an integer", size.Description));
        }

        if (!AtLeast(count, 1, "The size of a history", null, call.Arguments[0].Span))
        {
            return ErrorValue.Instance;
        }

        var history = new IrHistory(host, call.Span);
        ((IrTrainer)_construction.Owner).Histories.Add(history);
        return new HistoryValue(history);
    }

    private Value ApplyHistory(IrHistory history, IReadOnlyList<RawArgument> arguments, TextSpan span)
    {
        if (Within != BodyKind.Trainer)
        {
            return Error(span, b => b.NotAllowedHere($"'{history.Name}', which keeps what it is given,", "a sample or an evaluation: they change nothing"));
        }

        if (arguments.Count != 1)
        {
            return Error(span, b => arguments.Count == 0 ? b.MissingArgument(history.Name, "x", "the rows that go in") : b.TooManyArguments(history.Name, 1, arguments.Count));
        }

        TextSpan at = arguments[0].Span;
        if (AsTensor(arguments[0].Piped ?? Evaluate(arguments[0].Syntax!), at, $"What '{history.Name}' is applied to") is not { } input)
        {
            return ErrorValue.Instance;
        }

        if (input.Type.Element != Element.Real)
        {
            return Error(at, b => b.NeedsReal(history.Name, input.Type));
        }

        if (input.Type.Rows?.Count is not { } rows)
        {
            return Error(at, b => b.NeedsRows(history.Name));
        }

        if (!IsKnownAtBirth(input.Type.Shape))
        {
            return Error(at, b => b.NotSupportedYet($"A history of {input.Type.ShapeText}, of a size that only the data knows,", "Its pool is made before there is data."));
        }

        if (history.Type is { } earlier && !earlier.SameShape(input.Type))
        {
            return Error(at, b => b.OtherThanHeld(history.Name, earlier with { Rows = input.Type.Rows }, input.Type));
        }

        history.Type ??= input.Type with { Rows = null };

        // What comes out are not the samples that went in.
        var output = new IrValue(history.Name, input.Type with { Rows = new Rows(history.Name, rows) }, _call ?? span);
        Emit(new HistoryOp(history, Site(SiteStem), input, output, _call ?? span));
        return new TensorValue(output);
    }

    /// <summary>True for sizes that follow from the options alone.</summary>
    public static bool IsKnownAtBirth(IEnumerable<Dim> shape) => shape.SelectMany(d => d.Variables).All(v => v.Kind is DimVariableKind.Hyperparameter or DimVariableKind.Batch);

    /// <summary>The initialiser that an expression is; null for any other expression.</summary>
    public bool IsInitializer(ExpressionSyntax syntax) => syntax switch
    {
        IdentifierSyntax { Name.Text: { } word } => Catalog.Catalogue.Initializers.ContainsKey(word) && Scope.Find(word) is null,
        CallSyntax { Callee: IdentifierSyntax { Name.Text: { } word } } call => Catalog.Catalogue.Initializers.ContainsKey(word) && Scope.Find(word) is null && !IsDrawn(call),
        _ => false,
    };

    /// <summary>The same, bound.</summary>
    public Catalog.Initializer? InitializerOf(ExpressionSyntax syntax) => Initializer(syntax);

    // The text of the function, read here with the arguments in place of its parameters.
    private Value ApplyFunction(FunctionValue function, IReadOnlyList<RawArgument> piped, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        string name = function.Syntax.Name.Text;
        ImmutableArray<NameSyntax> parameters = function.Syntax.Parameters;
        List<string> names = [.. parameters.Select(p => p.Text)];
        if (ArgumentMatcher.Match(name, [.. names.Select(n => (n, false))], piped, names, arguments, span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        var scope = new Scope(function.Scope) { IsObserver = Within == BodyKind.Observer };
        foreach (NameSyntax parameter in parameters)
        {
            if (!matched.TryGetValue(parameter.Text, out List<RawArgument>? given))
            {
                return Error(span, b => b.MissingArgument(name, parameter.Text, ""));
            }

            Value value = given[0].Piped ?? Evaluate(given[0].Syntax!);
            if (value is ErrorValue)
            {
                return value;
            }

            scope.Set(parameter.Text, value, parameter.Span, isParameter: true);
        }

        var body = new BodyElaborator(_file, function.Body.Source, Within == BodyKind.Observer ? BodyKind.Observer : BodyKind.Trainer, _construction, Block, scope, DrawRows, Loops, _inlined, _call, function.Body._locate)
        {
            _trial = _trial, _isUnsure = _isUnsure, Within = Within, _sites = _sites, SiteStem = SiteStem,
        };
        return body.Evaluate(function.Syntax.Value);
    }
}
