using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>A part of what bijections make of data, with its law.</summary>
/// <param name="Version">The part.</param>
/// <param name="Law">Its distribution.</param>
/// <param name="Reads">The versions of data that the law looks at.</param>
/// <param name="Draw">The line.</param>
internal sealed record DistributedPart(IrValue Version, DistributionValue Law, ImmutableArray<IrValue> Reads, DrawSyntax Draw)
{
    /// <summary>Values that are drawn before.</summary>
    public HashSet<IrValue> Latents { get; init; } = [];
}

/// <summary>
/// The <c>~</c> lines about what bijections make of data: every part has one law, laws do not need each other in a circle, and
/// the log-determinant of the whole way counts once.
/// </summary>
internal sealed class PartReading(BodyElaborator body, Rows rows)
{
    private readonly List<DistributedPart> _parts = [];
    private readonly HashSet<IrValue> _whole = [];

    /// <summary>True where there is such a line.</summary>
    public bool IsUsed => _parts.Count > 0;

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<DistributedPart> All => _parts;

    /// <summary>The steps from the data to the parts.</summary>
    public Chart Chart => body.Chart!;

    /// <summary>Notes a line.</summary>
    /// <param name="isPart">False for data that are distributed as they are.</param>
    /// <param name="latents">Values that are drawn before, whatever their proposals look at.</param>
    public void Add(DrawSyntax draw, IrValue version, DistributionValue law, bool isPart, IReadOnlyCollection<IrValue> latents)
    {
        if (!isPart)
        {
            _whole.Add(version);
            return;
        }

        _parts.Add(new(version, law, [], draw) { Latents = [.. latents] });
    }

    /// <summary>What needs what when the parts are drawn.</summary>
    public NeedGraph Needs(IEnumerable<ChartStep> steps) => new(Chart, steps, _parts.Select(p => (p.Version, (IEnumerable<IrValue>)p.Reads)));

    /// <summary>The steps on the way to the parts.</summary>
    public ImmutableArray<ChartStep> Steps => Chart.StepsTo(_parts.Select(p => p.Version));

    /// <summary>Whether all is well, else reported; and the log-determinant, null for 0.</summary>
    public (bool IsFine, Value? LogDet) Finish()
    {
        ImmutableArray<ChartStep> steps = Steps;
        Chart.Keep(steps);
        for (int i = 0; i < _parts.Count; i++)
        {
            // Only now it is known which bijections are steps to parts, and which are computed for a law to read.
            HashSet<IrValue> known = _parts[i].Latents;
            _parts[i] = _parts[i] with { Reads = [.. ValueSources.Of(_parts[i].Law.Tensors, v => Chart.Has(v) || known.Contains(v)).Where(v => !known.Contains(v))] };
        }

        return IsCovered(steps) && HasOrder(steps) ? (true, LogDets.Sum(body, Chart, steps, rows)) : (false, null);
    }

    private bool IsCovered(ImmutableArray<ChartStep> steps)
    {
        bool ok = true;
        var users = steps.SelectMany(s => s.From).GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count());
        var drawn = new HashSet<IrValue>();
        foreach (DistributedPart part in _parts)
        {
            if (!drawn.Add(part.Version) || users.ContainsKey(part.Version))
            {
                ok = false;
                body.Report(part.Draw.Name.Span, b => b.PartDistributedTwice(part.Draw.Name.Text));
            }
        }

        foreach (IrValue version in users.Where(u => u.Value > 1 || _whole.Contains(u.Key)).Select(u => u.Key))
        {
            ok = false;
            DistributedPart one = _parts.Last();
            body.Report(one.Draw.Name.Span, b => b.PartDistributedTwice(version.Name));
        }

        foreach (IrValue version in steps.SelectMany(s => s.To).Where(v => !users.ContainsKey(v) && !drawn.Contains(v)))
        {
            ok = false;
            body.Report(version.Span, b => b.PartNotDistributed(version.Name, Chart.SourceOf(version).Name));
        }

        return ok;
    }

    private bool HasOrder(ImmutableArray<ChartStep> steps)
    {
        if (Needs(steps).Offence() is not { } offence)
        {
            return true;
        }

        HashSet<IrValue> circle = [.. offence.Select(n => n.Version)];
        DistributedPart part = _parts.Find(p => circle.Contains(p.Version)) ?? _parts.Find(p => p.Reads.Any(circle.Contains)) ?? _parts[0];
        body.Report(part.Draw.Distribution.Span, b => b.LawsNeedEachOther(part.Draw.Name.Text));
        return false;
    }
}
