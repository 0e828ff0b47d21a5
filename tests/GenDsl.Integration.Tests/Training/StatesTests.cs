using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>States, histories and functions of trainers: their numbers, who gets gradient, and that a run resumes with them.</summary>
public sealed class StatesTests
{
    private const string Text = """
        space Image = f32[6]
        space Latent = f32[3] ~ normal(0, 1)
        net Map(x: Image) -> Image { x |> linear(6, bias: false) }
        net Gen(z: Latent) -> Image { z |> linear(6) }
        net Filters(x: Image) { x |> linear(12) |> reshape(3, 4) |> conv(5, kernel: 3) |> conv_transpose(2, kernel: 2, stride: 2) |> flatten |> linear(2) }
        net Head(x: Image) { x |> linear(1, bias: false) }
        loss score(D: net(S) -> [1], x: S) { mean(D(x)) }

        trainer Centred(rate = 0.25)(x: Image) {
            F = Map()
            state center: [6] = constant(2.0)
            before = center
            minimize mean((F(x) - center)^2) over F with sgd(0.1)
            center <- lerp(center, mean(x, over: rows), rate)
            report kept = sum(before^2)
            report now = sum(center^2)
        }
        trainer Kept(x: [N; Image]) {
            F = Map()
            state last: [N; 6] = zeros
            y = F(x)
            report gap = mean(mean(last, over: -1))
            minimize mean((mean(last, over: rows) - mean(y, over: rows))^2) over F with sgd(0.1)
            last <- y
        }
        trainer Fixed(refs = 4)(x: Image) {
            G = Gen(); D = Head()
            state ref = draw(Latent, refs)
            state doubled = 2 * mean(ref, over: rows)
            make(z) = split(G(join(ref, z)), refs)
            judge(v) = D(v - 1)
            (_, fake) = make(draw(Latent))
            minimize score(judge, x) - mean(judge(fake)) over D with sgd(0.1)
            minimize sum(G(draw(Latent))^2) / 100 + sum(doubled^2) over G with sgd(0.1)
            sample image = G(draw(Latent))
        }
        trainer Written(refs = 4)(x: Image) {
            G = Gen(); D = Head()
            state ref = draw(Latent, refs)
            state doubled = 2 * mean(ref, over: rows)
            (_, fake) = split(G(join(ref, draw(Latent))), refs)
            minimize mean(D(x - 1)) - mean(D(fake - 1)) over D with sgd(0.1)
            minimize sum(G(draw(Latent))^2) / 100 + sum(doubled^2) over G with sgd(0.1)
            sample image = G(draw(Latent))
        }
        trainer Pooled(n = 5)(x: Image) {
            F = Map(); D = Head()
            old = history(n)
            seen = old(F(x))
            report first = mean(seen)
            minimize mean(D(seen)) - mean(D(x)) over D with sgd(0.1)
            minimize mean((F(x) - x)^2) over F with sgd(0.1)
        }
        trainer Pulled(pull = 3.0)(x: Image) {
            F = Map(); F_mean = running_mean(F)
            apart = distance2(F, F_mean)
            minimize mean((F(x) - 1)^2) + pull * apart over F with sgd(0.1)
        }
        trainer Orthogonal(x: Image) {
            F = Filters(); F_avg = ema(F, 0.9)
            minimize 0.5 * off_diagonal_gram(F) + 0 * mean(F(x)) over F with sgd(0.01)
            report of_average = off_diagonal_gram(F_avg)
        }
        trainer Plan(x: Image) {
            F = Map()
            state count: [6] = zeros
            old = history(3)
            phase one for 2 steps {
                minimize mean((F(x) - count)^2) over F with sgd(0.1)
                count <- count + 1
            }
            phase two for 2 steps {
                repeat 2 {
                    minimize mean((F(x) - mean(old(x), over: rows))^2) over F with sgd(0.1)
                    count <- 2 * count
                }
            }
        }
        """;

