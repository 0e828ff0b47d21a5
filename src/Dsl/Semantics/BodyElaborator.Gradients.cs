using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What only steps have: gradients as values, draws that stand in an expression.</summary>
internal sealed partial class BodyElaborator
{
    private Value Gradient(CallSyntax call)
    {
        if (Within != BodyKind.Trainer)
        {
            return Error(call.Span, b => b.NotAllowedHere("'grad'", "this body; it belongs to the steps of trainers and the losses that they call"));
        }

        if (call.Arguments.Length != 2)
        {
            return Error(call.Span, b => call.Arguments.Length < 2
                ? b.MissingArgument("grad", call.Arguments.Length == 0 ? "a scalar and a name" : "at", "the name of a value that the scalar is computed from")
                : b.TooManyArguments("grad", 2, call.Arguments.Length));
        }

        if (Tensor(call.Arguments[0].Value, "What 'grad' differentiates") is not { } of)
        {
            return ErrorValue.Instance;
        }

        if (!of.Type.IsScalar)
        {
            return Error(call.Arguments[0].Span, b => b.GradientNotScalar(new TensorValue(of).Description));
        }

        ExpressionSyntax place = call.Arguments[1].Value;
        Value value = Evaluate(place);
        if (value is ErrorValue)
        {
            return value;
        }

        // What a loop carries has no computation of its own to record a graph from.
        if (place is not IdentifierSyntax || value is not TensorValue { Tensor: { Type.Element: Element.Real, MergedFrom.Count: 0 } at })
        {
            return Error(place.Span, b => b.GradientNeedsName(value is TensorValue { Tensor.MergedFrom.Count: > 0 } ? "a value that a loop carries from round to round" : place is IdentifierSyntax ? value.Description : "an expression"));
        }

        var gradient = new IrValue("gradient", TensorType.Real(at.Type.Rows, at.Type.Shape), _call ?? call.Span);
        Emit(new GradOp(of, at, gradient, _call ?? call.Span));
        return new TensorValue(gradient);
    }

    /// <summary>True for a distribution that is drawn from where it stands: 'uniform(0, 1, per: sample)', 'normal(0, 1, like: x)'.</summary>
    private static bool IsDrawn(CallSyntax call) => call.Arguments.Any(a => a.Name?.Text is "per" or "like");

    private Value Drawn(Distribution entry, CallSyntax call)
    {
        if (Within != BodyKind.Trainer)
        {
            return Error(call.Span, b => b.NotAllowedHere($"A draw from '{entry.Name}' in an expression", "this body; it belongs to the steps of trainers and the losses that they call"));
        }

        ImmutableArray<ArgumentSyntax> how = [.. call.Arguments.Where(a => a.Name?.Text is "per" or "like")];
        if (how.Length > 1)
        {
            return Error(how[1].Span, b => b.TooManyArguments(entry.Name, call.Arguments.Length - 1, call.Arguments.Length));
        }

        if (Distribution(entry, call with { Arguments = [.. call.Arguments.Except(how)] }) is not DistributionValue distribution)
        {
            return ErrorValue.Instance;
        }

        if (!entry.IsReparameterised)
        {
            return Error(call.Span, b => b.NotSupportedYet($"'{entry.Name}' in an expression", "Draws in expressions are those of 'normal' and 'uniform'."));
        }

        if (how[0].Name!.Text == "per")
        {
            return how[0].Value is not IdentifierSyntax { Name.Text: "sample" }
                ? Error(how[0].Value.Span, b => b.WrongWord("per", Source.Text.Substring(how[0].Value.Span.Start, how[0].Value.Span.Length), ["sample"]))
                : FreshRows is var rows ? Draw(distribution, rows, TensorType.Real(rows, []), SiteStem, _call ?? call.Span, out _) : ErrorValue.Instance;
        }

        return Tensor(how[0].Value, $"'like' of '{entry.Name}'") is { } like
            ? Draw(distribution, like.Type.Rows, TensorType.Real(like.Type.Rows, like.Type.Shape), SiteStem, _call ?? call.Span, out _, like)
            : ErrorValue.Instance;
    }

