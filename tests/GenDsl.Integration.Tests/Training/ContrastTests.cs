using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Contrastive losses and queues against the same sums by hand (systems.md 40-42).</summary>
public sealed class ContrastTests
{
    private const string Text = """
        space Item = f32[6]
        space Start = f32[5] ~ normal(0, 1)
        net Map(x: Item) -> [5] { x |> linear(5) }
        trainer Pairs(t = 0.5)(x: [N; Item]) {
            F = Map()
            a = unit(F(x))
            b = unit(F(2 * x + 1))
            minimize nt_xent(a, b, t: t) over F with sgd(0.1)
            report swapped = nt_xent(b, a, t: t)
            report longer = nt_xent(unit(3 * a), unit(7 * b), t: t)
        }
        trainer Same(t = 0.5)(x: [N; Item]) {
            F = Map()
            a = unit(F(x) * 0 + 1)
            minimize nt_xent(a, a, t: t) over F with sgd(0.1)
            report among = batch_info_nce(a, a, t: t)
        }
        trainer Queue(size = 5, m = 0.5, t = 0.2)(x: [N; Item]) {
            Q = Map(); K = ema(Q, m)
            state keys: [size; 5] = unit(draw(Start, size))
            q = unit(Q(x))
            k = unit(K(x))
            minimize info_nce(q, positive: k, negatives: keys, t: t) over Q with sgd(0.1)
            keys <- enqueue(keys, k)
        }
        space Clip = f32[2, 9]
        net Frames(x: Clip) -> [4, 9] { x |> conv(4, kernel: 1) }
        net Ahead(k: int)(z: [d, t]) -> [k * d, t] { z |> conv(k * d, kernel: 1) }
        trainer Predict(ahead = 3)(x: [N; Clip]) where ahead <= 8 {
            E = Frames(); W = Ahead(ahead)
            z = E(x)
            told = W(z)
            total = 0
            for k in 1..ahead + 1 {
                guess = told |> narrow(0, (k - 1) * 4, 4) |> narrow(-1, 0, 9 - k)
                total = total + batch_info_nce(sites(guess), sites(narrow(z, -1, k, 9 - k)))
            }
            minimize total / ahead over (E, W) with sgd(0.1)
        }
        trainer Grid(x: [N; Clip]) {
            E = Frames()
            z = E(x)
            report same = mean((from_sites(sites(z), 9) - z)^2)
            minimize mean(sites(z)^2) over E with sgd(0.1)
        }
        trainer Sampled(x: [N; Item]) {
            F = Map()
            s = F(x)
            own = narrow(s, 0, 0, 1)
            others = narrow(s, 0, 1, 4)
            minimize sampled_softmax(own, others, 0 * own + log(0.2), 0 * others + log(0.2)) over F with sgd(0.1)
            report uneven = sampled_softmax(own, others, 0 * own + log(0.5), 0 * others + log(0.1))
            report whole = mean(cross_entropy(s, argmax(0 * s)))
        }
        trainer Masked(x: [N; Item]) {
            F = Map()
            z = F(x)
            s = similarity(z, z)
            report zero = sum(mask_self(s, 0)) - sum(s) + sum(z^2)
            report spread = sum(mask_self(all_rows(z) - reshape(z, 1, 5) + 1, 0)) - sum(all_rows(z) - reshape(z, 1, 5) + 1)
            minimize mean(s |> mask_self |> softmax) over F with sgd(0.1)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("contrast", Text));

    private static double Of(IReport report, string name) => report.Values.Single(v => v.Name == name).Value;

    [Fact]
    public void NtXent_IsTheMeanOverAllOrderedPairs_AndSymmetric()
    {
        const int N = 4;
        using ITrainer trainer = Program.Value.Create("Pairs", ("batch", "4"));
        using Source x = TrainedProgram.Numbers("x", N, 6);
        Dictionary<string, Tensor> born = TrainedProgram.Weights(trainer, "F");
        using Tensor rows = Draws.Root(5, CPU).At("x").Normal([N, 6]);
        Tensor Feature(Tensor data) => nn.functional.normalize(data.mm(born["linear1.weight"].t()) + born["linear1.bias"], 2, 1);
        double[][] z = [.. new[] { Feature(rows), Feature((2 * rows) + 1) }.SelectMany(v => Enumerable.Range(0, N).Select(i => v[i].to(ScalarType.Float64).data<double>().ToArray()))];
        double Dot(int i, int j) => z[i].Zip(z[j], (a, b) => a * b).Sum() / 0.5;
        double wanted = Enumerable.Range(0, 2 * N).Average(i => -Dot(i, (i + N) % (2 * N)) + Math.Log(Enumerable.Range(0, 2 * N).Where(j => j != i).Sum(j => Math.Exp(Dot(i, j)))));
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];
        Assert.Equal(wanted, Of(report, "F"), 1e-5);
        Assert.Equal(wanted, Of(report, "swapped"), 1e-5);
        Assert.Equal(wanted, Of(report, "longer"), 1e-5);
        TrainedProgram.Step(trainer, 1, x);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, x));
    }

    [Fact]
    public void WhereAllIsAlike_TheLossesAreTheLogarithmsOfHowManyThereAre()
    {
        using ITrainer trainer = Program.Value.Create("Same", ("batch", "8"));
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];
        Assert.Equal(Math.Log(15), Of(report, "F"), 1e-6);
        Assert.Equal(Math.Log(8), Of(report, "among"), 1e-6);
    }

    [Fact]
    public void AQueue_IsFirstInFirstOut_OfUnitKeys_AndGetsNoGradient()
    {
        using ITrainer trainer = Program.Value.Create("Queue", ("batch", "2"), ("m", "0"));
        using Source x = TrainedProgram.Numbers("x", 2, 6);
        using Tensor rows = Draws.Root(5, CPU).At("x").Normal([2, 6]);
        Tensor keys = trainer.State["keys"].Tensor;
        using Tensor first = keys.clone();
        using Tensor norms = first.norm(1, false, 2f);
        Assert.True(norms.sub(1).abs().max().ToDouble() < 1e-5);
        Dictionary<string, Tensor> born = TrainedProgram.Weights(trainer, "Q");
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];

        // The average was born as a copy: the keys are the queries.
        Tensor feature = nn.functional.normalize(rows.mm(born["linear1.weight"].t()) + born["linear1.bias"], 2, 1);
        Tensor now = trainer.State["keys"].Tensor;
        TensorAssert.Same(first[2..], now[..3]);
        Assert.False(now.requires_grad);
        Assert.True(now[3..].sub(feature).abs().max().ToDouble() < 1e-6 || now[3..].flip(0).sub(feature).abs().max().ToDouble() < 1e-6);
        Tensor logits = cat([ones(2, 1), feature.mm(first.t())], 1) / 0.2;
        Assert.Equal(logits.logsumexp(1).mean().ToDouble() - 5, Of(report, "Q"), 1e-4);

        // With m = 0 the average is a copy after each step.
        Dictionary<string, Tensor> moved = TrainedProgram.Weights(trainer, "Q");
        TensorAssert.Same(moved["linear1.weight"], trainer.State["K.linear1.weight"].Tensor);
        Assert.False(moved["linear1.weight"].equal(born["linear1.weight"]).all().item<bool>());

        // After three batches of two none of the first five is left.
        TrainedProgram.Step(trainer, 2, x);
        using Tensor left = trainer.State["keys"].Tensor.unsqueeze(1).eq(first).all(2).any();
        Assert.False(left.item<bool>());
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, x));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void WhatIsToCome_IsToldFromAllOtherMoments(int ahead)
    {
        using ITrainer trainer = Program.Value.Create("Predict", ("batch", "2"), ("ahead", ahead.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        using Source x = TrainedProgram.Numbers("x", 2, 2, 9);
        using Tensor rows = Draws.Root(5, CPU).At("x").Normal([2, 2, 9]);
        Tensor Apply(string net, Tensor to) => nn.functional.conv1d(to, trainer.State[net + ".conv1.weight"].Tensor.detach().clone(), trainer.State[net + ".conv1.bias"].Tensor.detach().clone());
        Tensor z = Apply("E", rows), told = Apply("W", z);
        double total = 0;
        for (int k = 1; k <= ahead; k++)
        {
            List<Tensor> guesses = [], wanted = [];
            for (int n = 0; n < 2; n++)
            {
                for (int t = 0; t + k < 9; t++)
                {
                    guesses.Add(told[n, ((k - 1) * 4)..(k * 4), t]);
                    wanted.Add(z[n, .., t + k]);
                }
            }

            Tensor scores = torch.stack(guesses).mm(torch.stack(wanted).t());
            total += (scores.logsumexp(1) - scores.diagonal()).mean().ToDouble() / ahead;
        }

        Assert.Equal(total, Of(TrainedProgram.Step(trainer, 1, x)[0], "E_W"), 1e-4);
        TrainedProgram.Step(trainer, 1, x);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, x));
        Assert.Contains("8", Assert.ThrowsAny<Exception>(() => Program.Value.Create("Predict", ("batch", "2"), ("ahead", "9"))).Message, StringComparison.Ordinal);
    }

    // With each other class drawn once, and as likely as any, it is the softmax over all; what is drawn more often counts for less.
    [Fact]
    public void ASampledSoftmax_OverAllClasses_IsTheSoftmax()
    {
        using ITrainer trainer = Program.Value.Create("Sampled", ("batch", "4"));
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        Dictionary<string, Tensor> born = TrainedProgram.Weights(trainer, "F");
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];
        Assert.Equal(Of(report, "whole"), Of(report, "F"), 1e-5);
        using Tensor rows = Draws.Root(5, CPU).At("x").Normal([4, 6]);
        using Tensor logits = rows.mm(born["linear1.weight"].t()) + born["linear1.bias"] - log(tensor(new[] { 0.5f, 0.1f, 0.1f, 0.1f, 0.1f }));
        Assert.Equal((logits.logsumexp(1) - logits[.., 0]).mean().ToDouble(), Of(report, "uneven"), 1e-4);
    }

    [Fact]
    public void SitesAndBack_IsNothing()
    {
        using ITrainer trainer = Program.Value.Create("Grid", ("batch", "2"));
        using Source x = TrainedProgram.Numbers("x", 2, 2, 9);
        Assert.Equal(0, Of(TrainedProgram.Step(trainer, 1, x)[0], "same"));
    }

    [Fact]
    public void AQueueTakesTheLastRows_OfMoreThanItHolds()
    {
        using Tensor queue = arange(6, ScalarType.Float32).reshape(3, 2);
        using Tensor more = arange(10, ScalarType.Float32).reshape(5, 2) + 100;
        TensorAssert.Same(more[2..], BatchRows.Enqueue(queue, more));
        TensorAssert.Same(cat([queue[1..], more[..1]]), BatchRows.Enqueue(queue, more[..1]));
    }

    [Fact]
    public void WhatARowHasWithItself_DoesNotCount()
    {
        using ITrainer trainer = Program.Value.Create("Masked", ("batch", "3"));
        using Source x = TrainedProgram.Numbers("x", 3, 6);
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];
        Assert.Equal(0, Of(report, "zero"), 1e-5);

        // all_rows(z) - z is 0 where a row meets itself: 1 for each of 5 features of 3 rows made way for 0.
        Assert.Equal(-15, Of(report, "spread"), 1e-4);

        using Tensor s = CompiledSquare();
        using Tensor other = s + (eye(3) * 100);
        TensorAssert.Same(BatchRows.MaskSelf(s, double.NegativeInfinity).softmax(1), BatchRows.MaskSelf(other, double.NegativeInfinity).softmax(1));
        using Tensor leaf = s.clone().requires_grad_();
        using Tensor sum = BatchRows.MaskSelf(leaf, double.NegativeInfinity).softmax(1)[.., 0].sum();
        Tensor slope = Gradients.Of(sum, [leaf])[0]!;
        Assert.True(slope.isfinite().all().item<bool>());
        Assert.Equal(0, slope.diagonal().abs().max().ToDouble());
    }

    [Theory]
    [InlineData("similarity(F(x), F(y)) |> mask_self", "GEN3065", "the first axis is made of those of 'y'")]
    [InlineData("(all_rows(reshape(F(x), 5)) * reshape(F(x), 1, 5)) |> transpose |> mask_self", "GEN3065", "not made of rows")]
    [InlineData("nt_xent(F(x), F(y))", "GEN3008", "")]
    [InlineData("similarity(F(x), rows(F(x), permutation(N))) |> mask_self", "GEN3065", "pairs of the same rows")]
    [InlineData("enqueue(F(y), F(x))", "GEN4002", "")]
    [InlineData("reshape(x, 1, 2, 3) |> crop(1, top: 0.5 + 0.5 * mean(unit(F(x)), per: sample), left: 0 * mean(x, per: sample) |> clamp(0, 1))", "GEN4002", "")]
    [InlineData("from_sites(F(x), 3)", "GEN3061", "'copies(x, 3)', 'sites' or 'patches'")]
    [InlineData("enqueue(F(x), x)", "GEN3001", "the queue and 'x' of one shape")]
    public void PairsOfOtherRows_AreRejected(string expression, string code, string says)
    {
        string text = "space Item = f32[6]\nnet Map(x: Item) -> [5] { x |> linear(5) }\ntrainer T(x: [N; Item], y: [N; Item]) {\n    F = Map()\n    v = " + expression + "\n    minimize mean(v) over F with sgd(0.1)\n}\n";
        var file = GenDsl.Dsl.GenCompiler.Check(new GenDsl.Dsl.Text.GenSource("wrong.gen", "gen 1\n" + text), GenDsl.Dsl.Catalog.CatalogueTable.Standard);
        Assert.Contains(file.Diagnostics, d => d.Code == code && d.Message.Contains(says, StringComparison.Ordinal));
    }

    private static Tensor CompiledSquare() => Draws.Root(1, CPU).At("s").Normal(3, 3);
}