    [Fact]
    public void ProductsOfDifferentFilters_AndTheirSlope()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer trainer = Program.Value.Create("Orthogonal", ("batch", "4"));
        using var scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> before = TrainedProgram.Weights(trainer, "F");
        double wanted = 0;
        foreach ((string name, torch.Tensor w) in before.Where(w => w.Key.EndsWith("weight", StringComparison.Ordinal)).ToList())
        {
            // The filters of a transposed convolution are [in, out, ...].
            bool isTransposed = name.Contains("transpose", StringComparison.OrdinalIgnoreCase);
            torch.Tensor turned = isTransposed ? w.transpose(0, 1) : w;
            torch.Tensor filters = turned.flatten(1);
            torch.Tensor gram = filters.matmul(filters.t());
            torch.Tensor off = gram - torch.diag(gram.diagonal());
            wanted += off.pow(2).sum().ToDouble();

            // dR/dW = 4 (W W^T o (1 - I)) W.
            torch.Tensor moved = turned - (0.01 * 0.5 * 4 * off.matmul(filters).reshape(turned.shape));
            before[name] = isTransposed ? moved.transpose(0, 1) : moved;
        }

        Assert.True(wanted > 0.01);
        IReadOnlyDictionary<string, double> figures = Figures(TrainedProgram.Step(trainer, 1, x)[0]);
        Assert.Equal(0.5 * wanted, figures["F"], 3);
        foreach ((string name, torch.Tensor after) in TrainedProgram.Weights(trainer, "F"))
        {
            Runtime.TensorAssert.Close(before[name], after, 1e-5);
        }
    }

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("states_of_trainers", Text));

    private static IReadOnlyDictionary<string, double> Figures(IReport report) => report.Values.ToDictionary(v => v.Name, v => v.Value);

    [Fact]
    public void WhatWasRead_StaysAsItWas_WhenAStateIsWritten()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer trainer = Program.Value.Create("Centred", ("batch", "4"));
        using torch.Tensor w = TrainedProgram.Weights(trainer, "F").Values.Single();
        using torch.Tensor rows = Draws.Root(5, torch.CPU).At("x").Normal(4, 6);
        IReadOnlyDictionary<string, double> figures = Figures(TrainedProgram.Step(trainer, 1, x)[0]);
        using torch.Tensor wanted = (rows.mean([0]) * 0.25) + 1.5;
        Runtime.TensorAssert.Close(wanted, trainer.State["center"].Tensor, 1e-6);
        Assert.Equal(24, figures["kept"], 4);
        Assert.Equal(wanted.pow(2).sum().item<float>(), figures["now"], 4);
        Assert.Equal((rows.matmul(w.t()) - 2).pow(2).mean().item<float>(), figures["F"], 4);
    }

    [Fact]
    public void AState_GetsNoGradient_AndKeepsTheRowsOfABatch()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer trainer = Program.Value.Create("Kept", ("batch", "4"));
        TrainedProgram.Step(trainer, 1, x);
        using torch.Tensor last = trainer.State["last"].Tensor.clone();
        Assert.False(trainer.State["last"].Tensor.requires_grad);
        Assert.Equal(StateRole.State, trainer.State["last"].Role);
        using torch.Tensor w = trainer.State["F.linear1.weight"].Tensor.detach().clone().requires_grad_(true);
        IReadOnlyDictionary<string, double> figures = Figures(TrainedProgram.Step(trainer, 1, x)[0]);
        Assert.Equal(last.mean().item<float>(), figures["gap"], 5);

        // The gradient is that through y alone.
        using torch.Tensor rows = Draws.Root(5, torch.CPU).At("x").Normal(4, 6);
        using torch.Tensor loss = (last.mean([0]) - rows.matmul(w.t()).mean([0])).pow(2).mean();
        loss.backward();
        using torch.Tensor moved = w.detach() - (0.1 * w.grad!);
        Runtime.TensorAssert.Close(moved, trainer.State["F.linear1.weight"].Tensor, 1e-5);
    }

    [Fact]
    public void AFunction_IsItsText_WhereverItIsCalled()
    {
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        using ITrainer shorter = Program.Value.Create("Fixed", ("batch", "4"));
        using ITrainer longer = Program.Value.Create("Written", ("batch", "4"));
        Runtime.TensorAssert.Same(longer.State["ref"].Tensor, shorter.State["ref"].Tensor);
        using torch.Tensor doubled = shorter.State["ref"].Tensor.mean([0]) * 2;
        Runtime.TensorAssert.Close(doubled, shorter.State["doubled"].Tensor, 1e-6);
        TrainedProgram.Step(shorter, 1, x);
        TrainedProgram.Step(longer, 1, x);

        // Sites of draws have the name that the statement binds, '_' and 'fake': what does not draw in a function is the same bit for bit.
        Runtime.TensorAssert.Close(longer.State["G.linear1.bias"].Tensor, shorter.State["G.linear1.bias"].Tensor, 1e-6);
        using torch.Tensor image = shorter.Sample("image", new SampleRequest(3), out _);
        Assert.Equal([3, 6], image.shape);
    }

    [Fact]
    public void AHistory_FillsUp_ThenSwapsHalfTheTime()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer trainer = Program.Value.Create("Pooled", ("batch", "4"));
        List<torch.Tensor> pool = [];
        for (int step = 0; step < 6; step++)
        {
            using torch.Tensor w = TrainedProgram.Weights(trainer, "F").Values.Single();
            IReport report = TrainedProgram.Step(trainer, 1, x)[0];

            // The batch is the whole source, in the order of this pass.
            using torch.Tensor order = Draws.Root(0, torch.CPU).At("feed").At("x").At(step).Permutation(4);
            using torch.Tensor rows = Draws.Root(5, torch.CPU).At("x").Normal(4, 6).index_select(0, order).matmul(w.t());
            using torch.Tensor chances = Draws.Root(0, torch.CPU).At("seen").At(step).Uniform(0, 1, 4, 2);
            double sum = 0;
            for (int i = 0; i < 4; i++)
            {
                torch.Tensor row = rows[i].clone();
                torch.Tensor shown = row;
                if (pool.Count < 5)
                {
                    pool.Add(row);
                }
                else if (chances[i, 0].item<float>() < 0.5f)
                {
                    int slot = (int)(chances[i, 1].item<float>() * 5);
                    (shown, pool[slot]) = (pool[slot], row);
                }

                sum += shown.mean().item<float>();
            }

            Assert.Equal(sum / 4, Figures(report)["first"], 5);
            Assert.Equal(pool.Count, trainer.State["old.held"].Tensor.item<long>());
            for (int slot = 0; slot < pool.Count; slot++)
            {
                Runtime.TensorAssert.Close(pool[slot], trainer.State["old"].Tensor[slot], 1e-5);
            }
        }
    }

    [Fact]
    public void TheDistanceToTheMean_PullsBack()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer pulled = Program.Value.Create("Pulled", ("batch", "4"));
        using ITrainer free = Program.Value.Create("Pulled", ("batch", "4"), ("pull", "0"));
        Assert.Equal(0, Figures(TrainedProgram.Step(pulled, 1, x)[0])["apart"], 9);
        TrainedProgram.Step(free, 1, x);
        using torch.Tensor w = TrainedProgram.Weights(pulled, "F").Values.Single();
        using torch.Tensor mean = pulled.State["F_mean.linear1.weight"].Tensor.detach().clone();
        using torch.Tensor way = w - mean;
        Runtime.TensorAssert.Close(w, free.State["F.linear1.weight"].Tensor, 0);
        Assert.Equal(way.pow(2).sum().item<float>(), Figures(TrainedProgram.Step(pulled, 1, x)[0])["apart"], 6);
        TrainedProgram.Step(free, 1, x);
        using torch.Tensor wanted = free.State["F.linear1.weight"].Tensor.detach() - (0.1 * 3 * 2 * way);
        Runtime.TensorAssert.Close(wanted, pulled.State["F.linear1.weight"].Tensor, 1e-6);
    }

    [Fact]
    public void PhasesShareTheirStates()
    {
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        using ITrainer trainer = Program.Value.Create("Plan", ("batch", "4"));
        TrainedProgram.Step(trainer, 4, x);
        using torch.Tensor wanted = torch.full([6], 32f);
        Runtime.TensorAssert.Close(wanted, trainer.State["count"].Tensor, 0);
    }

    [Theory]
    [InlineData("Centred")]
    [InlineData("Kept")]
    [InlineData("Fixed")]
    [InlineData("Pooled")]
    [InlineData("Pulled")]
    [InlineData("Plan")]
    public void NothingLeaks_AndARunResumes(string name)
    {
        using var folder = new Runtime.TemporaryFolder();
        using Source x = TrainedProgram.Numbers("x", 12, 6);
        using ITrainer whole = Program.Value.Create(name, ("batch", "4"));
        using ITrainer half = Program.Value.Create(name, ("batch", "4"));
        TrainedProgram.Step(half, 2, x);
        using ITrainer resumed = Program.Value.Descriptor(name).Load(half.Save(folder.Path), new OptionBag());
        TrainedProgram.Step(whole, 4, x);
        TrainedProgram.Step(resumed, 2, x);
        Runtime.TensorAssert.Same(whole.State, resumed.State);
        if (name != "Plan")
        {
            TrainedProgram.NoLeak(() => TrainedProgram.Step(whole, 10, x));
        }
    }
}
