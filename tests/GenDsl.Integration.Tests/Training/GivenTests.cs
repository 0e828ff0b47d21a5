using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Nets that arrive trained: their numbers are those of the run they come from, nothing moves them, and gradient passes through them.</summary>
public sealed class GivenTests
{
    private const string Text = """
        space Image = f32[6]
        net Map(n = 8)(x: Image) -> Image { x |> linear(n) |> batch_norm |> tanh |> linear(6) }
        trainer First(x: Image) {
            F = Map(); F_avg = ema(F, 0.5)
            minimize mean((F(x) - x)^2) over F with sgd(0.1)
        }
        trainer Alone(x: Image) {
            M = Map()
            minimize mean((M(x) - x)^2) over M with sgd(0.1)
        }
        trainer Second(x: Image) {
            G = Map(); given C = Map()
            report seen = mean(C(x))
            minimize mean((C(G(x)) - x)^2) over G with sgd(0.1)
            evaluate test(v: Image) { report error = mean((C(v) - v)^2) }
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("given_nets", Text));

    private static string Trained(Runtime.TemporaryFolder folder, string trainer)
    {
        using Source x = TrainedProgram.Numbers("x", 12, 6);
        using ITrainer made = Program.Value.Create(trainer, ("batch", "4"), ("seed", "3"));
        TrainedProgram.Step(made, 4, x);
        string run = Path.Combine(folder.Path, trainer);
        made.Save(Path.Combine(run, "checkpoints"));
        return run;
    }

    [Fact]
    public void ANet_ArrivesAsItWas_AndStaysSo_WhileGradientPasses()
    {
        using var folder = new Runtime.TemporaryFolder();
        string run = Trained(folder, "Alone");
        using ITrainer from = Program.Value.Descriptor("Alone").Load(Path.Combine(run, "checkpoints"), new OptionBag());
        using ITrainer second = Program.Value.Create("Second", ("batch", "4"), ("given.C", run));
        StateTable given = second.Nets.Single(n => n.Name == "C").State;
        Runtime.TensorAssert.Same(from.Nets.Single().State, given);
        Dictionary<string, torch.Tensor> before = TrainedProgram.Weights(second, "G");
        using Source x = TrainedProgram.Numbers("x", 12, 6);
        IReport report = TrainedProgram.Step(second, 3, x)[0];
        Runtime.TensorAssert.Same(from.Nets.Single().State, given);

        // A bias in front of a batch normalisation has no effect, and no gradient.
        Assert.All(TrainedProgram.Weights(second, "G").Where(pair => pair.Key != "linear1.bias"), pair => Assert.False(pair.Value.equal(before[pair.Key]).all().item<bool>(), pair.Key));
        Assert.All(given, item => Assert.False(item.Tensor.requires_grad));

        // In evaluation mode: the running statistics of where it comes from, on the first batch.
        using torch.Tensor order = Draws.Root(0, torch.CPU).At("feed").At("x").At(0).Permutation(12).narrow(0, 0, 4);
        using torch.Tensor rows = Draws.Root(5, torch.CPU).At("x").Normal(12, 6).index_select(0, order);
        Assert.Equal(Expected(given, rows).mean().item<float>(), report.Values.Single(v => v.Name == "seen").Value, 5);
        Assert.Matches("@[0-9a-f]{16}$", second.Options.Given["C"]);
    }

    [Fact]
    public void ARunResumes_WithoutTheRunItCameFrom()
    {
        using var folder = new Runtime.TemporaryFolder();
        string run = Trained(folder, "Alone");
        using Source x = TrainedProgram.Numbers("x", 12, 6);
        using ITrainer whole = Program.Value.Create("Second", ("batch", "4"), ("given.C", run));
        using ITrainer half = Program.Value.Create("Second", ("batch", "4"), ("given.C", run));
        TrainedProgram.Step(half, 2, x);
        string saved = half.Save(Path.Combine(folder.Path, "second"));
        Directory.Delete(run, recursive: true);
        using ITrainer resumed = Program.Value.Descriptor("Second").Load(saved, new OptionBag());
        Assert.Equal(half.Options.Given["C"], resumed.Options.Given["C"]);
        TrainedProgram.Step(whole, 5, x);
        TrainedProgram.Step(resumed, 3, x);
        Runtime.TensorAssert.Same(whole.State, resumed.State);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(whole, 10, x));
    }

    [Fact]
    public void WhichNet_HasToBeClear()
    {
        using var folder = new Runtime.TemporaryFolder();
        string run = Trained(folder, "First");
        Assert.Contains("Several nets", Wrong(run), StringComparison.Ordinal);
        using ITrainer average = Program.Value.Create("Second", ("given.C", run + ":F_avg"));
        using ITrainer first = Program.Value.Descriptor("First").Load(Path.Combine(run, "checkpoints"), new OptionBag());
        Runtime.TensorAssert.Same(first.Nets.Single(n => n.Name == "F_avg").State, average.Nets.Single(n => n.Name == "C").State);
        Assert.Contains("has no tensor 'Z.linear1.weight'", Wrong(run + ":Z"), StringComparison.Ordinal);
        Assert.Contains("There is no folder", Wrong(Path.Combine(folder.Path, "nowhere")), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherNumbers_AreNoticed()
    {
        using var folder = new Runtime.TemporaryFolder();
        string run = Trained(folder, "Alone");
        string given;
        using (ITrainer second = Program.Value.Create("Second", ("given.C", run)))
        {
            given = second.Options.Given["C"];
        }

        using Source x = TrainedProgram.Numbers("x", 12, 6);
        using (ITrainer more = Program.Value.Descriptor("Alone").Load(Path.Combine(run, "checkpoints"), new OptionBag()))
        {
            TrainedProgram.Step(more, 1, x);
            more.Save(Path.Combine(run, "checkpoints"));
        }

        Assert.Contains("has been trained on since", Wrong(given), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_IsGiven_WithoutASay()
    {
        Assert.Contains("nothing says from which run", Assert.Throws<GenDslException>(() => Program.Value.Create("Second")).Message, StringComparison.Ordinal);
        Assert.Contains("has no 'given D'", Assert.Throws<GenDslException>(() => Program.Value.Create("Second", ("given.D", "x"))).Message, StringComparison.Ordinal);
        Assert.Contains("takes no net that arrives trained", Assert.Throws<GenDslException>(() => Program.Value.Create("Alone", ("given.D", "x"))).Message, StringComparison.Ordinal);
    }

    private static string Wrong(string from) => Assert.Throws<GenDslException>(() => Program.Value.Create("Second", ("given.C", from))).Message;

    private static torch.Tensor Expected(StateTable net, torch.Tensor x)
    {
        torch.Tensor T(string name) => net[name].Tensor.detach();
        string norm = net.Select(s => s.Name).First(n => n.EndsWith(".running_mean", StringComparison.Ordinal))[..^".running_mean".Length];
        torch.Tensor h = x.matmul(T("linear1.weight").t()) + T("linear1.bias");
        h = (h - T(norm + ".running_mean")) / (T(norm + ".running_var") + 1e-5).sqrt() * T(norm + ".weight") + T(norm + ".bias");
        return h.tanh().matmul(T("linear2.weight").t()) + T("linear2.bias");
    }
}
