using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Levels as reals, by uniform noise or that of a model.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>Levels as reals in [0, 1): the noise fills the bins, and the change of scale counts.</summary>
    private Value Dequantized(IReadOnlyList<RawArgument> first, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        if (Kind != BodyKind.Model || Chart is null)
        {
            return Error(span, b => b.NotAllowedHere("'dequantize'", "this body; it turns the data of a model into reals"));
        }

        if (ArgumentMatcher.Match("dequantize", [("x", false), ("noise", false)], first, ["x"], arguments, span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        if (!matched.TryGetValue("x", out List<RawArgument>? given))
        {
            return Error(span, b => b.MissingArgument("dequantize", "x", "what to turn into reals"));
        }

        if (AsTensor(given[0].Piped ?? Evaluate(given[0].Syntax!), given[0].Span, "'x' of 'dequantize'") is not { } levels)
        {
            return ErrorValue.Instance;
        }

        if (levels.Type.Element is not (Element.Level or Element.Bit or Element.MuLaw) || levels.Type.Rows is null)
        {
            return Error(span, b => b.NeedsLevels("dequantize", levels.Type));
        }

        IrValue? noise;
        Value? logProb = null;
        if (matched.TryGetValue("noise", out List<RawArgument>? law))
        {
            (noise, logProb) = Proposed(law[0].Syntax!, levels.Type, law[0].Span);
            if (noise is null)
            {
                return ErrorValue.Instance;
            }
        }
        else
        {
            noise = new IrValue("noise", TensorType.Real(levels.Type.Rows, levels.Type.Shape).With(range: Interval.Unit), span) { IsNamed = true };
            Emit(new DrawOp(DrawKind.Uniform, Site("dequantize"), levels.Type.Shape, [HostValue.Float(0.0), HostValue.Float(1.0)], [], noise, span));
        }

        var real = new IrValue("dequantized", TensorType.Real(levels.Type.Rows, levels.Type.Shape).With(range: new Interval(0, 1, false, true)), span);
        HostValue each = HostValue.Float(-System.Math.Log(levels.Type.Count.Value ?? 2));
        var op = new CatalogOp(
            FlowEntries.Dequantize, null, [("x", levels), ("noise", noise)],
            new Dictionary<string, OperationAttribute> { ["levels"] = new SizeAttribute(levels.Type.Count), ["undo"] = new CodeAttribute(levels.Type.Element == Element.MuLaw ? "QuantizeLabels" : "Quantize") }, Access.Pointwise, [real], span);
        Emit(op);
        if (Chart.Has(levels) && HostArithmetic.Binary("*", each, HostValue.Of(Dim.Product(levels.Type.Shape))) is { } all)
        {
            // What the noise model says of its draw is the other side of the bound.
            Value change = new HostValueHolder(all);
            Chart.Add(new BijectionStep(op, levels, real, []) { LogDet = (logProb is null ? change : Combine("-", change, logProb, span)).AsOperand() });
        }

        return new TensorValue(real);
    }

    // A draw of a model of noise, with its log-probability.
    private (IrValue? Noise, Value? LogProb) Proposed(ExpressionSyntax syntax, TensorType like, TextSpan span)
    {
        const string What = "The noise of 'dequantize'", Expected = "a model, such as 'Noise()(x)'";
        Value value = Law(syntax, What, Expected);
        if (value is not ModelLaw law)
        {
            if (value is not ErrorValue)
            {
                Report(span, b => b.WrongKind(What, Expected, value.Description));
            }

            return (null, null);
        }

        return ProposalOf(law, TensorType.Real(like.Rows, like.Shape).With(range: Interval.Unit), "dequantize", ("noise", "logNoise"), why => Report(law.Span, b => b.NoiseModelUnfit(law.Model.DeclaredName, why))) is var (noise, logProb)
            ? (noise, new TensorValue(logProb))
            : (null, null);
    }
}
