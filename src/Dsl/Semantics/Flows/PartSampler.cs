using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>Writes the sampler of a model that distributes what bijections make of its data: the parts are drawn in the order in which their laws need each other, and the way is undone.</summary>
internal static class PartSampler
{
    /// <summary>The sampler.</summary>
    /// <param name="parts">The parts, as the density has them.</param>
    /// <param name="density">The density.</param>
    /// <param name="body">Where to write.</param>
    /// <param name="conditions">What the data are conditioned on.</param>
    /// <param name="withLogProb">Whether the log-probability of the sample is a second result: from the noise, without undoing anything.</param>
    public static IrFunction? Write(PartReading parts, IrFunction density, BodyElaborator body, ImmutableArray<IrValue> conditions, bool withLogProb = false)
    {
        var count = new Rows("count");
        var cloner = new OpCloner(body, OpCloner.LoopsOf(density.Body), count);
        int observed = density.Parameters.Length - conditions.Length;
        for (int i = 0; i < conditions.Length; i++)
        {
            cloner.Map(density.Parameters[observed + i], conditions[i]);
        }

        body.IsTempered = !withLogProb;
        bool failed = false;
        NeedGraph graph = parts.Needs(parts.Steps);
        var inversion = new Inversion(parts.Chart, graph, cloner);
        inversion.Run(version =>
        {
            DistributedPart part = parts.All.First(p => ReferenceEquals(p.Version, version));
            ImmutableArray<Value> arguments = [.. part.Law.Arguments.Select(a => a is TensorValue { Tensor: { } tensor } ? new TensorValue(cloner.Get(tensor)) : a)];
            TensorType type = cloner.TypeOf(version.Type);
            if (failed || body.Draw(new DistributionValue(part.Law.Distribution, arguments, part.Law.Span), count, type, part.Draw.Name.Text, part.Draw.Span) is not TensorValue { Tensor: { } drawn })
            {
                failed = true;
                return;
            }

            (drawn.Name, drawn.IsNamed) = (part.Draw.Name.Text, true);
            cloner.Map(version, drawn);
            cloner.Like = drawn;
        }, () => failed);
        if (failed)
        {
            return null;
        }

        IrValue data = density.Parameters[0];
        IrValue result = cloner.Get(data);
        result.Type = Keeps(data, parts, graph) ? result.Type : result.Type.With(range: Interval.All);
        result.Type = data.Type.Range.Contains(result.Type.Range) ? result.Type with { Space = data.Type.Space } : result.Type;
        return new IrFunction(conditions, body.Block, withLogProb ? [result, cloner.Get(density.Results[0])] : [result]);
    }

    // Whether undoing the first step surely leads back into the range of the data: the law of what a flow makes of them may reach further.
    private static bool Keeps(IrValue version, PartReading parts, NeedGraph graph) => version.Type.Range.IsAll || graph.ConsumerOf(version) switch
    {
        null => parts.All.Any(p => ReferenceEquals(p.Version, version) && version.Type.Range.Contains(p.Law.Support)),
        BijectionStep { Op.Operation: { LogDet: null } operation } moved when operation != FlowEntries.Dequantize => Keeps(moved.New, parts, graph),
        BijectionStep { Op.Operation.Name: "logit" or "normal_quantile" or "~dequantize" or "~inverse_sigmoid" } => true,
        _ => false,
    };
}
