using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Types;

/// <summary>
/// The samples that a per-sample value has one row for, in their order: blocks of batches and of draws. Two values go together row by
/// row only if they are made of the same blocks, so that rows never line up by accident of their number.
/// </summary>
public sealed class Rows : IEquatable<Rows>
{
    private readonly ImmutableArray<RowBlock> _blocks;

    // Of draws whose rows are open: what they have become, or become where they meet nothing.
    private readonly Rows? _otherwise;
    private readonly bool _isCounted;
    private Rows? _settled;

    /// <summary>One batch.</summary>
    /// <param name="name">The source, or <c>count</c> in a sampler.</param>
    /// <param name="count">How many; null where nothing may depend on it.</param>
    public Rows(string name, Dim? count = null)
        : this([new RowBlock(name, [], count, Dim.One)])
    {
    }

    private Rows(ImmutableArray<RowBlock> blocks) => _blocks = blocks;

    private Rows(Rows otherwise, bool isCounted) => (_otherwise, _isCounted) = (otherwise, isCounted);

    /// <summary>The number of rows where only the running program knows it: in samplers and evaluations.</summary>
    public static Dim AtHand { get; } = Dim.Of(new DimVariable("rows at hand", DimVariableKind.Free));

    /// <summary>The blocks, in order.</summary>
    public ImmutableArray<RowBlock> Blocks => _settled is { } settled ? settled.Blocks : _otherwise is { } otherwise ? otherwise.Blocks : _blocks;

    /// <summary>How many there are; null where nothing may depend on it.</summary>
    public Dim? Count => Blocks.Aggregate((Dim?)Dim.Zero, (sum, block) => sum is null || block.Count is not { } count ? null : sum + count);

    /// <summary>The rows of draws, which have no order of their own: what goes with them row by row gives them its own.</summary>
    /// <param name="otherwise">What they are where they meet no other rows.</param>
    public static Rows Open(Rows otherwise) => new(otherwise, isCounted: false);

    /// <summary>So many rows in an order of their own: they become those that they meet where these are as many.</summary>
    public static Rows Ordered(Dim count) => new(Drawn(count), isCounted: true);

    /// <summary>So many draws.</summary>
    public static Rows Drawn(Dim count) => new([RowBlock.Draw(count)]);

    /// <summary>One behind the other.</summary>
    public static Rows Join(IEnumerable<Rows> parts) => Of(parts.SelectMany(p => p.Settled.Blocks));

    /// <summary>The row number 0, 1, ..., then all again: so many times.</summary>
    public Rows Times(Dim copies)
    {
        ImmutableArray<RowBlock> blocks = Settled.Blocks;
        return blocks is [{ } only] ? new([only with { Times = only.Times * copies }])
            : copies.Value is { } number and <= 64 ? Of(Enumerable.Repeat(blocks, (int)number).SelectMany(b => b))
            : new([new RowBlock("", blocks, blocks.Aggregate((Dim?)Dim.Zero, (sum, b) => sum is null || b.Count is not { } count ? null : sum + count), copies)]);
    }

    /// <summary>The rows that these are so many copies of; null where they are not.</summary>
    public Rows? Part(Dim copies)
    {
        ImmutableArray<RowBlock> blocks = Settled.Blocks;
        if (blocks is [{ } only])
        {
            return only.Times.TryDivide(copies) is not { } times ? null
                : times.Equals(Dim.One) && !only.Inner.IsEmpty ? new(only.Inner)
                : new([only with { Times = times }]);
        }

        return copies.Value is { } number and > 0 && blocks.Length % number == 0 && Of(blocks.Take(blocks.Length / (int)number)) is { } part && part.Times(copies).Equals(this) ? part : null;
    }

    /// <summary>The first so many rows and the others, which may be none; null where no block ends there.</summary>
    public (Rows First, Rows? Others)? Split(Dim count)
    {
        ImmutableArray<RowBlock> blocks = Settled.Blocks;
        List<RowBlock> first = [];
        for (int i = 0; i < blocks.Length; i++)
        {
            RowBlock block = blocks[i];
            if (block is not { Unit: { } unit, Count: { } whole })
            {
                return null;
            }

            if (count.Equals(Dim.Zero))
            {
                return first.Count == 0 ? null : (Of(first), Of(blocks.Skip(i)));
            }

            if ((count - whole).LowerBound >= 0)
            {
                first.Add(block);
                count -= whole;
            }
            else if (count.TryDivide(unit) is { } times && (block.Times - times).LowerBound >= 0)
            {
                first.Add(block with { Times = times });
                return (Of(first), Of(blocks.Skip(i + 1).Prepend(block with { Times = block.Times - times })));
            }
            else
            {
                return null;
            }
        }

        return count.Equals(Dim.Zero) ? (Of(first), null) : null;
    }

