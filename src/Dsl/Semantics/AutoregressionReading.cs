using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// Reads the <c>~</c> lines whose law depends on what it distributes: right where only the past is looked at, in the order
/// of the left side's own axes.
/// </summary>
internal sealed class AutoregressionReading(BodyElaborator body)
{
    private readonly List<Autoregression> _found = [];
    private readonly List<JudgedLaw> _judged = [];

    /// <summary>The lines that passed, in order.</summary>
    public ImmutableArray<Autoregression> Found => [.. _found];

    /// <summary>All lines that were judged, in order, whatever came of it.</summary>
    public ImmutableArray<JudgedLaw> Judged => [.. _judged];

    /// <summary>False, reported, where a law sees what is not drawn before.</summary>
    /// <param name="draw">The line.</param>
    /// <param name="chart">What stands left of <c>~</c>.</param>
    /// <param name="distribution">Its law.</param>
    /// <param name="roots">Latents: values that are drawn, whatever their proposals looked at.</param>
    public bool Check(DrawSyntax draw, RootChart chart, DistributionValue distribution, IEnumerable<IrValue> roots)
    {
        IrValue root = chart.Root;
        _judged.Add(new([.. body.Block.Statements], chart.Data, root, [.. distribution.Tensors], distribution.Distribution, draw.Span));
        DrawOrder order = DrawOrder.Of(root.Type.Shape, distribution.Distribution.EventIsChannels);
        Dictionary<IrValue, Horizon> known = chart.Known(order, SizeFrame.Symbolic);
        foreach (IrValue latent in roots.Where(r => !known.ContainsKey(r)))
        {
            known[latent] = Horizon.None(order);
        }

        IReadOnlyDictionary<IrValue, Horizon> values = HorizonAnalysis.Of(order, body.Block, known, SizeFrame.Symbolic);
        Horizon law = Horizon.None(order);
        foreach (IrValue argument in distribution.Tensors)
        {
            Horizon horizon = values.TryGetValue(argument, out Horizon? found) ? found : Horizon.None(order);
            Horizon placed = Law.Of(horizon, argument.Type.Shape, order, root.Type.Shape);
            if (placed.Candidates.FirstOrDefault(c => !c.Lead.IsPast) is { } leak)
            {
                var report = new LeakReport(draw.Name.Text, chart, order, m => body.File.Find(m.DeclaredName)?.Source, body.Source);
                (Text.TextSpan? place, System.Func<Diagnostics.DiagnosticBuilder, Diagnostics.GenDiagnostic> diagnostic) = report.Of(leak.Lead, leak.Last, draw.Span);
                body.Report(place ?? draw.Distribution.Span, diagnostic);
                return false;
            }

            law = Horizon.Join(law, placed.On(Enumerable.Range(0, order.Axes).Select(i => (Carrier?)Carrier.Single(0))), root.Type.Shape);
        }

        if (!law.IsNone)
        {
            _found.Add(new Autoregression(
                chart.Data, root, chart.Ops, distribution.Distribution, [.. distribution.Arguments.Select(a => a.AsOperand())], order, law, Law.GrainOf(law), draw.Span)
            {
                Latents = [.. roots],
            });
        }

        return true;
    }
}
