using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Comparisons: 1 where they hold, 0 elsewhere, without a gradient, in the element type of what is compared.</summary>
public static class Comparisons
{
    /// <summary>1 where a &lt; b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same, or one that broadcasts against it.</param>
    public static Tensor Less(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Numbers(a.lt(b), a);
    }

    /// <summary>1 where a &lt;= b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same, or one that broadcasts against it.</param>
    public static Tensor LessOrEqual(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Numbers(a.le(b), a);
    }

    /// <summary>1 where a &lt; s.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="s">A number.</param>
    public static Tensor Less(Tensor a, Scalar s)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Numbers(a.lt(s), a);
    }

    /// <summary>1 where a &lt;= s.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="s">A number.</param>
    public static Tensor LessOrEqual(Tensor a, Scalar s)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Numbers(a.le(s), a);
    }

    /// <summary>1 where a &gt; s.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="s">A number.</param>
    public static Tensor Greater(Tensor a, Scalar s)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Numbers(a.gt(s), a);
    }

    /// <summary>1 where a &gt;= s.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="s">A number.</param>
    public static Tensor GreaterOrEqual(Tensor a, Scalar s)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Numbers(a.ge(s), a);
    }

    private static Tensor Numbers(Tensor truth, Tensor like)
    {
        using (truth)
        {
            return truth.to(like.dtype);
        }
    }
}
