using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements.Flows;

/// <summary>
/// The versions of data that a block makes by steps that can be undone. Each version but a source is made by one step; what
/// is read of a version beside that is an ordinary value.
/// </summary>
internal sealed class Chart(IrBlock block)
{
    private readonly Dictionary<IrValue, ChartStep> _makers = [];
    private readonly HashSet<IrValue> _sources = [];

    /// <summary>Where its operations stand.</summary>
    public IrBlock Block { get; } = block;

    /// <summary>In the order of the text.</summary>
    public List<ChartStep> Steps { get; } = [];

    /// <summary>What it starts from.</summary>
    public IReadOnlyCollection<IrValue> Sources => _sources;

    /// <summary>Makes a value a version of data of its own.</summary>
    public void Begin(IrValue source) => _sources.Add(source);

    /// <summary>True for a version.</summary>
    public bool Has(IrValue value) => _sources.Contains(value) || _makers.ContainsKey(value);

    /// <summary>The step that makes a version; null for a source.</summary>
    public ChartStep? MakerOf(IrValue version) => _makers.TryGetValue(version, out ChartStep? step) ? step : null;

    /// <summary>Adds a step.</summary>
    public void Add(ChartStep step)
    {
        Steps.Add(step);
        foreach (IrValue version in step.To)
        {
            _makers[version] = step;
        }
    }

    /// <summary>Forgets all other steps: what a bijection makes of a version for a net to read is a value like others.</summary>
    public void Keep(IReadOnlyCollection<ChartStep> steps)
    {
        HashSet<ChartStep> kept = new(steps, ReferenceComparer.Instance);
        foreach (ChartStep step in Steps.Where(s => !kept.Contains(s)))
        {
            foreach (IrValue version in step.To)
            {
                _makers.Remove(version);
            }
        }

        Steps.RemoveAll(s => !kept.Contains(s));
    }

    /// <summary>Another text of a loop, which says more of the same rounds.</summary>
    public void Replace(LoopStep old, LoopStep now)
    {
        Steps[Steps.IndexOf(old)] = now;
        foreach (IrValue version in now.To)
        {
            _makers[version] = now;
        }
    }

    /// <summary>The steps on the way to versions, in the order of the text.</summary>
    public ImmutableArray<ChartStep> StepsTo(IEnumerable<IrValue> versions)
    {
        HashSet<ChartStep> found = new(ReferenceComparer.Instance);
        var open = new Stack<IrValue>(versions);
        while (open.Count > 0)
        {
            if (MakerOf(open.Pop()) is { } step && found.Add(step))
            {
                foreach (IrValue from in step.From)
                {
                    open.Push(from);
                }
            }
        }

        return [.. Steps.Where(found.Contains)];
    }

    /// <summary>The source that a version is of.</summary>
    public IrValue SourceOf(IrValue version)
    {
        while (MakerOf(version) is { } step)
        {
            version = step.From[0];
        }

        return version;
    }

    private sealed class ReferenceComparer : IEqualityComparer<ChartStep>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(ChartStep? x, ChartStep? y) => ReferenceEquals(x, y);

        public int GetHashCode(ChartStep step) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(step);
    }
}
