using System;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Masked linear layers over variables, with a condition that reaches every class.</summary>
internal sealed class Made : SampledNet
{
    public long Variables { get; init; } = 9;

    public long Hidden { get; init; } = 20;

    public bool IsReal { get; init; }

    public override long[] Sites => [];

    public override long Channels => Variables;

    public override bool IsOrdered => true;

    public override SiteDraw Draw => IsReal ? SiteDraws.Normal : SiteDraws.Bernoulli;

    public override Tensor Data() => IsReal ? Reals() : Levels(2);

    public override T[] Text<T>(INetOps<T> ops)
    {
        var condition = ops.Linear(ops.Constant(W("condition", Count, 5)), W("condition weight", Hidden, 5), null);
        var h = ops.Map(SiteKernels.Scale(2, -1), ops.Root);
        h = ops.Map(SiteKernels.Relu, ops.Map(SiteKernels.Add, Layer(ops, h, "first", Variables, Hidden, Variables, false), condition));
        h = ops.Map(SiteKernels.Tanh, Layer(ops, h, "second", Hidden, Hidden, Math.Max(Variables - 1, 1), false));
        if (!IsReal)
        {
            return [Layer(ops, h, "logits", Hidden, Variables, Math.Max(Variables - 1, 1), true)];
        }

        var both = ops.Chunk(Layer(ops, h, "both", Hidden, 2 * Variables, Math.Max(Variables - 1, 1), true), 2);
        return [both[0], ops.Map(SiteKernels.Softplus, both[1])];
    }

    private T Layer<T>(INetOps<T> ops, T x, string name, long from, long to, long classes, bool strict)
    {
        var outputs = strict ? Variables : Math.Max(Variables - 1, 1);
        var weight = Masked(name, [to, from], i =>
        {
            var (own, read) = (Class(i[0], to, outputs), Class(i[1], from, classes));
            return strict ? read < own : read <= own;
        });
        return ops.MaskedLinear(x, weight, W(name + " bias", to), Variables, strict);
    }

    private static long Class(long feature, long features, long classes) => features < classes ? feature * classes / features : feature % classes;
}
