using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

public class DequantizationTests
{
    [Theory]
    [InlineData(2, ScalarType.Byte)]
    [InlineData(17, ScalarType.Float32)]
    [InlineData(47, ScalarType.Int64)]
    [InlineData(255, ScalarType.Float32)]
    [InlineData(256, ScalarType.Float64)]
    [InlineData(1000, ScalarType.Int64)]
    [InlineData(65536, ScalarType.Float32)]
    public void EveryLevelComesBack(long count, ScalarType type)
    {
        using var all = arange(count, ScalarType.Int64);
        using var typed = all.to(type);
        var repeats = 4_000_000 / count;
        using var levels = typed.repeat(repeats);
        var real = type == ScalarType.Float64 ? type : ScalarType.Float32;
        using var noise = rand(levels.shape, real);
        using var y = Dequantization.Dequantize(levels, noise, count);
        using var opposite = 1 - noise;
        using var other = Dequantization.Dequantize(levels, opposite, count);
        Assert.Equal(real, y.dtype);
        Assert.True(y.ge(0).all().ToBoolean());
        Assert.True(y.lt(1).all().ToBoolean());
        Assert.False(y.eq(other).all().ToBoolean());
        using var back = Dequantization.Quantize(y, count);
        using var wanted = levels.to(real);
        Runtime.TensorAssert.Same(wanted, back);

        // Uniform inside of a level.
        using var inside = y * count - wanted;
        Assert.Equal(0.5, inside.mean().ToDouble(), 0.01);
        Assert.Equal(1 / 12.0, inside.square().mean().ToDouble() - 0.25, 0.01);
    }

    [Fact]
    public void LevelsAreKeptInTheirRange()
    {
        using var y = tensor(new[] { -0.1f, 0, 0.999f, 1, 7 });
        using var levels = Dequantization.Quantize(y, 4);
        Assert.Equal([0f, 0, 3, 3, 3], levels.data<float>().ToArray());
        Assert.Throws<GenDslException>(() => Dequantization.Quantize(y, 1));
    }
}
