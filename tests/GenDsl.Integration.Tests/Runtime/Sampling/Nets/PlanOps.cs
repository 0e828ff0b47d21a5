using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

internal sealed class PlanOps(SamplerPlan plan) : INetOps<SiteValue>
{
    public SiteValue Root => plan.Root;

    public SiteValue Constant(Tensor value) => plan.Constant(value);

    public SiteValue Map(SiteKernel kernel, params SiteValue[] inputs) => plan.Map(kernel, inputs);

    public SiteValue Conv(SiteValue x, Tensor weight, Tensor? bias, long[] stride, long[] dilation, long[] before, long[] sites, bool transposed) =>
        plan.Convolve(x, weight, bias, stride, dilation, before, sites, transposed);

    public SiteValue MaskedConv(SiteValue x, Tensor weight, Tensor? bias, long[] before, long[] sites, long classes, bool strict) =>
        plan.MaskedConvolve(x, weight, bias, before, sites, classes, strict);

    public SiteValue Linear(SiteValue x, Tensor weight, Tensor? bias) => plan.Linear(x, weight, bias);

    public SiteValue MaskedLinear(SiteValue x, Tensor weight, Tensor? bias, long order, bool strict) => plan.MaskedLinear(x, weight, bias, order, strict);

    public SiteValue Shift(SiteValue x, params long[] offset) => plan.Shift(x, offset);

    public SiteValue Embed(SiteValue x, Tensor table) => plan.Embed(x, table);

    public SiteValue Concat(params SiteValue[] inputs) => plan.Concat(inputs);

    public SiteValue[] Chunk(SiteValue x, long parts) => plan.Chunk(x, parts);

    public SiteValue Lstm(SiteValue x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias) => plan.Lstm(x, inputWeight, hiddenWeight, bias, hiddenBias);

    public SiteValue Gru(SiteValue x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias) => plan.Gru(x, inputWeight, hiddenWeight, bias, hiddenBias);
}
