using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Who is near whom among unit vectors. Cross-domain similarity local scaling (CSLS): 2 cos(x, y) - r(x) - r(y), where r is the mean cosine with the k
/// nearest of the other side, so that what is near to everybody is nobody's neighbour (Conneau et al. 2018, arXiv:1710.04087).</summary>
internal static class Neighbours
{
    // Rows that are compared at once: 1,024 x 60,000 cosines take 240 MiB.
    private const long Rows = 1024;

    /// <summary>Of each row of x the mean cosine with its k nearest rows of y, all of them where there are fewer; both of unit length.</summary>
    public static Tensor MeanCosine(Tensor x, Tensor y, long k) => InParts(x, part =>
    {
        var (near, which) = part.mm(y.t()).topk((int)Math.Min(k, y.size(0)), 1, sorted: false);
        which.Dispose();
        return near.mean([1L]);
    });

    /// <summary>The row numbers of x and y that are each other's nearest by CSLS of k neighbours; both of unit length.</summary>
    public static (Tensor X, Tensor Y) Mutual(Tensor x, Tensor y, long k)
    {
        // Halved, the order is the same: what a side subtracts of its own changes nothing on that side.
        Tensor rx = MeanCosine(x, y, k) / 2, ry = MeanCosine(y, x, k) / 2;
        Tensor best = InParts(x, part => (part.mm(y.t()) - ry).argmax(1));
        Tensor back = InParts(y, part => (part.mm(x.t()) - rx).argmax(1));
        Tensor own = arange(x.size(0), ScalarType.Int64);
        Tensor mutual = back.index_select(0, best).eq(own);
        return (own.masked_select(mutual), best.masked_select(mutual));
    }

    /// <summary>What is said of all rows, some at a time.</summary>
    public static Tensor InParts(Tensor x, Func<Tensor, Tensor> said)
    {
        var parts = new System.Collections.Generic.List<Tensor>();
        for (long start = 0; start < x.size(0); start += Rows)
        {
            using var scope = NewDisposeScope();
            parts.Add(said(x.narrow(0, start, Math.Min(Rows, x.size(0) - start))).MoveToOuterDisposeScope());
        }

        return cat([.. parts]);
    }
}
