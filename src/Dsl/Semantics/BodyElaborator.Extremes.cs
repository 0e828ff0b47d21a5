using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>The greater and the smaller of two values: <c>max(a, b)</c>, <c>min(x, 1)</c>.</summary>
internal sealed partial class BodyElaborator
{
    private Value Extreme(Operation operation, IReadOnlyList<RawArgument> piped, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        string[] names = ["a", "b"];
        if (ArgumentMatcher.Match(operation.Name, [.. names.Select(n => (n, false))], piped, names, arguments, span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        Value[] sides = [.. names.Select(n => matched[n][0].Piped ?? Evaluate(matched[n][0].Syntax!))];
        foreach ((Value side, string name) in sides.Zip(names, (s, n) => (s, n)))
        {
            if (side is not (TensorValue or HostValueHolder { Host.Kind: HostKind.Int or HostKind.Float }))
            {
                return side is ErrorValue ? side : Error(matched[name][0].Span, b => b.WrongKind($"'{name}' of '{operation.Name}'", "a number or tensor", side.Description));
            }
        }

        return (sides[0], sides[1]) switch
        {
            (TensorValue a, TensorValue b) => Apply(Catalogue.Find("~" + operation.Name)!, [a.Tensor, b.Tensor], null, span),
            (TensorValue a, HostValueHolder b) => Apply(Catalogue.Find($"~{operation.Name}_number")!, [a.Tensor], b.Host, span),
            (HostValueHolder a, TensorValue b) => Apply(Catalogue.Find($"~{operation.Name}_number")!, [b.Tensor], a.Host, span),
            _ => new HostValueHolder(Extreme(operation.Name == "max" ? ">" : "<", ((HostValueHolder)sides[0]).Host, ((HostValueHolder)sides[1]).Host)),
        };
    }

    private static HostValue Extreme(string comparison, HostValue a, HostValue b) =>
        a.Constant is { } x && b.Constant is { } y
            ? (comparison == ">" ? x > y : x < y) ? a : b
            : HostArithmetic.Conditional(HostArithmetic.Binary(comparison, a, b)!, a, b)!;
}
