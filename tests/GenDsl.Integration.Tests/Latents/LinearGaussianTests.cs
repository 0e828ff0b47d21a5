using System;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>x = W z + b + s e: the one model with a latent whose evidence and posterior are known.</summary>
public class LinearGaussianTests
{
    private const int Dim = 2;
    private const int Size = 3;
    private const double Deviation = 0.7;

    private const string Program = """
        gen 1
        space Point = f32[3]

        model Linear(x: Point) {
            decode = linear(3)
            encode = linear(4)
            z: [2] ~ normal(0, 1)
            x ~ normal(z |> decode, 0.7)
            guide {
                (mean, log_std) = x |> encode |> chunk(2)
                z ~ normal(mean, exp(log_std))
            }
        }

        trainer Doubly(k = 3)(x: Point) {
            M = Linear()
            minimize -mean(dreg(M, x, k: k)) over M with adam(1e-3)
        }

        trainer Weighted(x: Point) {
            M = Linear()
            minimize -mean(elbo(M, x, beta: 2.0)) over M with adam(1e-3)
        }
        """;

    private static readonly Lazy<CompiledPrograms> Compiled = new(() => LatentModel.Compile("linear_gaussian", Program));

    [Fact]
    public void OneDraw_OfTheSameNoise_IsTheBound()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model();
        Tensor x = Data(50);

