using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Semantics;

/// <summary>Proofs about indices that hold in every round of the loops around them.</summary>
internal static class IndexProof
{
    /// <summary>A size at the round where it is least, for loops whose index enters linearly.</summary>
    public static Dim Least(Dim size, ImmutableArray<LoopIndex> loops)
    {
        // The bounds of an inner loop may read the index of an outer one.
        foreach (LoopIndex loop in loops.Reverse())
        {
            if (Slope(size, loop) is { } slope && slope != 0)
            {
                size = At(size, loop, slope > 0 ? loop.From : loop.To - 1);
            }
        }

        return size;
    }

    /// <summary>True where a size is proved not to be negative.</summary>
    public static bool IsNotNegative(Dim size, ImmutableArray<LoopIndex> loops) => Least(size, loops).LowerBound >= 0;

    /// <summary>True where an index is proved to lie in a range.</summary>
    public static bool IsIn(Dim index, IndexRange range, ImmutableArray<LoopIndex> loops) =>
        IsNotNegative(index - range.From, loops) && IsNotNegative(range.To - 1 - index, loops);

    /// <summary>True where two ranges are proved to have no index in common.</summary>
    public static bool AreApart(IndexRange a, IndexRange b, ImmutableArray<LoopIndex> loops) => IsNotNegative(a.From - b.To, loops) || IsNotNegative(b.From - a.To, loops);

    /// <summary>How much a size grows from one round to the next; null where that is not always the same number.</summary>
    public static long? Slope(Dim size, LoopIndex loop)
    {
        Dim index = Dim.Of(loop.Variable);
        Dim step = At(size, loop, index + 1) - size;
        return step.Value is { } slope && (size - (slope * index)).Variables.All(v => !v.Equals(loop.Variable)) ? slope : null;
    }

    /// <summary>A size with a value for the index of a loop.</summary>
    public static Dim At(Dim size, LoopIndex loop, Dim index) => size.Substitute(v => v.Equals(loop.Variable) ? index : null);
}
