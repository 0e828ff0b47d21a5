using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary><c>weight_norm(layer)</c>, <c>spectral_norm(net)</c>, <c>equal_lr(layer)</c>: layers whose weight is made of other tensors.</summary>
internal sealed partial class BodyElaborator
{
    private const string Wrapped = "what is wrapped, such as 'conv(64, kernel: 3)'";

    /// <summary>What stands around the whole net that this is the body of, or null.</summary>
    public Wrapping? Around { get; private init; }

    private string? WrappingWord(ExpressionSyntax callee) =>
        callee is IdentifierSyntax { Name.Text: { } word } && Wrapping.Words.Contains(word) && Scope.Find(word) is null && Declared(word) is null ? word : null;

    // A layer or net that is constructed in the brackets.
    private Value Wrap(string word, ExpressionSyntax function)
    {
        if (function is not CallSyntax call)
        {
            return Error(function.Span, b => b.MissingArgument(word, "layer", Wrapped));
        }

        if (_construction.At<object>(call) is { } known)
        {
            return known is ModuleInstance module ? new ModuleValue(module) : (LayerValue)known;
        }

        List<(string, bool)> parameters = [("layer", false)];
        if (word != Wrapping.SpectralNorm)
        {
            parameters.Add((word == Wrapping.WeightNorm ? "init" : "gain", false));
        }

        if (ArgumentMatcher.Match(word, parameters, [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        if (!matched.TryGetValue("layer", out List<RawArgument>? wrapped))
        {
            return Error(call.Span, b => b.MissingArgument(word, "layer", Wrapped));
        }

        if (Settings(word, matched) is not { } wrapping)
        {
            return ErrorValue.Instance;
        }

        if (wrapped[0].Syntax is CallSyntax { Callee: IdentifierSyntax { Name.Text: { } name } } construction && Scope.Find(name) is null && Declared(name) is { Syntax: NetSyntax } net)
        {
            return wrapping.FromData
                ? Error(matched["init"][0].Span, b => b.NotAllowedHere("'init: data'", $"'{word}' around a whole net; it goes around single layers"))
                : Construct(net, construction.Arguments, call, call.Span, wrapping);
        }

        Value inner = Evaluate(wrapped[0].Syntax!);
        return inner is ErrorValue ? inner
            : inner is LayerValue { Wrapping: null } layer && wrapped[0].Syntax is CallSyntax
                ? Remember(call, new LayerValue(layer.Operation, layer.Arguments, call.Span, Loops) { Wrapping = wrapping })
                : Error(wrapped[0].Span, b => b.WrongKind($"What '{word}' wraps", "a layer or net that is constructed there, such as 'conv(64, kernel: 3)'", inner.Description));
    }

    // What is said beside the layer.
    private Wrapping? Settings(string word, Dictionary<string, List<RawArgument>> matched)
    {
        if (matched.TryGetValue("init", out List<RawArgument>? init) && init[0].Syntax is not IdentifierSyntax { Name.Text: "data" })
        {
            Report(init[0].Span, b => b.WrongWord("init", Source.Text.Substring(init[0].Span.Start, init[0].Span.Length), ["data"]));
            return null;
        }

        if (word != Wrapping.EqualLr)
        {
            return new Wrapping(word) { FromData = init is not null };
        }

        if (!matched.TryGetValue("gain", out List<RawArgument>? gain))
        {
            return new Wrapping(word) { Gain = HostValue.Float(WrappingEntries.DefaultGain) };
        }

        Value value = Evaluate(gain[0].Syntax!);
        if (value is HostValueHolder { Host: { Constant: > 0 } number })
        {
            return new Wrapping(word) { Gain = HostValue.Float(number.Constant!.Value) };
        }

        if (value is not ErrorValue)
        {
            Report(gain[0].Span, b => b.WrongKind($"'gain' of '{word}'", "a number above 0 that is written out", value.Description));
        }

        return null;
    }

    /// <summary>What stands around a layer: its own, or that of the net if it has a matrix. False, reported, where it cannot be wrapped.</summary>
    private bool IsWrappable(OperationCall call, OperationOutcome outcome, ref Wrapping? wrapping, ref ImmutableArray<Weight> weights, TextSpan span)
    {
        bool isOwn = wrapping is not null;
        wrapping ??= Around;
        if (wrapping is not { Word: { } word, FromData: { } fromData })
        {
            return true;
        }

        // A net is wrapped for its matrices; tables are vectors that are looked up, each by itself.
        Weight? matrix = WrappingEntries.Matrix(weights) is { } found && (isOwn || found.Role == WeightRole.Kernel) ? found : null;
        if (matrix is null && !isOwn && weights.All(w => w.Role != WeightRole.Kernel))
        {
            wrapping = null;
            return true;
        }

        if (word == Wrapping.SpectralNorm && call.Operation.Prepared is not null)
        {
            Report(span, b => b.NotAllowedHere($"The layer '{call.Operation.Name}', whose weight is masked,", $"'{word}'"));
            return false;
        }

        if (matrix is null)
        {
            Report(span, b => b.WrongKind($"What '{word}' wraps", isOwn ? "a layer with a matrix or filter, such as 'linear' or 'conv'" : "a net whose layers have one matrix or filter each", $"the layer '{call.Operation.Name}'"));
            return false;
        }

        if (word == Wrapping.SpectralNorm && matrix.Initializer.Name == "zeros")
        {
            Report(span, b => b.NotAllowedHere("'init: zeros'", $"a layer within '{word}': a matrix of zeros has no direction to be scaled in"));
            return false;
        }

        if (fromData && weights.All(w => w.Name != "bias"))
        {
            Report(span, b => b.NotAllowedHere("'bias: false'", "a layer with 'init: data', which sets gain and bias"));
            return false;
        }

        if (fromData && outcome.Results[0].Rows is null)
        {
            Report(span, b => b.NeedsRows(word));
            return false;
        }

        weights = WrappingEntries.Split(weights, matrix, wrapping, call.Has("init"));
        return true;
    }

    // The weight that a wrapped layer is given.
    private IrValue Weight(LayerInstance layer, Wrapping wrapping, TextSpan span)
    {
        Weight matrix = layer.Weights.First(w => w.Name is "weight_v" or "weight_orig");
        var weight = new IrValue(layer.Name + "_weight", TensorType.Real(null, matrix.Shape), span);
        var attributes = new Dictionary<string, OperationAttribute> { ["axis"] = new SizeAttribute(matrix.OutputAxis) };
        if (wrapping.Gain is { } gain)
        {
            attributes["gain"] = new NumberAttribute(gain);
        }

        Emit(new CatalogOp(WrappingEntries.Of(wrapping), layer, [], attributes, new NothingAccess(), [weight], span));
        return weight;
    }

    // What a layer computes, after the first batch has had its say.
    private IrValue FromData(LayerInstance layer, IrValue output, TextSpan span)
    {
        var result = new IrValue(output.Name, output.Type, span);
        Emit(new CatalogOp(WrappingEntries.FromData, layer, [("y", output)], ImmutableDictionary<string, OperationAttribute>.Empty, Access.Pointwise, [result], span));
        return result;
    }
}
