using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Indices From .. To - 1.</summary>
internal sealed record IndexRange(Dim From, Dim To);

/// <summary>A family of tensors while a body is elaborated: its newest version, and the indices that are written for sure.</summary>
internal sealed class Family(string name, IrValue root, ImmutableArray<LoopIndex> loops, TextSpan span)
{
    private readonly List<IrValue> _versions = [root];

    public string Name { get; private set; } = name;

    public TextSpan Span { get; } = span;

    /// <summary>The loops around the place where it begins.</summary>
    public ImmutableArray<LoopIndex> Loops { get; } = loops;

    /// <summary>The newest version.</summary>
    public IrValue Current { get; private set; } = root;

    /// <summary>The type of its tensors.</summary>
    public TensorType Member => Current.Type with { Members = null };

    /// <summary>Indices written so far, wherever a round of a loop stands; adjacent ranges are one.</summary>
    public ImmutableArray<IndexRange> Written { get; private set; } = [];

    /// <summary>True once it has been used as a whole: then it is complete.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The writes of a trial, with the number of loops around each.</summary>
    public List<(Dim Index, int Depth, TextSpan Span)> Log { get; } = [];

    /// <summary>A family that is there as a whole: a parameter, a result, a slice.</summary>
    public static Family Whole(string name, IrValue value) =>
        new(name, value, [], value.Span) { IsClosed = true, Written = [new IndexRange(Dim.Zero, value.Type.Members!)] };

    /// <summary>Gives a family that a call returned the name it is bound to.</summary>
    public void Rename(string name)
    {
        if (Current.Root is { IsNamed: false, Producer: not null } root)
        {
            (root.Name, root.IsNamed, Name) = (name, true, name);
        }
    }

    /// <summary>The next version.</summary>
    public IrValue Next(TextSpan span)
    {
        var next = new IrValue(Name, Current.Type, span) { IsNamed = true, Versioned = Current.Root };
        _versions.Add(next);
        Current = next;
        return next;
    }

    /// <summary>Goes on with another version: that of a round, of what a loop leaves.</summary>
    public void GoOn(IrValue version, ImmutableArray<IndexRange> written) => (Current, Written) = (version, written);

    public void Add(IndexRange range) => Written = Merged(Written.Add(range));

    /// <summary><c>us[0]</c>, <c>us[0..n]</c>.</summary>
    public string Text(IndexRange range) => range.To.Equals(range.From + 1) ? $"{Name}[{range.From}]" : $"{Name}[{range.From}..{range.To}]";

    /// <summary>What brings back the state that a trial changes.</summary>
    public System.Action Keep()
    {
        (IrValue current, ImmutableArray<IndexRange> written, bool isClosed, int logged, int versions) = (Current, Written, IsClosed, Log.Count, _versions.Count);
        TensorType type = Current.Type;
        return () =>
        {
            _versions.ForEach(v => v.Type = type);
            (Current, Written, IsClosed) = (current, written, isClosed);
            Log.RemoveRange(logged, Log.Count - logged);
            _versions.RemoveRange(versions, _versions.Count - versions);
        };
    }

    /// <summary>The number of its tensors, if what is written is 0 .. n - 1; from here on nothing may be written. Null otherwise.</summary>
    public Dim? Close()
    {
        if (Written is not [{ } all] || !all.From.Equals(Dim.Zero))
        {
            return null;
        }

        IsClosed = true;
        foreach (IrValue version in _versions)
        {
            version.Type = version.Type with { Members = all.To };
        }

        return all.To;
    }

    public static ImmutableArray<IndexRange> Merged(IEnumerable<IndexRange> ranges)
    {
        List<IndexRange> all = [.. ranges];
        for (int i = 0; i < all.Count; i++)
        {
            int next = all.FindIndex(r => !ReferenceEquals(r, all[i]) && r.From.Equals(all[i].To));
            if (next >= 0)
            {
                all[i] = new IndexRange(all[i].From, all[next].To);
                all.RemoveAt(next);
                i = -1;
            }
        }

        return [.. all];
    }
}
