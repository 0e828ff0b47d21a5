using System;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>Models with latents of finitely many values, as generated code: enumerated, straight through, relaxed.</summary>
public class DiscreteLatentsTests
{
    private const string Name = "discrete_latents";
    private const double Deviation = 0.5;

    private static readonly Lazy<CompiledPrograms> Compiled = new(() => LatentModel.Compile(Name, File.ReadAllText(Path.Combine(Repository.Root, "tests", "baselines", "valid", Name + ".gen"))));

    [Fact]
    public void AMixture_ThatIsSummedOut_IsExact()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model("Mixture");
        Tensor x = Points(40), means = model.Weight("embed1.weight"), each = PerComponent(x, means) - Math.Log(3);
        TensorAssert.Close(each.logsumexp(1), model.Ask("LogProb", x), 1e-9);

        // A cost that differs between the values counts by how likely each is.
        Tensor cost = (each.softmax(1) * model.Weight("embed2.weight").sum(1)).sum(1) * 0.1;
        TensorAssert.Close(cost - each.logsumexp(1), model.Ask("Loss", x), 1e-9);

        var drawn = (Tensor)model.Call("Draw", null, 60_000, 1, Mode.Evaluate);
        Tensor mean = means.mean([0L]), error = drawn.std(0, unbiased: true) / Math.Sqrt(60_000);
        Assert.True(((drawn.mean([0L]) - mean).abs() < 4 * error).all().ToBoolean());
    }

    [Fact]
    public void TheEnumeratedBound_IsTheEvidence_WhereTheGuideIsThePosterior()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model("Guided");
        Tensor x = Points(40), means = model.Weight("embed1.weight"), logWeights = model.Weight("weights").log_softmax(0);
        Tensor each = PerComponent(x, means) + logWeights, evidence = each.logsumexp(1);
        Tensor q = (x.matmul(model.Weight("linear1.weight").t()) + model.Weight("linear1.bias")).log_softmax(1);
        Tensor bound = model.Ask("Elbo", x);
        TensorAssert.Close((q.exp() * (each - q)).sum(1), bound, 1e-9);
        TensorAssert.Close(-bound, model.Ask("Loss", x), 1e-9);
        Assert.True((bound < evidence - 1e-3).all().ToBoolean(), "Any other guide gives less.");
        TensorAssert.Close(evidence, model.Ask("Iwae", x, 3), 1e-9);
        TensorAssert.Close(evidence, model.Ask("Importance", x, 7), 1e-9);

        // Of Gaussians with one deviation the posterior is a softmax of linear functions.
        model.Weight("linear1.weight").copy_(means / (Deviation * Deviation));
        model.Weight("linear1.bias").copy_(logWeights - (means.pow(2).sum(1) / (2 * Deviation * Deviation)));
        TensorAssert.Close(evidence, model.Ask("Elbo", x), 1e-9);
        TensorAssert.Close(evidence, model.Ask("Iwae", x, 3), 1e-9);
    }

    [Fact]
    public void ClassAndStyle_IsTheMeanOverTheClasses()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model("ClassAndStyle");
        Tensor x = Bits(9);
        Tensor Linear(Tensor of, int i) => of.matmul(model.Weight($"linear{i}.weight").t()) + model.Weight($"linear{i}.bias");
        Tensor h = Linear((2 * x) - 1, 1).relu(), q = Linear(h, 2).log_softmax(1), noise = Draws.Root(1, CPU, ScalarType.Float64).At("z").Normal(9, 4);
        Tensor expected = zeros(9, dtype: ScalarType.Float64), likelihood = zeros_like(expected), divergence = zeros(9, 4, dtype: ScalarType.Float64);
        for (int y = 0; y < 10; y++)
        {
            Tensor Class(int i) => model.Weight($"embed{i}.weight")[y].expand(9, 4);
            Tensor[] parts = Linear(cat([h, Class(1)], 1), 3).chunk(2, 1);
            (Tensor mean, Tensor logStd) = (parts[0], parts[1]);
            Tensor kl = 0.5 * (mean.pow(2) + (2 * logStd).exp() - 1 - (2 * logStd)), z = mean + (logStd.exp() * noise);
            Tensor logits = Linear(Linear(cat([z, Class(2)], 1), 4).tanh(), 5);
            Tensor seen = -nn.functional.binary_cross_entropy_with_logits(logits, x, reduction: nn.Reduction.None).sum(1), weight = q[.., y].exp();
            expected += weight * (seen - kl.sum(1) - Math.Log(10) - q[.., y]);
            likelihood += weight * seen;
            divergence += weight.unsqueeze(1) * kl;
        }

        TensorAssert.Close(expected, model.Ask("Elbo", x), 1e-9);
        var (terms, ofClass, ofStyle) = ((Tensor, Tensor, Tensor))model.Call("Terms", x, null, 1, Mode.Evaluate);
        TensorAssert.Close(likelihood, terms, 1e-9);
        TensorAssert.Close((q.exp() * (q + Math.Log(10))).sum(1), ofClass, 1e-9);
        TensorAssert.Close(divergence, ofStyle, 1e-9);
    }

    [Fact]
    public void ClassAndStyle_IsLearned()
    {
        using LatentModel model = Model("ClassAndStyle");
        using Tensor x = Kept(() => Bits(64));
        Tensor[] weights = [.. model.State.Learned.Select(s => s.Tensor)];
        double first = 0, last = 0;
        for (int step = 0; step < 150; step++)
        {
            using var scope = NewDisposeScope();
            Tensor loss = model.Ask("Loss", x, null, (ulong)step, Mode.Learn).mean();
            last = loss.ToDouble();
            first = step == 0 ? last : first;
            Tensor?[] gradients = [.. GenDsl.Runtime.Gradients.Of(loss, weights)];
            using var frozen = no_grad();
            foreach ((Tensor weight, Tensor? gradient) in weights.Zip(gradients))
            {
                Assert.True(gradient!.abs().sum().ToDouble() > 0, "Every parameter has a gradient.");
                weight.sub_(gradient * 0.05);
            }
        }

        Assert.True(last < first - 1, $"{first} nats fell to {last}");
    }

    [Theory]
    [InlineData("Relaxed")]
    [InlineData("Straight")]
    public void TheClosedForm_IsThatOfAllValues_AndOfTheMeanOverDraws(string name)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model(name);
        const int Rows = 100_000;
        Tensor x = Bits(1).repeat(Rows, 1);
        Tensor Linear(Tensor of, int i) => of.matmul(model.Weight($"linear{i}.weight").t()) + model.Weight($"linear{i}.bias");
        Tensor logits = Linear((2 * x) - 1, 1).view(Rows, 3, 5);
        Tensor prior = name == "Relaxed" ? full(3, 5, -Math.Log(3), dtype: ScalarType.Float64) : model.Weight("prior").log_softmax(0);
        Tensor q = logits.log_softmax(1), y = OneHot.Sample(logits, Draws.Root(1, CPU, ScalarType.Float64).At("y").Uniform(0, 1, Rows, 3, 5));
        Tensor seen = -nn.functional.binary_cross_entropy_with_logits(Linear(y.reshape(Rows, 15), 2), x, reduction: nn.Reduction.None).sum(1);

        // Every value of every variable, in evaluation at hard draws.
        Tensor divergence = (q.exp() * (q - prior)).sum([1L, 2L]);
        TensorAssert.Close(seen - divergence, model.Ask("Elbo", x), 1e-9);
        Tensor sampled = model.Ask("Iwae", x, 1) - seen;
        TensorAssert.Close((y * (prior - q)).sum([1L, 2L]), sampled, 1e-9);
        double error = sampled.std(unbiased: true).ToDouble() / Math.Sqrt(Rows);
        Assert.InRange(sampled.mean().ToDouble() + divergence[0].ToDouble(), -4 * error, 4 * error);
        Assert.True(divergence[0].ToDouble() > 0.1, "The test says little.");
    }

    [Fact]
    public void RelaxedDraws_AreForTrainingOnly_AndTheirDivergenceIsPerChoice()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model("Relaxed");
        Tensor x = Bits(12), learning = model.Ask("Elbo", x, mode: Mode.Learn), evaluation = model.Ask("Elbo", x);
        Assert.True((learning - evaluation).abs().max().ToDouble() > 1e-3);
        var (likelihood, divergence) = ((Tensor, Tensor))model.Call("Terms", x, null, 1, Mode.Learn);
        Assert.Equal([12, 5], divergence.shape);
        Assert.True((divergence >= 0).all().ToBoolean());
        TensorAssert.Close(learning, likelihood - divergence.sum(1), 1e-9);

        // Weights are those of one-hot draws, also where the model learns.
        TensorAssert.Close(model.Ask("Iwae", x, 3), model.Ask("Iwae", x, 3, mode: Mode.Learn), 1e-12);
    }

    [Theory]
    [InlineData("Relaxed", true)]
    [InlineData("Straight", true)]
    [InlineData("Straight", false)]
    [InlineData("Chain", true)]
    [InlineData("Two", true)]
    [InlineData("Style", true)]
    public void EveryParameter_HasAGradient(string name, bool learns)
    {
        using var scope = NewDisposeScope();
        using LatentModel model = Model(name);
        Tensor loss = model.Ask("Loss", Bits(30), mode: learns ? Mode.Learn : Mode.Evaluate).mean();
        foreach ((StateTensor item, Tensor? gradient) in model.State.Learned.Zip(GenDsl.Runtime.Gradients.Of(loss, [.. model.State.Learned.Select(s => s.Tensor)])))
        {
            Assert.True(gradient!.abs().sum().ToDouble() > 1e-6, item.Path);
        }
    }

    [Fact]
    public void ExactProbabilities_AddUpToOne()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model("Ordered");
        Assert.Equal(1, model.Ask("LogProb", All()).exp().sum().ToDouble(), 1e-9);
    }

    [Theory]
    [InlineData("ClassAndStyle", 2)]
    [InlineData("Two", 2)]
    [InlineData("Style", 3)]
    [InlineData("Relaxed", 3)]
    [InlineData("Straight", 3)]
    [InlineData("Chain", 3)]
    public void Weights_EstimateTheProbability_AndBoundsAreBelowIt(string name, long k)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model(name, 0.15);

        // The mean of the weights is the probability of each image, and those of all images add up to 1.
        Tensor all = All(), weights = model.Ask("Iwae", all, k), bound = model.Ask("Elbo", all);
        Assert.InRange(weights.exp().sum().ToDouble(), 0.97, 1.03);
        Assert.True(bound.mean().ToDouble() < weights.mean().ToDouble(), "The bound rises with the draws.");
    }

    [Theory]
    [InlineData("ClassAndStyle")]
    [InlineData("Two")]
    [InlineData("Style")]
    [InlineData("Relaxed")]
    [InlineData("Straight")]
    [InlineData("Chain")]
    public void SeveralDraws_AreThoseOfRepeatedData(string name)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model(name);
        const int Rows = 6, K = 5;
        Tensor x = Bits(Rows);
        Tensor each = model.Ask("Iwae", x.repeat(K, 1), 1, 3);
        TensorAssert.Close(each.view(K, Rows).logsumexp(0) - Math.Log(K), model.Ask("Iwae", x, K, 3), 1e-9);
    }

    [Theory]
    [InlineData("Two")]
    [InlineData("Straight")]
    [InlineData("ClassAndStyle")]
    public void DrawsOfThePrior_EstimateTheSame(string name)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model(name, 0.15);
        Tensor x = Bits(4);
        TensorAssert.Close(model.Ask("Importance", x, 10_000), model.Ask("PriorImportance", x, 40_000), 0.1);
    }

    [Fact]
    public void AMixture_IsAPriorToo()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model("Clusters");
        Tensor z = Points(6), linear = z.matmul(model.Weight("linear1.weight").t()) + model.Weight("linear1.bias");
        Tensor noise = Draws.Root(1, CPU, ScalarType.Float64).At("w").Normal(6, 2), w = linear + noise;
        Tensor prior = (PerComponent(w, model.Weight("prior.embed1.weight")) - Math.Log(3)).logsumexp(1);
        Tensor expected = prior + LogNormal(z - w, 0.1) - LogNormal(noise, 1);
        TensorAssert.Close(expected, model.Ask("Elbo", z), 1e-9);
    }

    [Theory]
    [InlineData("Mixture", "LogProb")]
    [InlineData("Mixture", "Loss")]
    [InlineData("Guided", "Loss")]
    [InlineData("Guided", "Importance")]
    [InlineData("ClassAndStyle", "Loss")]
    [InlineData("ClassAndStyle", "Iwae")]
    [InlineData("Two", "Loss")]
    [InlineData("Two", "PriorImportance")]
    [InlineData("Chain", "Loss")]
    [InlineData("Chain", "Iwae")]
    [InlineData("Relaxed", "Importance")]
    public void NothingIsLeftBehind(string name, string query)
    {
        using LatentModel model = Model(name);
        using Tensor x = Kept(() => name is "Mixture" or "Guided" ? Points(20) : Bits(20));
        Tensor[] weights = [.. model.State.Learned.Select(s => s.Tensor)];
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            before = i == 1 ? LiveTensors.Count() : before;
            using Tensor bound = model.Ask(query, x, 30, mode: Mode.Learn);
            using Tensor mean = bound.mean();
            if (query == "Loss")
            {
                foreach (Tensor? gradient in GenDsl.Runtime.Gradients.Of(mean, weights))
                {
                    gradient?.Dispose();
                }
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    // A guide that is far from the posterior has weights that say nothing.
    private static LatentModel Model(string name, double spread = 0.4) => new(Compiled.Value.Find(Name, name), spread);

    private static Tensor Points(int rows) => Draws.Root(11, CPU, ScalarType.Float64).Normal(rows, 2);

    private static Tensor Bits(int rows) => Draws.Root(1, CPU, ScalarType.Float64).Uniform(0, 1, rows, 16).round();

    // Without what it was made from.
    private static Tensor Kept(Func<Tensor> make)
    {
        using var scope = NewDisposeScope();
        return make().DetachFromDisposeScope();
    }

    // All images of 16 bits.
    private static Tensor All()
    {
        using Scalar two = 2;
        Tensor shifts = arange(16, ScalarType.Float64);
        return (arange(65_536, ScalarType.Float64).unsqueeze(1) / shifts.mul(Math.Log(2)).exp().round()).floor().remainder(two);
    }

    // log N(x; mean of each component, deviation), [N, components].
    private static Tensor PerComponent(Tensor x, Tensor means) => stack([.. Enumerable.Range(0, (int)means.size(0)).Select(i => LogNormal(x - means[i], Deviation))], 1);

    private static Tensor LogNormal(Tensor off, double std) => (-0.5 * (off / std).pow(2)).sum(1) - (off.size(1) * (Math.Log(std) + (0.5 * Math.Log(2 * Math.PI))));
}
