using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>How often the largest logit is that of the target.</summary>
public sealed class CorrectTests
{
    [Fact]
    public void OneClassPerSample()
    {
        using Tensor logits = tensor(new double[] { 1, 3, 2, 5, 4, 0, -1, -2, -3 }).reshape(3, 3);
        using Tensor target = tensor(new long[] { 1, 2, 0 });
        using Tensor correct = GenDsl.Runtime.Distributions.Correct(logits, target, 3);
        Assert.Equal([3], correct.shape);
        Assert.Equal([1, 0, 1], CompiledNet.Numbers(correct));
    }

    [Fact]
    public void ChannelsOfALine_HaveTheirLogitsFeatureByFeature()
    {
        // Logit j of channel ch is feature 2 j + ch: two classes of two channels at two sites.
        using Tensor logits = tensor(new double[] { 0, 1, 0, 1, 1, 0, 1, 0 }).reshape(1, 4, 2);
        using Tensor target = tensor(new long[] { 1, 1, 1, 0 }).reshape(1, 2, 2);
        using Tensor correct = GenDsl.Runtime.Distributions.Correct(logits, target, 2);
        Assert.Equal([1, 2, 2], correct.shape);
        Assert.Equal([1, 0, 1, 1], CompiledNet.Numbers(correct));
    }

    [Fact]
    public void AccuracyIsItsMean_AndHasNoGradient()
    {
        var net = new CompiledNet("space K = class[3]\nnet N(x: [3], k: K) { correct(x, k) }");
        Assert.Equal("[] in [0, 1]", net.Op.Outputs[0].Type.ToString());
        Assert.True(net.Op.Operation.CutsGradient);
    }
}
