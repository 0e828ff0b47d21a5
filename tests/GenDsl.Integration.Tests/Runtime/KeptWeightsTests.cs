using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class KeptWeightsTests
{
    [Fact]
    public void AWeight_IsComputedOnce_AnewWhenForgotten_AndNothingIsLeft()
    {
        using var first = ones(2);
        using var second = ones(2);
        using (var warm = ones(2))
        {
            warm.mul(second).Dispose();
        }

        var live = LiveTensors.Count();
        var computed = 0;
        using (var weights = new KeptWeights())
        {
            Tensor Of(Tensor key) => weights.Of(key, () =>
            {
                computed++;
                return key.mul(second);
            });
            var weight = Of(first);
            Assert.Same(weight, Of(first));
            Assert.NotSame(weight, Of(second));
            Assert.Equal(2, computed);
            weights.Forget();
            Assert.NotSame(weight, Of(first));
            Assert.Equal(3, computed);
        }

        Assert.Equal(live, Tensor.TotalCount);
    }
}
