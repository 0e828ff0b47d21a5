using System;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Comparisons as numbers, and the greatest and smallest of numbers.</summary>
public sealed class ComparisonTests
{
    private static readonly double[] s_x = [-1, 0, 0.5, 0.49, 1.5, 2, double.NaN];

    [Fact]
    public void AComparison_Counts_WithNumbersThatAreFixedOrCount_AndHasNoSlope()
    {
        var net = new CompiledNet("net N(k: float)(x: [d]) { y = x < k\n for i in 0..3 { y = y + (x < i) }\n y * x }", ("k", 0.5));
        using Tensor x = tensor(s_x).reshape(1, 7).requires_grad_();
        using Tensor y = net.Run(x);
        double[] wanted = [4, 3, 2, 3, 1, 0];
        Runtime.TensorAssert.Close((tensor(wanted).reshape(1, 6) * x.narrow(1, 0, 6)).detach(), y.narrow(1, 0, 6).detach(), 0);
        using Tensor sum = y.sum();
        Runtime.TensorAssert.Close(tensor(wanted).reshape(1, 6), Gradients.Of(sum, [x])[0]!.narrow(1, 0, 6), 0);
    }

    [Fact]
    public void EachComparison_IsThatOfNumbers_FromBothSides()
    {
        var net = new CompiledNet("net N(x: [d], y: [d]) { (x < y, x <= y, x > y, x >= y, x < 0.5, x <= 0.5, x > 0.5, x >= 0.5, 0.5 < x, 0.5 <= x, 0.5 > x, 0.5 >= x) }");
        double[] other = [0, 0, 0.5, 0.5, 1, 3, 0];
        using Tensor x = tensor(s_x).reshape(1, 7);
        using Tensor y = tensor(other).reshape(1, 7);
        Func<double, double, bool>[] holds = [(a, b) => a < b, (a, b) => a <= b, (a, b) => a > b, (a, b) => a >= b];
        Tensor[] found = net.RunAll(x, y);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(s_x.Zip(other, (a, b) => i < 4 ? holds[i](a, b) : i < 8 ? holds[i - 4](a, 0.5) : holds[i - 8](0.5, a)).Select(h => h ? 1.0 : 0.0), CompiledNet.Numbers(found[i]));
        }

        Assert.All(net.Ir.Forward!.Results, r => Assert.Equal(Interval.Unit, r.Type.Range));
    }

    [Fact]
    public void MaxAndMin_AreOfTwoValues_OrOfAllNumbersOfOne()
    {
        var net = new CompiledNet("""
            space X = f32[2, 3] in [-2, 1]
            net N(k: float)(x: X, y: X) {
                low = max(0.5, min(k, 2))
                (max(x, y), min(x, y), max(x, 0.5), min(-0.5, x), max(x, per: sample), min(x, over: 0), max(x, over: (0, 1)), max(x, low))
            }
            """, ("k", 0.75));
        using Tensor x = CompiledNet.Normal(4, 2, 3).clamp_(-2, 1);
        using Tensor y = CompiledNet.Normal(4, 2, 3).neg_().clamp_(-2, 1);
        Tensor[] wanted = [x.maximum(y), x.minimum(y), x.clamp_min(0.5), x.clamp_max(-0.5), x.amax([1L, 2]), x.amin([1L]), x.amax([1L, 2]), x.clamp_min(0.75)];
        Tensor[] found = net.RunAll(x, y);
        Assert.All(wanted.Zip(found), p => Runtime.TensorAssert.Close(p.First, p.Second, 0));
        Interval all = new(-2, 1);
        Assert.Equal([all, all, new(0.5, 1), new(-2, -0.5), all, all, all], net.Ir.Forward!.Results.Take(7).Select(r => r.Type.Range));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (-net.Ir.Forward!.Results[7].Type.Range.High, net.Ir.Forward!.Results[7].Type.Range.High));
    }

    [Theory]
    [InlineData("max(x, 0.3)")]
    [InlineData("min(x, tanh(y))")]
    [InlineData("max(x * y, over: 0)")]
    [InlineData("min(x * x, per: sample) * x")]
    public void GradientsAndTheirGradients_AreTheDifferencesOfValues(string result)
    {
        if (result.StartsWith("min(x * x", StringComparison.Ordinal))
        {
            result = "sum(x * x, per: sample) * min(x, per: sample)";
        }

        var net = new CompiledNet($"net N(x: [3], y: [3]) {{ {result} }}");
        using Tensor x = CompiledNet.Normal(2, 3);
        using Tensor y = CompiledNet.Normal(2, 3) + 0.5;
        Slopes.Check(t => net.Run(t[0], t[1]), x, y);
    }
}
