using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>What the nets of these tests are written with, once; a plan and whole tensors are two meanings of the same text.</summary>
internal interface INetOps<T>
{
    T Root { get; }

    T Constant(Tensor value);

    T Map(SiteKernel kernel, params T[] inputs);

    T Conv(T x, Tensor weight, Tensor? bias, long[] stride, long[] dilation, long[] before, long[] sites, bool transposed = false);

    T MaskedConv(T x, Tensor weight, Tensor? bias, long[] before, long[] sites, long classes, bool strict);

    T Linear(T x, Tensor weight, Tensor? bias);

    T MaskedLinear(T x, Tensor weight, Tensor? bias, long order, bool strict);

    T Shift(T x, params long[] offset);

    T Embed(T x, Tensor table);

    T Concat(params T[] inputs);

    T[] Chunk(T x, long parts);

    T Lstm(T x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias);

    T Gru(T x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias);
}