        // The guide's own draw, with log prior - log proposal for the closed form.
        Tensor z = Code(model, x, out Tensor mean, out Tensor logStd);
        Tensor noise = (z - mean) / logStd.exp();
        Tensor terms = LogNormal(x, Decode(model, z), Deviation) + LogNormal(z, 0, 1) - (LogNormal(noise, 0, 1) - logStd.sum(1));
        TensorAssert.Close(terms, model.Ask("Iwae", x, 1), 1e-9);
        Tensor closed = LogNormal(x, Decode(model, z), Deviation) - (0.5 * (mean.pow(2) + (2 * logStd).exp() - 1 - (2 * logStd))).sum(1);
        TensorAssert.Close(closed, model.Ask("Elbo", x), 1e-9);
    }

    [Fact]
    public void Bounds_RiseWithTheDraws_UpToTheEvidence()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model();

        // A guide that is wider than the posterior: weights have a variance.
        model.Weight("encode.weight").mul_(0.3);
        model.Weight("encode.bias")[Dim..].fill_(0.2);
        Tensor x = Data(8).repeat(2_000, 1);
        double evidence = Evidence(model, x).mean().ToDouble();
        double[] bounds = [.. new long[] { 1, 2, 5, 20, 100 }.Select(k => model.Ask("Iwae", x, k).mean().ToDouble())];
        for (int i = 1; i < bounds.Length; i++)
        {
            Assert.True(bounds[i] > bounds[i - 1], $"L rises: {string.Join(", ", bounds)}");
        }

        Assert.InRange(bounds[^1], evidence - 0.2, evidence + 0.01);
        Assert.InRange(model.Ask("Importance", x[..8], 100_000).mean().ToDouble(), evidence - 0.02, evidence + 0.02);
        Assert.InRange(model.Ask("PriorImportance", x[..8], 100_000).mean().ToDouble(), evidence - 0.1, evidence + 0.1);
    }

    [Fact]
    public void TheExactPosterior_GivesTheEvidence_WithoutVariance()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model();
        Tensor x = Data(40);
        Tensor loose = model.Ask("Elbo", x);

        // The posterior of independent latents is in the guide's family where the columns of W are orthogonal.
        Tensor w = model.Weight("decode.weight");
        w.copy_(tensor(new double[,] { { 0.9, 0.5 }, { 0.8, -0.6 }, { 0.3, 0.1 } }));
        w[2, 1] = -((w[0, 0] * w[0, 1]) + (w[1, 0] * w[1, 1])) / w[2, 0];
        Tensor precision = 1 + (w.pow(2).sum([0]) / (Deviation * Deviation));
        Tensor encode = model.Weight("encode.weight");
        encode.zero_();
        encode[..Dim].copy_(w.t() / (precision.unsqueeze(1) * Deviation * Deviation));
        Tensor bias = model.Weight("encode.bias");
        bias[..Dim].copy_(-encode[..Dim].matmul(model.Weight("decode.bias")));
        bias[Dim..].copy_(-0.5 * precision.log());

        Tensor evidence = Evidence(model, x);
        TensorAssert.Close(evidence, model.Ask("Iwae", x, 1), 1e-8);
        TensorAssert.Close(evidence, model.Ask("Iwae", x, 7), 1e-8);
        TensorAssert.Close(evidence, model.Ask("Importance", x, 9), 1e-8);
        Assert.True((loose < evidence - 0.05).any().ToBoolean(), "Any other guide gives less.");

        // The closed form is that of the mean over draws.
        Tensor many = x[..1].repeat(200_000, 1);
        Assert.Equal(evidence[0].ToDouble(), model.Ask("Elbo", many).mean().ToDouble(), 0.02);
    }

    [Theory]
    [InlineData("Iwae")]
    [InlineData("Dreg")]
    [InlineData("Importance")]
    [InlineData("PriorImportance")]
    public void Bounds_LeakNothing(string query)
    {
        using LatentModel model = Model();
        using Tensor x = Data(40);
        Tensor weight = model.Weight("encode.weight");
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            // The first round makes what is kept for ever.
            before = i == 1 ? LiveTensors.Count() : before;
            using Tensor bound = model.Ask(query, x, 1_000);
            using Tensor mean = bound.mean();
            if (query is "Iwae" or "Dreg")
            {
                foreach (Tensor? gradient in GenDsl.Runtime.Gradients.Of(mean, [weight]))
                {
                    gradient?.Dispose();
                }
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Weights_OfAnySize_AreAddedUp()
    {
        using var scope = NewDisposeScope();
        using Tensor far = tensor(new double[] { -1e4, -2e4, -1e4, -2e4 });
        TensorAssert.Close(tensor(new double[] { -1e4, -2e4 }), Bounds.Mean(far.alias(), 2), 1e-9);
    }

    [Fact]
    public void TheDoublyReparameterisedGradient_IsThatOfTheBound_WithLessNoise()
    {
        using var scope = NewDisposeScope();
        using LatentModel model = Model();
        Tensor x = Data(1);
        const int Rounds = 4000, K = 5;
        Tensor[] weights = [model.Weight("encode.weight"), model.Weight("decode.weight")];
        (double[] Mean, double[] Variance) plain = Gradients("Iwae"), doubly = Gradients("Dreg");
        for (int i = 0; i < plain.Mean.Length; i++)
        {
            double error = Math.Sqrt((plain.Variance[i] + doubly.Variance[i]) / Rounds);
            Assert.InRange(doubly.Mean[i], plain.Mean[i] - (5 * error), plain.Mean[i] + (5 * error));
        }

        // Of the guide's weights; those of the decoder have the same gradient, draw by draw.
        int guide = (int)weights[0].numel();
        Assert.True(doubly.Variance[..guide].Sum() < 0.9 * plain.Variance[..guide].Sum(), $"{doubly.Variance[..guide].Sum()} against {plain.Variance[..guide].Sum()}");
        for (int i = guide; i < plain.Mean.Length; i++)
        {
            Assert.Equal(plain.Mean[i], doubly.Mean[i], 1e-9);
        }

        TensorAssert.Close(model.Ask("Iwae", x, K), model.Ask("Dreg", x, K), 1e-9);

        (double[] Mean, double[] Variance) Gradients(string query)
        {
            double[][] all = [.. Enumerable.Range(0, Rounds).Select(seed =>
            {
                using var inner = NewDisposeScope();
                Tensor mean = model.Ask(query, x, K, (ulong)seed).mean();
                return GenDsl.Runtime.Gradients.Of(mean, weights).SelectMany(g => g!.data<double>().ToArray()).ToArray();
            })];
            double[] means = [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(g => g[i]))];
            return (means, [.. means.Select((m, i) => all.Average(g => (g[i] - m) * (g[i] - m)))]);
        }
    }

    [Fact]
    public void Terms_AreTheBoundApart()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model();
        Tensor x = Data(30);
        var (likelihood, divergence) = ((Tensor, Tensor))model.Call("Terms", x, null, 1, Mode.Evaluate);
        Assert.Equal([30, Dim], divergence.shape);
        TensorAssert.Close(model.Ask("Elbo", x), likelihood - divergence.sum(1), 1e-9);

        // Free bits: each number's mean over the batch, but at least so much.
        using Tensor free = Bounds.FreeBits(divergence, 0.3);
        Assert.Equal(divergence.mean([0]).clamp_min(0.3).sum().ToDouble(), free.ToDouble(), 1e-12);
    }

    private static LatentModel Model() => new(Compiled.Value.Find("linear_gaussian", "Linear"));

    private static Tensor Data(int rows) => Draws.Root(11, CPU, ScalarType.Float64).Normal(rows, Size);

    private static Tensor Code(LatentModel model, Tensor x, out Tensor mean, out Tensor logStd)
    {
        Tensor[] parts = (x.matmul(model.Weight("encode.weight").t()) + model.Weight("encode.bias")).chunk(2, 1);
        (mean, logStd) = (parts[0], parts[1]);
        return mean + (logStd.exp() * Draws.Root(1, CPU, ScalarType.Float64).At("z").Normal(x.size(0), Dim));
    }

    private static Tensor Decode(LatentModel model, Tensor z) => z.matmul(model.Weight("decode.weight").t()) + model.Weight("decode.bias");

    private static Tensor LogNormal(Tensor x, Tensor mean, double std) => LogNormal((x - mean) / std, 0, 1) - (x.size(1) * Math.Log(std));

    private static Tensor LogNormal(Tensor x, double mean, double std) => (-0.5 * ((x - mean) / std).pow(2)).sum(1) - (x.size(1) * (Math.Log(std) + (0.5 * Math.Log(2 * Math.PI))));

    // log N(x; b, W W^T + s^2 I).
    private static Tensor Evidence(LatentModel model, Tensor x)
    {
        Tensor w = model.Weight("decode.weight");
        Tensor covariance = w.matmul(w.t()) + (eye(Size, dtype: ScalarType.Float64) * Deviation * Deviation);
        Tensor off = x - model.Weight("decode.bias");
        Tensor distance = (off.matmul(linalg.inv(covariance)) * off).sum(1);
        return -0.5 * (distance + linalg.slogdet(covariance).Item2 + (Size * Math.Log(2 * Math.PI)));
    }
}