    // Of two nets, a net and its average for example, or of the kernels of one.
    private Value FigureOfWeights(string word, CallSyntax call)
    {
        bool isDistance = word == SpecialForms.Distance2;
        int wanted = isDistance ? 2 : 1;
        if (Within != BodyKind.Trainer)
        {
            return Error(call.Span, b => b.NotAllowedHere($"'{word}'", "this body; it belongs to the steps of trainers and the losses that they call"));
        }

        if (call.Arguments.Length != wanted)
        {
            return Error(call.Span, b => call.Arguments.Length > wanted ? b.TooManyArguments(word, wanted, call.Arguments.Length)
                : b.MissingArgument(word, !isDistance ? "a net" : call.Arguments.IsEmpty ? "two nets" : "another net", ""));
        }

        List<ModuleInstance> nets = [];
        foreach (ArgumentSyntax argument in call.Arguments)
        {
            Value value = Evaluate(argument.Value);
            if (value is not ModuleValue { Instance: { PartOf: null, HasParameters: true } net })
            {
                return value is ErrorValue ? value : Error(argument.Span, b => b.WrongKind($"What '{word}' measures", "a net with parameters that has a name", value.Description));
            }

            nets.Add(net);
        }

        if (isDistance && !ReferenceEquals(nets[0].Module, nets[1].Module))
        {
            return Error(call.Span, b => b.WrongKind($"Both sides of '{word}'", "nets of one declaration", $"'{nets[0].Module.DeclaredName}' and '{nets[1].Module.DeclaredName}'"));
        }

        if (!isDistance && !IrPart.Learned(nets[0].Module).Any(p => WeightFigureOp.HasKernel(nets[0].Module, p)))
        {
            return Error(call.Span, b => b.WrongKind($"What '{word}' measures", "a net with filters or matrices", $"'{nets[0].Module.DeclaredName}', whose layers have none"));
        }

        var figure = new IrValue(isDistance ? "distance" : "gram", TensorType.Real(null, []).With(range: Interval.NonNegative), _call ?? call.Span);
        Emit(new WeightFigureOp(isDistance ? WeightFigure.Distance : WeightFigure.OffDiagonalGram, [.. nets], figure, _call ?? call.Span));
        return new TensorValue(figure);
    }

    // The numbers of n rows in a fresh order.
    private Value Permutation(CallSyntax call)
    {
        if (Within != BodyKind.Trainer)
        {
            return Error(call.Span, b => b.NotAllowedHere("'permutation'", "this body; it belongs to the steps of trainers and the losses that they call"));
        }

        if (call.Arguments.Length != 1)
        {
            return Error(call.Span, b => call.Arguments.IsEmpty ? b.MissingArgument("permutation", "n", "how many rows") : b.TooManyArguments("permutation", 1, call.Arguments.Length));
        }

        Value value = Evaluate(call.Arguments[0].Value);
        if (value is not HostValueHolder { Host.Size: { } count })
        {
            return value is ErrorValue ? value : Error(call.Arguments[0].Span, b => b.WrongKind("The number of rows of 'permutation'", "an integer", value.Description));
        }

        if (!AtLeast(count, 1, "The number of rows of 'permutation'", null, call.Arguments[0].Span))
        {
            return ErrorValue.Instance;
        }

        var order = new IrValue("order", new TensorType(Element.Index, count, Rows.Ordered(count), [], count.Value is { } n ? new Interval(0, n - 1) : Interval.NonNegative), _call ?? call.Span);
        Emit(new DrawOp(DrawKind.Permutation, Site(SiteStem), [], [], [], order, _call ?? call.Span));
        return new TensorValue(order);
    }

    // 'nearest(x, among: y)'; the other form chooses codes of a book.
    private Value NearestRow(CallSyntax call)
    {
        if (call.Arguments.Length != 2 || call.Arguments[0].Name is not null)
        {
            return Error(call.Span, b => call.Arguments.Length < 2 ? b.MissingArgument("nearest", "x", "the rows that others are looked for") : b.TooManyArguments("nearest", 2, call.Arguments.Length));
        }

        return Tensor(call.Arguments[0].Value, "What 'nearest' looks for") is { } x && Tensor(call.Arguments[1].Value, "'among' of 'nearest'") is { } among
            ? Apply(RowEntries.Nearest, null, new OperationArguments(new() { ["x"] = [x], ["among"] = [among] }, [], [], new() { ["x"] = call.Arguments[0].Span, ["among"] = call.Arguments[1].Span }), call.Span)
            : ErrorValue.Instance;
    }

    // Between two values: a number is the same for all, a tensor has one for each number or for each sample.
    private Value Lerp(Operation operation, IReadOnlyList<RawArgument> piped, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        string[] names = ["a", "b", "t"];
        if (ArgumentMatcher.Match(operation.Name, [.. names.Select(n => (n, false))], piped, names, arguments, span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        if (names.FirstOrDefault(n => !matched.ContainsKey(n)) is { } missing)
        {
            return Error(span, b => b.MissingArgument(operation.Name, missing, operation.Parameters.First(p => p.Name == missing).Doc));
        }

        var bound = new OperationArguments([], [], [], []);
        foreach (string name in names)
        {
            RawArgument given = matched[name][0];
            bound.Places[name] = given.Span;
            Value value = given.Piped ?? Evaluate(given.Syntax!);
            if (name == "t" && value is HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } number })
            {
                bound.Numbers[name] = [number];
            }
            else if (AsTensor(value, given.Span, $"'{name}' of '{operation.Name}'") is { } tensor)
            {
                bound.Tensors[name] = [tensor];
            }
            else
            {
                return ErrorValue.Instance;
            }
        }

        return Apply(bound.Numbers.Count > 0 ? MixingEntries.LerpByNumber : operation, null, bound, span);
    }
}
