using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Recurrent layers against their equations, step by step.</summary>
public sealed class RecurrentTests
{
    private const int Channels = 3;
    private const int Steps = 6;
    private const int Hidden = 4;

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void TheStates_FollowTheEquations(string name)
    {
        var net = new CompiledNet($"net N(x: [c, t]) {{ x |> {name}({Hidden}) }}", ("c", Channels));
        using Tensor x = CompiledNet.Normal(2, Channels, Steps);
        using Tensor y = net.Run(x);
        Assert.Equal([2, Hidden, Steps], y.shape);
        double[] found = CompiledNet.Numbers(y);
        double[] input = CompiledNet.Numbers(x);
        for (int n = 0; n < 2; n++)
        {
            double[][] states = States(net, name, [.. Enumerable.Range(0, Steps).Select(t => Enumerable.Range(0, Channels).Select(c => input[(((n * Channels) + c) * Steps) + t]).ToArray())]);
            for (int k = 0; k < Hidden; k++)
            {
                for (int t = 0; t < Steps; t++)
                {
                    Assert.Equal(states[t][k], found[(((n * Hidden) + k) * Steps) + t], 1e-12);
                }
            }
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void AState_SeesItsOwnStepAndThoseBefore(string name)
    {
        var net = new CompiledNet($"net N(x: [{Channels}, {Steps}]) {{ x |> {name}({Hidden}) }}");
        var expected = from k in Enumerable.Range(0, Hidden)
                       from t in Enumerable.Range(0, Steps)
                       from c in Enumerable.Range(0, Channels)
                       from s in Enumerable.Range(0, t + 1)
                       select ((long)((k * Steps) + t), (long)((c * Steps) + s));
        Assert.Equal(expected.Order(), AccessTests.Dependencies(net, [Channels, Steps]).Order());
    }

    /// <summary>In f32 libtorch runs the whole sequence in oneDNN, which computes its gradient otherwise, and its states without gradient otherwise again.</summary>
    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void StatesAndGradients_AreTheSameInBothTypes(string name)
    {
        int gates = name == "lstm" ? 4 : 3;
        var draws = Draws.Root(5, CPU, ScalarType.Float64);
        Tensor[] weights =
        [
            draws.At("x").Normal(2, Channels, Steps), draws.At("a").Normal(gates * Hidden, Channels), draws.At("b").Normal(gates * Hidden, Hidden),
            draws.At("c").Normal(gates * Hidden), draws.At("d").Normal(gates * Hidden),
        ];
        using Tensor target = draws.At("y").Normal(2, Hidden, Steps);
        Tensor[] Gradients(ScalarType type)
        {
            Tensor[] at = [.. weights.Select(w => w.to(type).detach().clone().requires_grad_())];
            using Tensor y = name == "lstm" ? GenDsl.Runtime.Layers.Lstm(at[0], at[1], at[2], at[3], at[4]) : GenDsl.Runtime.Layers.Gru(at[0], at[1], at[2], at[3], at[4]);
            using Tensor sum = (y * target.to(type)).sum();
            return [.. autograd.grad([sum], at)];
        }

        // The script is rewritten after its first calls, with shapes and gradients known.
        for (int call = 0; call < 4; call++)
        {
            foreach ((Tensor wide, Tensor narrow) in Gradients(ScalarType.Float64).Zip(Gradients(ScalarType.Float32)))
            {
                Runtime.TensorAssert.Close(wide, narrow.to(ScalarType.Float64), 2e-5);
            }

            using (no_grad())
            {
                using Tensor x = weights[0].to(ScalarType.Float32);
                Tensor[] w = [.. weights.Skip(1).Select(t => t.to(ScalarType.Float32))];
                using Tensor y = name == "lstm" ? GenDsl.Runtime.Layers.Lstm(x, w[0], w[1], w[2], w[3]) : GenDsl.Runtime.Layers.Gru(x, w[0], w[1], w[2], w[3]);
                Assert.False(y.requires_grad);
                using Tensor wide = name == "lstm"
                    ? GenDsl.Runtime.Layers.Lstm(weights[0], weights[1], weights[2], weights[3], weights[4])
                    : GenDsl.Runtime.Layers.Gru(weights[0], weights[1], weights[2], weights[3], weights[4]);
                Runtime.TensorAssert.Close(wide, y.to(ScalarType.Float64), 2e-5);
            }
        }
    }

    [Fact]
    public void WithoutRows_TheSequenceIsOne()
    {
        using Tensor x = CompiledNet.Normal(Channels, Steps);
        using Tensor batch = x.unsqueeze(0);
        Tensor[] w = [.. new long[][] { [16, Channels], [16, 4], [16], [16] }.Select(s => CompiledNet.Normal(s))];
        using Tensor one = GenDsl.Runtime.Layers.Lstm(x, w[0], w[1], w[2], w[3]);
        using Tensor many = GenDsl.Runtime.Layers.Lstm(batch, w[0], w[1], w[2], w[3]);
        Assert.Equal([4, Steps], one.shape);
        Assert.Equal(CompiledNet.Numbers(many), CompiledNet.Numbers(one));
    }

    private static double[][] States(CompiledNet net, string name, double[][] inputs)
    {
        double[] wi = net.Numbers(name + "1.weight_ih_l0");
        double[] wh = net.Numbers(name + "1.weight_hh_l0");
        double[] bi = net.Numbers(name + "1.bias_ih_l0");
        double[] bh = net.Numbers(name + "1.bias_hh_l0");
        double[] h = new double[Hidden];
        double[] c = new double[Hidden];
        double[][] states = new double[inputs.Length][];
        for (int t = 0; t < inputs.Length; t++)
        {
            double In(int row) => bi[row] + inputs[t].Select((v, i) => wi[(row * Channels) + i] * v).Sum();
            double[] before = [.. h];
            double Own(int row) => bh[row] + before.Select((v, i) => wh[(row * Hidden) + i] * v).Sum();
            double Gate(int row) => 1 / (1 + Math.Exp(-In(row) - Own(row)));
            for (int k = 0; k < Hidden; k++)
            {
                if (name == "lstm")
                {
                    double g = Math.Tanh(In((2 * Hidden) + k) + Own((2 * Hidden) + k));
                    c[k] = (Gate(Hidden + k) * c[k]) + (Gate(k) * g);
                    h[k] = Gate((3 * Hidden) + k) * Math.Tanh(c[k]);
                }
                else
                {
                    double z = Gate(Hidden + k);
                    double proposed = Math.Tanh(In((2 * Hidden) + k) + (Gate(k) * Own((2 * Hidden) + k)));
                    h[k] = ((1 - z) * proposed) + (z * before[k]);
                }
            }

            states[t] = [.. h];
        }

        return states;
    }
}
