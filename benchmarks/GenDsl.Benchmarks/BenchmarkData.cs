using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks;

/// <summary>Procedural data of MNIST's shape: 60,000 grey images of one soft spot each, and bits drawn from them.</summary>
internal static class BenchmarkData
{
    public const long Rows = 60_000;

    private const int Side = 28;

    /// <summary>Levels of 0 to 255, u8 of shape <c>[60000, 1, 28, 28]</c>.</summary>
    public static Tensor Images()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var images = empty(Rows, 1, Side, Side, dtype: ScalarType.Byte);
        var axis = arange(Side, dtype: ScalarType.Float32);
        const int part = 1_000;
        for (var first = 0L; first < Rows; first += part)
        {
            using var step = NewDisposeScope();
            var centre = rand([2, part, 1, 1, 1], generator: generator) * 16 + 6;
            var down = (axis.view(1, 1, Side, 1) - centre[0]).square();
            var across = (axis.view(1, 1, 1, Side) - centre[1]).square();
            images.narrow(0, first, part).copy_((-(down + across) / 30).exp() * 255);
        }

        return images.MoveToOuterDisposeScope();
    }

    /// <summary>Bits with p = level / 255, u8 of shape <c>[60000, 1, 28, 28]</c>.</summary>
    public static Tensor Bits()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var bits = Images();
        const int part = 1_000;
        for (var first = 0L; first < Rows; first += part)
        {
            using var step = NewDisposeScope();
            var rows = bits.narrow(0, first, part);
            rows.copy_((rows.to(ScalarType.Float32) / 255).bernoulli(generator));
        }

        return bits.MoveToOuterDisposeScope();
    }
}
