using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Functions of the features of a site, number by number.</summary>
public sealed class FeatureTests
{
    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Elu(double x) => x > 0 ? x : Math.Exp(x) - 1;

    [Fact]
    public void Gates_AreOfTheTwoHalves()
    {
        var net = new CompiledNet("net N(x: [2 * c, h, w]) { (glu(x), gated(x), concat_elu(x), elu(x), log_sigmoid(x)) }");
        using Tensor x = CompiledNet.Normal(2, 4, 3, 2);
        Tensor[] y = net.RunAll(x);
        double[] numbers = CompiledNet.Numbers(x);
        double At(long n, long c, long s) => numbers[(((n * 4) + c) * 6) + s];
        long[] half = [2, 2, 3, 2];
        Assert.Equal(half, y[0].shape);
        Assert.Equal(half, y[1].shape);
        Assert.Equal([2, 8, 3, 2], y[2].shape);
        double[] glu = CompiledNet.Numbers(y[0]);
        double[] gated = CompiledNet.Numbers(y[1]);
        double[] elus = CompiledNet.Numbers(y[2]);
        foreach (long[] p in AccessTests.Places([2, 2, 6]))
        {
            (double a, double b) = (At(p[0], p[1], p[2]), At(p[0], p[1] + 2, p[2]));
            Assert.Equal(a * Sigmoid(b), glu[AccessTests.Index(p, [2, 2, 6])], 1e-14);
            Assert.Equal(Math.Tanh(a) * Sigmoid(b), gated[AccessTests.Index(p, [2, 2, 6])], 1e-14);
        }

        foreach (long[] p in AccessTests.Places([2, 8, 6]))
        {
            Assert.Equal(Elu(p[1] < 4 ? At(p[0], p[1], p[2]) : -At(p[0], p[1] - 4, p[2])), elus[AccessTests.Index(p, [2, 8, 6])], 1e-14);
        }

        Assert.All(numbers.Zip(CompiledNet.Numbers(y[3])), p => Assert.Equal(Elu(p.First), p.Second, 1e-14));
        Assert.All(numbers.Zip(CompiledNet.Numbers(y[4])), p => Assert.Equal(Math.Log(Sigmoid(p.First)), p.Second, 1e-14));
    }

    [Fact]
    public void LogSigmoid_DoesNotOverflow()
    {
        var net = new CompiledNet("net N(x: [d]) { log_sigmoid(x) }");
        using Tensor x = tensor(new double[] { -1e4, 0, 1e4 }).unsqueeze(0);
        using Tensor y = net.Run(x);
        Assert.Equal([-1e4, -Math.Log(2), 0], CompiledNet.Numbers(y).Select(v => Math.Round(v, 12) + 0.0), (a, b) => Math.Abs(a - b) < 1e-11);
        Assert.Equal("[d] in (-inf, 0]", net.Op.Outputs[0].Type.ToString());
    }

    [Fact]
    public void Softmax_IsOverTheFirstAxis()
    {
        var net = new CompiledNet("net N(x: [c, t]) { (softmax(x), log_softmax(x), append_ones(x)) }");
        using Tensor x = CompiledNet.Normal(2, 3, 4);
        Tensor[] y = net.RunAll(x);
        double[] numbers = CompiledNet.Numbers(x);
        double[] p = CompiledNet.Numbers(y[0]);
        double[] log = CompiledNet.Numbers(y[1]);
        double[] more = CompiledNet.Numbers(y[2]);
        Assert.Equal([2, 4, 4], y[2].shape);
        for (int n = 0; n < 2; n++)
        {
            for (int t = 0; t < 4; t++)
            {
                double sum = Enumerable.Range(0, 3).Sum(c => Math.Exp(numbers[(((n * 3) + c) * 4) + t]));
                for (int c = 0; c < 3; c++)
                {
                    int at = (((n * 3) + c) * 4) + t;
                    Assert.Equal(Math.Exp(numbers[at]) / sum, p[at], 1e-14);
                    Assert.Equal(numbers[at] - Math.Log(sum), log[at], 1e-14);
                    Assert.Equal(numbers[at], more[(((n * 4) + c) * 4) + t]);
                }

                Assert.Equal(1, more[(((n * 4) + 3) * 4) + t]);
            }
        }
    }

    [Fact]
    public void Dropout_IsAddressedByPlace_AndNothingInEvaluation()
    {
        var net = new CompiledNet("net Inner(x: [d]) { x |> dropout(0.3) }\nnet N(x: [d]) {\n    for i in 0..2 { x = x + 1 |> dropout }\n    same = Inner()\n    (x, same(x), same(x))\n}");
        using Tensor x = ones(50, 40, ScalarType.Float64);
        Tensor[] Run(Mode mode, ulong seed) => net.RunAll(mode, Draws.Root(seed, CPU), x);
        Tensor[] a = Run(Mode.Train, 1);
        Tensor[] b = Run(Mode.Train, 1);
        Tensor[] other = Run(Mode.Learn, 2);
        Tensor[] still = Run(Mode.Evaluate, 1);
        Assert.All(a.Zip(b), p => Assert.Equal(CompiledNet.Numbers(p.First), CompiledNet.Numbers(p.Second)));
        Assert.All(a.Zip(other), p => Assert.NotEqual(CompiledNet.Numbers(p.First), CompiledNet.Numbers(p.Second)));
        Assert.All(still, s => Assert.All(CompiledNet.Numbers(s), v => Assert.Equal(3, v)));

        // Two rounds with masks of their own: (1 + 1) / 0.5 + 1 = 5 or 1, over 0.5 or nothing.
        Assert.Equal([0, 2, 10], CompiledNet.Numbers(a[0]).Distinct().Order());
        Assert.NotEqual(CompiledNet.Numbers(a[1]), CompiledNet.Numbers(a[2]));
        Assert.InRange(CompiledNet.Numbers(a[0]).Count(v => v == 0) / 2000.0, 0.46, 0.54);
    }
}
