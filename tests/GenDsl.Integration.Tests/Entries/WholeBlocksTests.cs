using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Convolutions in f32 and their gradients equal those in f64, whatever lies in memory: libtorch's own do not.</summary>
public class WholeBlocksTests
{
    public static TheoryData<int, int, int, int, int> Cases { get; } = Sizes();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Convolutions_AreRight(int kernel, int stride, int size, int from, int to)
    {
        using var scope = NewDisposeScope();
        Draws draws = Draws.Root(1, CPU, ScalarType.Float64);
        Tensor image = draws.At("x").Normal(5, from, size, size), weight = draws.At("w").Normal(to, from, kernel, kernel), bias = draws.At("b").Normal(to);
        Same("conv2d", image, weight, bias, (x, w, b) => Layers.Conv2d(x, w, b, [stride, stride], [kernel / 2, kernel / 2], [1, 1]));
        Same("conv1d", image.view(5, from, -1), weight.view(to, from, -1), bias, (x, w, b) => Layers.Conv1d(x, w, b, stride, 1, 1));
        Tensor back = draws.At("v").Normal(from, to, kernel, kernel);
        Same("conv_transpose2d", image, back, bias, (x, w, b) => Layers.ConvTranspose2d(x, w, b, [stride, stride], [0, 0], [1, 1]));
        Same("conv_transpose1d", image.view(5, from, -1), back.view(from, to, -1), bias, (x, w, b) => Layers.ConvTranspose1d(x, w, b, stride, 0, 1));
    }

    // What a gradient penalty differentiates again: its rows take the place of channels there.
    [Theory]
    [InlineData(5, 1, 8)]
    [InlineData(20, 3, 24)]
    [InlineData(24, 24, 12)]
    [InlineData(40, 16, 16)]
    [InlineData(100, 2, 33)]
    public void GradientsOfGradients_AreRight(int rows, int from, int to)
    {
        using var scope = NewDisposeScope();
        Draws draws = Draws.Root(3, CPU, ScalarType.Float64);
        Tensor image = draws.At("x").Normal(rows, from, 8, 8), weight = draws.At("w").Normal(to, from, 4, 4), back = draws.At("v").Normal(from, to, 4, 4), bias = draws.At("b").Normal(to);
        foreach (long stride in new[] { 1L, 2L })
        {
            Twice("conv2d", image, weight, bias, (x, w, b) => Layers.Conv2d(x, w, b, [stride, stride], [1, 1], [1, 1]));
            Twice("conv_transpose2d", image, back, bias, (x, w, b) => Layers.ConvTranspose2d(x, w, b, [stride, stride], [0, 0], [1, 1]));
        }
    }

    private static void Twice(string name, Tensor image, Tensor weight, Tensor bias, System.Func<Tensor, Tensor, Tensor, Tensor> convolve)
    {
        Tensor[] Of(ScalarType type)
        {
            Tensor[] leaves = [.. new[] { image, weight, bias }.Select(t => t.detach().to(type).clone().requires_grad_())];
            Litter();
            Tensor first = GenDsl.Runtime.Gradients.At(convolve(leaves[0], leaves[1], leaves[2]).tanh().sum(), leaves[0], differentiable: true);
            Tensor penalty = (first.pow(2).sum([1, 2, 3]).sqrt() - 1).pow(2).mean();
            Litter();
            return [.. GenDsl.Runtime.Gradients.Of(penalty, [leaves[0], leaves[1]]).Select(g => g!)];
        }

        Compare(name + ", twice", Of(ScalarType.Float64), Of(ScalarType.Float32), ["at x", "at the weight"]);
    }

    private static TheoryData<int, int, int, int, int> Sizes()
    {
        var cases = new TheoryData<int, int, int, int, int>();
        foreach ((int kernel, int stride, int size) in new[] { (3, 1, 6), (4, 2, 12), (5, 1, 9), (1, 1, 7), (2, 2, 4) })
        {
            foreach ((int from, int to) in new[] { (1, 1), (1, 4), (3, 8), (8, 3), (2, 24), (24, 12), (32, 1), (16, 16), (1, 64), (24, 24), (20, 40), (17, 33), (40, 1), (48, 48), (96, 2), (2, 96), (80, 80), (64, 128) })
            {
                cases.Add(kernel, stride, size, from, to);
            }
        }

        return cases;
    }

    private static void Same(string name, Tensor image, Tensor weight, Tensor bias, System.Func<Tensor, Tensor, Tensor, Tensor> convolve)
    {
        Tensor[] expected = Gradients(image, weight, bias, convolve, ScalarType.Float64);
        Tensor[] found = Gradients(image, weight, bias, convolve, ScalarType.Float32);
        Compare(name, expected, found, ["result", "gradient of x", "of the weight", "of the bias"]);
    }

    private static void Compare(string name, Tensor[] expected, Tensor[] found, string[] parts)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double error = ((found[i].to(ScalarType.Float64) - expected[i]).abs().max() / expected[i].abs().max()).ToDouble();
            Assert.True(error < 1e-4, $"{name}, {parts[i]}: {error}");
        }
    }

    private static Tensor[] Gradients(Tensor image, Tensor weight, Tensor bias, System.Func<Tensor, Tensor, Tensor, Tensor> convolve, ScalarType type)
    {
        Tensor[] leaves = [.. new[] { image, weight, bias }.Select(t => t.detach().to(type).clone().requires_grad_())];
        Litter();
        Tensor result = convolve(leaves[0], leaves[1], leaves[2]);
        Tensor at = Draws.Root(2, CPU, ScalarType.Float64).Normal(result.shape).to(type);
        Litter();
        return [result, .. autograd.grad([result], leaves, [at])];
    }

    // Freed memory that shows where it is read.
    private static void Litter()
    {
        List<Tensor> all = [];
        for (int size = 16; size < 100_000; size *= 4)
        {
            for (int i = 0; i < 6; i++)
            {
                all.Add(full([size], double.NaN));
            }
        }

        all.ForEach(t => t.Dispose());
    }
}
