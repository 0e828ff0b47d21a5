using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary><c>weight_norm(layer)</c>: a layer whose weight is a gain times a direction, for each output feature.</summary>
internal sealed partial class BodyElaborator
{
    private bool IsWeightNorm(ExpressionSyntax callee) =>
        callee is IdentifierSyntax { Name.Text: SpecialForms.WeightNorm } && Scope.Find(SpecialForms.WeightNorm) is null && _file.Find(SpecialForms.WeightNorm) is null;

    private Value Normalised(ExpressionSyntax function)
    {
        const string Name = SpecialForms.WeightNorm;
        if (function is not CallSyntax call)
        {
            return Error(function.Span, b => b.MissingArgument(Name, "layer", "what is wrapped, such as 'conv(64, kernel: 3)'"));
        }

        if (_construction.At<LayerValue>(call) is { } known)
        {
            return known;
        }

        if (ArgumentMatcher.Match(Name, [("layer", false), ("init", false)], [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        if (!matched.TryGetValue("layer", out List<RawArgument>? wrapped))
        {
            return Error(call.Span, b => b.MissingArgument(Name, "layer", "what is wrapped, such as 'conv(64, kernel: 3)'"));
        }

        bool fromData = matched.TryGetValue("init", out List<RawArgument>? init);
        if (fromData && init![0].Syntax is not IdentifierSyntax { Name.Text: "data" })
        {
            return Error(init[0].Span, b => b.WrongWord("init", Source.Text.Substring(init[0].Span.Start, init[0].Span.Length), ["data"]));
        }

        Value inner = Evaluate(wrapped[0].Syntax!);
        return inner is ErrorValue ? inner
            : inner is LayerValue { Norm: null } layer && wrapped[0].Syntax is CallSyntax
                ? Remember(call, new LayerValue(layer.Operation, layer.Arguments, call.Span, Loops) { Norm = new WeightNorm(fromData) })
                : Error(wrapped[0].Span, b => b.WrongKind($"What '{Name}' wraps", "a layer that is constructed there, such as 'conv(64, kernel: 3)'", inner.Description));
    }

    /// <summary>The weights of a wrapped layer; null, reported, where it cannot be wrapped.</summary>
    private ImmutableArray<Weight>? Split(OperationCall call, OperationOutcome outcome, WeightNorm norm, TextSpan span)
    {
        Initializer? direction = norm.FromData && !call.Has("init") ? new Initializer("normal", [HostValue.Float("0.0"), HostValue.Float("0.05")]) : null;
        if (WeightNormEntries.Split(outcome.Weights, OutputAxis(outcome), direction) is not { } weights)
        {
            Report(span, b => b.WrongKind($"What '{SpecialForms.WeightNorm}' wraps", "a layer with a matrix or filter, such as 'linear' or 'conv'", $"the layer '{call.Operation.Name}'"));
            return null;
        }

        if (norm.FromData && weights.All(w => w.Name != "bias"))
        {
            Report(span, b => b.NotAllowedHere("'bias: false'", "a layer with 'init: data', which sets gain and bias"));
            return null;
        }

        if (norm.FromData && outcome.Results[0].Rows is null)
        {
            Report(span, b => b.NeedsRows(SpecialForms.WeightNorm));
            return null;
        }

        return weights;
    }

    // The weight that a normalised layer is given.
    private IrValue Weight(LayerInstance layer, OperationOutcome outcome, TextSpan span)
    {
        var weight = new IrValue(layer.Name + "_weight", TensorType.Real(null, layer.Weights.First(w => w.Name == "weight_v").Shape), span);
        var attributes = new Dictionary<string, IrAttribute> { ["axis"] = new SizeAttribute(OutputAxis(outcome)) };
        Emit(new CatalogOp(WeightNormEntries.Weight, layer, [], attributes, new NothingAccess(), [weight], span));
        return weight;
    }

    // What a layer computes, after the first batch has had its say.
    private IrValue FromData(LayerInstance layer, IrValue output, TextSpan span)
    {
        var result = new IrValue(output.Name, output.Type, span);
        Emit(new CatalogOp(WeightNormEntries.FromData, layer, [("y", output)], ImmutableDictionary<string, IrAttribute>.Empty, Access.Pointwise, [result], span));
        return result;
    }

    // Transposed convolutions keep their output features second.
    private static int OutputAxis(OperationOutcome outcome) => outcome.Access is TapsAccess { Axes: { } axes } && axes.Any(a => a.IsTransposed) ? 1 : 0;
}
