using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

/// <summary>Weights over their largest singular value, and the vectors that follow them.</summary>
public sealed class SpectralNormTests
{
    private const string Text = """
        space Code = f32[6]
        space Latent = f32[6] ~ normal(0, 1)
        net Map(x: [6]) { x |> linear(8) |> tanh |> linear(6) }
        net Head(x: [6]) -> [1] {
            h = x |> reshape(2, 3) |> conv(5, kernel: 3) |> tanh
            for i in 0..2 { h = h |> conv_transpose(5, kernel: 3, pad: 1) |> tanh }
            h |> flatten |> linear(1)
        }
        loss penalty(D: net(S) -> [1], x: S) { mean((norm(grad(sum(D(x)), x), per: sample) - 1)^2) }

        trainer Game(lr = 1e-2, keep = 0.9)(x: Code) {
            G = Map(); D = spectral_norm(Head())
            D_avg = ema(D, keep)
            minimize hinge(real: D(x), fake: D(G(draw(Latent)))) over D with adam(lr, beta1: 0.0, beta2: 0.9)
            minimize -mean(D(G(draw(Latent)))) over G with adam(lr)
            evaluate test(x: Code) { report both = mean(D(x)) + mean(D(-x)) + mean(D_avg(x)) }
        }
        trainer Frozen(x: Code) {
            G = Map(); D = spectral_norm(Head())
            minimize -mean(D(G(x))) over G with adam(1e-2)
        }
        trainer Penalised(x: Code) {
            D = spectral_norm(Head())
            minimize penalty(D, x) over D with sgd(0.5)
        }
        trainer Several(x: Code) {
            D = spectral_norm(Head()); E = spectral_norm(Head())
            constrain D: clip(-0.3, 0.3)
            accumulate 2 { minimize mean((D(x) - 1)^2) + mean((E(x) - 1)^2) over (D, E at 0.5) with sgd(0.1, clip: 1.0) }
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("spectral_norm", Text));

    private static Source Data => TrainedProgram.Numbers("x", 32, 6);

    private static StateTable State(ITrainer trainer, string net) => trainer.Nets.Single(n => n.Name == net).State;

    // The layers of a net: weight, power vector, axis of the output features.
    private static List<(Tensor Weight, Tensor Vector, int Axis)> Layers(StateTable state) =>
        [.. state.Where(s => s.Role == StateRole.PowerVector).Select(u => (state[u.Name.Replace("weight_u", "weight_orig", StringComparison.Ordinal)].Tensor, u.Tensor, u.Name.StartsWith("conv_transpose", StringComparison.Ordinal) ? 1 : 0))];

    private static double Largest((Tensor Weight, Tensor Vector, int Axis) layer)
    {
        using Tensor normal = Runtime(layer);
        using Tensor values = linalg.svdvals(normal);
        return values[0].ToDouble();
    }

    private static Tensor Runtime((Tensor Weight, Tensor Vector, int Axis) layer)
    {
        using Tensor weight = GenDsl.Runtime.Layers.SpectralNorm(layer.Weight, layer.Vector, layer.Axis);
        using Tensor first = weight.transpose(0, layer.Axis);
        return first.flatten(1).detach();
    }

    [Fact]
    public void AtBirthAndInTraining_TheLargestSingularValueIsOne()
    {
        ITrainer trainer = Program.Value.Create("Game", ("seed", "3"), ("batch", "16"), ("lr", "0.0002"));
        List<(Tensor, Tensor, int)> layers = Layers(State(trainer, "D"));
        Assert.Equal(4, layers.Count);
        Assert.All(layers, l => Assert.Equal(1, Largest(l), 0.05));
        List<(Tensor, Tensor, int)> all = [.. layers, .. Layers(State(trainer, "D_avg"))];
        List<double> found = [];
        for (int i = 0; i < 15; i++)
        {
            TrainedProgram.Step(trainer, 20, Data);
            found.AddRange(all.Select(Largest));
        }

        // A single iteration lags behind while one singular value overtakes another, which in layers this small is often.
        Assert.All(found, s => Assert.Equal(1, s, 0.05));
        Assert.Equal(1, found.Average(), 0.01);
    }

    [Fact]
    public void Vectors_AreNotLearned_AndAreOfTheNetAlone()
    {
        ITrainer trainer = Program.Value.Create("Game", ("batch", "16"));
        StateTable d = State(trainer, "D");
        Assert.Equal(8, d.Learned.Count);
        Assert.DoesNotContain(d.Learned, s => s.Role == StateRole.PowerVector);
        Assert.Contains(d, s => s.Name == "linear1.weight_u");
        TrainedProgram.Step(trainer, 3, Data);
        foreach (StateTensor u in d.Where(s => s.Role == StateRole.PowerVector))
        {
            Assert.Equal(1, u.Tensor.norm().ToDouble(), 1e-5);
        }

        // An average's weight is another one, and so is its vector.
        Tensor own = State(trainer, "D_avg")["conv1.weight_u"].Tensor;
        Assert.NotEqual(d["conv1.weight_u"].Tensor.data<float>().ToArray(), own.data<float>().ToArray());
    }

    [Fact]
    public void AnAverage_TakesNoPartOfTheVectors_AndIteratesWithItsOwnWeights()
    {
        using ITrainer trainer = Program.Value.Create("Game", ("seed", "3"), ("batch", "16"), ("keep", "0.5"));
        TrainedProgram.Step(trainer, 2, Data);
        StateTable average = State(trainer, "D_avg");
        List<(Tensor Weight, Tensor Vector, int Axis)> layers = Layers(average);
        Tensor[] before = [.. layers.Select(l => l.Vector.clone())];
        TrainedProgram.Step(trainer, 1, Data);
        foreach (((Tensor weight, Tensor vector, int axis), Tensor u) in layers.Zip(before))
        {
            using var scope = NewDisposeScope();
            Tensor matrix = weight.detach().transpose(0, axis).flatten(1), right = matrix.t().mv(u), left = matrix.mv(right / right.norm());
            TensorAssert.Close(left / left.norm(), vector, 1e-6);
        }

        // Half of the other net's vector is in none of them, and they are their own through a checkpoint.
        using var folder = new TemporaryFolder();
        using ITrainer resumed = trainer.Descriptor.Load(trainer.Save(folder.Path), new OptionBag());
        TensorAssert.Same(trainer.State, resumed.State);
        TrainedProgram.Step(trainer, 2, Data);
        TrainedProgram.Step(resumed, 2, Data);
        TensorAssert.Same(trainer.State, resumed.State);
    }

    [Fact]
    public void OnlyMovesOfTheWeight_AdvanceItsVector()
    {
        ITrainer frozen = Program.Value.Create("Frozen", ("batch", "16"));
        Dictionary<string, float[]> before = State(frozen, "D").ToDictionary(s => s.Name, s => s.Tensor.data<float>().ToArray());
        TrainedProgram.Step(frozen, 4, Data);
        Assert.All(State(frozen, "D"), s => Assert.Equal(before[s.Name], s.Tensor.data<float>().ToArray()));

        ITrainer game = Program.Value.Create("Game", ("batch", "16"));
        StateTable d = State(game, "D");
        TrainedProgram.Step(game, 1, Data);
        (Tensor Weight, Tensor Vector, int Axis) layer = Layers(d)[0];
        using Tensor u = layer.Vector.clone();
        TrainedProgram.Step(game, 1, Data);

        // One iteration of the paper's algorithm with the weight that the move has left.
        using Tensor matrix = layer.Weight.detach().flatten(1);
        using Tensor right = matrix.t().mv(u);
        using Tensor left = matrix.mv(right / right.norm());
        TensorAssert.Close(left / left.norm(), layer.Vector, 1e-6);
    }

    [Fact]
    public void TheGradient_TakesTheVectorsForConstants()
    {
        using Tensor weight = Draws.Root(1, CPU, ScalarType.Float64).At("w").Normal(4, 3, 2);
        using Tensor u = Draws.Root(1, CPU, ScalarType.Float64).At("u").Normal(4);
        u.div_(u.norm());
        weight.requires_grad_();
        using Tensor normal = GenDsl.Runtime.Layers.SpectralNorm(weight, u, 0);
        using Tensor g = Draws.Root(1, CPU, ScalarType.Float64).At("g").Normal(4, 3, 2);
        using Tensor loss = (normal * g).sum();
        using Tensor found = Gradients.Of(loss, [weight])[0]!;
        using Tensor matrix = weight.detach().flatten(1);
        using Tensor right = matrix.t().mv(u);
        using Tensor v = right / right.norm();
        using Tensor sigma = u.dot(matrix.mv(v));
        using Tensor along = (g * normal.detach()).sum();
        using Tensor expected = (g.flatten(1) - (along * u.outer(v))) / sigma;
        TensorAssert.Close(expected, found.flatten(1), 1e-12);

        // What multiplies the weight leaves the result alone.
        using Tensor scaled = weight.detach() * 7;
        using Tensor same = GenDsl.Runtime.Layers.SpectralNorm(scaled, u, 0);
        TensorAssert.Close(normal.detach(), same, 1e-12);
    }

    [Fact]
    public void APenaltyOnGradients_GoesThroughIt()
    {
        ITrainer trainer = Program.Value.Create("Penalised", ("seed", "2"), ("batch", "16"));
        List<double> values = [.. TrainedProgram.Step(trainer, 60, Data).SelectMany(r => r.Values.Select(v => v.Value))];
        Assert.All(values, v => Assert.True(double.IsFinite(v)));
        Assert.True(values[^1] < 0.9 * values[0], $"{values[0]} to {values[^1]}");
    }

    [Fact]
    public void SeveralMovesAtOnce_AndClips_AdvanceTheirOwn()
    {
        ITrainer trainer = Program.Value.Create("Several", ("seed", "2"), ("batch", "16"));
        TrainedProgram.Step(trainer, 30, Data);
        Assert.All(Layers(State(trainer, "D")).Concat(Layers(State(trainer, "E"))), l => Assert.Equal(1, Largest(l), 0.01));
        Assert.All(State(trainer, "D").Learned, s => Assert.InRange(s.Tensor.abs().max().ToDouble(), 0, 0.3f));
    }

    [Fact]
    public void StepsLeakNothing()
    {
        ITrainer trainer = Program.Value.Create("Several", ("batch", "16"));
        Source data = Data;
        TrainedProgram.Step(trainer, 2, data);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, data));
        ITrainer game = Program.Value.Create("Game", ("batch", "16"));
        TrainedProgram.Step(game, 2, data);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(game, 2, data));
    }
}