    /// <summary>True for values that go together row by row. Open rows become those that they meet.</summary>
    public static bool Agree(Rows? a, Rows? b)
    {
        if (a is null || b is null)
        {
            return a is null && b is null;
        }

        (Rows left, Rows right) = (a.End, b.End);
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        return left.Becomes(right, freely: true) || right.Becomes(left, freely: true)
            || left.Becomes(right, freely: false) || right.Becomes(left, freely: false)
            || (left._otherwise ?? right._otherwise) is null && left.Equals(right);
    }

    /// <summary>True for rows that are the same in the same order, and not only go together: a permuted value is in none that is known.</summary>
    public static bool AreSame(Rows a, Rows b)
    {
        (Rows left, Rows right) = (a.End, b.End);
        return ReferenceEquals(left, right) || ((left._otherwise ?? right._otherwise) is null && left.Equals(right));
    }

    /// <summary>True for the one batch of this name.</summary>
    public bool IsBatch(string name) => Blocks is [{ } only] && only.Name == name && only.Times.Equals(Dim.One);

    /// <inheritdoc/>
    public bool Equals(Rows? other) => other is not null && Blocks.SequenceEqual(other.Blocks);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Rows);

    /// <summary>The same for all: open rows are equal to what they will have become.</summary>
    public override int GetHashCode() => 0;

    /// <summary>As a reader of a message wants them.</summary>
    public override string ToString() => string.Join(" and then ", Blocks.Select(b => b.ToString()));

    private bool Becomes(Rows other, bool freely)
    {
        if (_otherwise is null || _isCounted == freely || (_isCounted && !Equals(Count, other.Count)))
        {
            return false;
        }

        _settled = other;
        return true;
    }

    // Where a chain of open rows leads.
    private Rows End => _settled is { } next ? next.End : this;

    // What has a part or a copy must be known: open rows are now what they are where they meet nothing.
    private Rows Settled
    {
        get
        {
            Rows end = End;
            if (end._otherwise is { } otherwise)
            {
                end._settled = otherwise;
            }

            return end.End;
        }
    }

    // Neighbours of one kind are one block.
    private static Rows Of(IEnumerable<RowBlock> blocks)
    {
        List<RowBlock> all = [];
        foreach (RowBlock block in blocks.Where(b => !b.Times.Equals(Dim.Zero)))
        {
            if (all.Count > 0 && (all[all.Count - 1] with { Times = block.Times }).Equals(block))
            {
                all[all.Count - 1] = block with { Times = all[all.Count - 1].Times + block.Times };
            }
            else
            {
                all.Add(block);
            }
        }

        return new([.. all]);
    }
}

/// <summary>Rows that belong together: a batch, once or several times, draws, or several blocks several times.</summary>
/// <param name="Name">The source; empty for draws and for several blocks.</param>
/// <param name="Inner">The blocks that come several times; none for a batch and for draws.</param>
/// <param name="Unit">The rows of one time; null where nothing may depend on it.</param>
/// <param name="Times">How many times.</param>
public sealed record RowBlock(string Name, ImmutableArray<RowBlock> Inner, Dim? Unit, Dim Times)
{
    /// <summary>How many rows; null where nothing may depend on it.</summary>
    public Dim? Count => Unit is null ? null : Unit * Times;

    /// <summary>So many draws of a law.</summary>
    public static RowBlock Draw(Dim count) => new("", [], Dim.One, count);

    /// <inheritdoc/>
    public bool Equals(RowBlock? other) => other is not null && Name == other.Name && Inner.SequenceEqual(other.Inner) && Equals(Unit, other.Unit) && Times.Equals(other.Times);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString()
    {
        string once = Name.Length > 0 ? $"'{Name}'" : Inner.IsEmpty ? "" : "(" + string.Join(" and then ", Inner.Select(b => b.ToString())) + ")";
        return once.Length == 0 ? $"{Times} draws" : Times.Equals(Dim.One) ? once : $"{Times} copies of {once}";
    }
}
