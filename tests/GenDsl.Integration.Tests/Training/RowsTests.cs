using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Rows that are joined, split, copied and looked at together: the figures are those of the same sums by hand, with the gradient that goes through them.</summary>
public sealed class RowsTests
{
    private const string Text = """
        space Image = f32[6]
        space Latent = f32[3] ~ normal(0, 1)
        net Map(x: Image) { x |> linear(6, bias: false) }
        net Gen(z: Latent) -> Image { z |> linear(6) }
        net Head(x: Image) { x |> linear(1, bias: false) }
        net Coupled(b: int = 2, c: int = 3)(f: [N; a]) -> [N; a + b] {
            m = f |> linear(b * c, bias: false) |> reshape(1, b, c)
            apart = sum(abs(all_rows(m |> reshape(b, c)) - m), over: -1)
            concat(f, sum(exp(-apart), over: 0) - 1)
        }
        net Disc(x: [N; Image]) { x |> Coupled() |> linear(1, bias: false) }
        net Reference(refs: int)(x: [refs + n; a]) -> [refs + n; a] {
            (r, y) = split(x, refs)
            join(r - 1, y * 3)
        }
        /// Statistics of the reference rows, and of each other row among them.
        net ByReference(refs: int)(x: [refs + n; c]) -> [refs + n; c] {
            (r, y) = split(x, refs)
            k = 1 / (refs + 1)
            m = mean(all_rows(r), over: 0)
            q = mean(all_rows(r)^2, over: 0)
            my = k * y + (1 - k) * m
            qy = k * y^2 + (1 - k) * q
            join((r - m) / (abs(q - m^2) + 0.1)^0.5, (y - my) / (abs(qy - my^2) + 0.1)^0.5)
        }
        loss info_nce(a: [N; d], b: [N; d], t: float) {
            s = sum(all_rows(b) * reshape(a, 1, d), over: 1) / t
            mean(log(sum(exp(s), over: 0)) - sum(a * b, per: sample) / t)
        }

        trainer Joined(mu = 2)(x: [N; Image], u: [mu * N; Image]) {
            F = Map()
            (a, b) = split(F(join(x, u)), N)
            report first = mean((a - x)^2)
            report second = mean((b - u)^2)
            report copied = mean((mean_copies(join(u, 3 * u), 2) - 2 * u)^2)
            minimize mean((a - x)^2) + mean((b - u)^2) over F with sgd(0.1)
        }
        trainer Apart(mu = 2)(x: [N; Image], u: [mu * N; Image]) {
            F = Map()
            minimize mean((F(x) - x)^2) + mean((F(u) - u)^2) over F with sgd(0.1)
        }
        trainer Copied(k = 3)(x: Image) {
            F = Map()
            y = F(copies(x, k))
            minimize mean((mean_copies(y, k) - x)^2) over F with sgd(0.1)
        }
        trainer Plain(x: Image) {
            F = Map()
            minimize mean((F(x) - x)^2) over F with sgd(0.1)
        }
        trainer Contrast(t = 0.5)(x: Image) {
            F = Map()
            a = F(x)
            nce = info_nce(a, x, t)
            minimize nce over F with sgd(0.1)
            report norms = mean(norm(x, over: 0))
            report centre = sum(mean(x, over: rows)^2)
        }
        trainer Batchwise(x: Image) {
            D = Disc()
            score = mean(D(x))
            minimize score over D with sgd(0.1)
        }
        trainer Shuffled(x: [N; Image]) {
            F = Map()
            p = permutation(N)
            minimize mean((rows(F(rows(x, p)), inverse(p)) - x)^2) over F with sgd(0.1)
        }
        trainer Mixed(mu = 2)(x: [N; Image], u: [mu * N; Image]) {
            F = Map()
            both = join(x, u)
            s = permutation(N + mu * N)
            (a, b) = split(F(lerp(rows(both, s), both, 0.75)), N)
            first = mean(a)
            minimize first + mean(b^2) over F with sgd(0.1)
        }
        trainer Imle(pool = 5)(x: [N; Image]) {
            G = Gen()
            z = draw(Latent, pool * N)
            i = nearest(x, among: G(z))
            near = mean(sum((G(rows(z, i)) - x)^2, per: sample))
            minimize near over G with sgd(0.1)
        }
        trainer Virtual(refs = 3)(x: [N; Image]) {
            H = Head(); B = ByReference(refs)
            state ref: [refs; Image] = normal(0, 1)
            (r, y) = split(B(join(ref, x)), refs)
            report first = mean(abs(r))
            report second = mean(abs(y))
            minimize mean(H(y)) over H with sgd(0.1)
        }
        trainer Drawn(refs = 3)(x: [N; Image], u: [2 * N; Image]) {
            G = Gen(); R = Reference(refs); H = Head()
            old = draw(Latent, refs)
            (o, fake) = split(R(join(G(old), G(draw(Latent)))), refs)
            met = mean((G(draw(Latent)) - u)^2)
            minimize met + mean(H(fake)) + mean(H(o)) + mean(H(x)) over (G, H) with adam(1e-2)
            sample image = G(draw(Latent))
            evaluate test(v: Image) {
                report twice = mean(H(join(v, copies(v, 2))))
            }
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("rows_of_trainers", Text));

    private static IReadOnlyDictionary<string, double> Figures(IReport report) => report.Values.ToDictionary(v => v.Name, v => v.Value);

    [Fact]
    public void WhatIsJoined_IsSplitAgain_WithTheGradientOfBoth()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using Source u = TrainedProgram.Numbers("u", 8, 6);
        using ITrainer joined = Program.Value.Create("Joined", ("batch", "4"));
        using ITrainer apart = Program.Value.Create("Apart", ("batch", "4"));
        using torch.Tensor w = TrainedProgram.Weights(joined, "F").Values.Single();
        IReadOnlyDictionary<string, double> figures = Figures(TrainedProgram.Step(joined, 1, x, u)[0]);
        TrainedProgram.Step(apart, 1, x, u);
        Runtime.TensorAssert.Close(apart.State["F.linear1.weight"].Tensor, joined.State["F.linear1.weight"].Tensor, 1e-5);

        // The batch is the whole source, in some order.
        using torch.Tensor rows = Rows("x", 4), others = Rows("u", 8);
        Assert.Equal(Error(rows, w), figures["first"], 5);
        Assert.Equal(Error(others, w), figures["second"], 5);
        Assert.Equal(0, figures["copied"], 6);
        Assert.Equal(1.0, joined.Epoch, 9);
    }

    [Fact]
    public void TheMeanOfCopies_IsTheValueItself()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer copied = Program.Value.Create("Copied", ("batch", "4"));
        using ITrainer plain = Program.Value.Create("Plain", ("batch", "4"));
        TrainedProgram.Step(copied, 3, x);
        TrainedProgram.Step(plain, 3, x);
        Runtime.TensorAssert.Close(plain.State["F.linear1.weight"].Tensor, copied.State["F.linear1.weight"].Tensor, 1e-5);
    }

    [Fact]
    public void Contrasts_AreThoseOfTheWholeBatch_AndSoIsTheirGradient()
    {
        using Source x = TrainedProgram.Numbers("x", 5, 6);
        using ITrainer trainer = Program.Value.Create("Contrast", ("batch", "5"));
        using torch.Tensor w = trainer.State["F.linear1.weight"].Tensor.detach().clone().requires_grad_(true);
        IReadOnlyDictionary<string, double> figures = Figures(TrainedProgram.Step(trainer, 1, x)[0]);
        using torch.Tensor rows = Rows("x", 5);
        using torch.Tensor a = rows.matmul(w.t());
        using torch.Tensor scores = a.matmul(rows.t()) / 0.5;
        using torch.Tensor loss = torch.nn.functional.cross_entropy(scores, torch.arange(5));
        loss.backward();
        using torch.Tensor moved = w.detach() - (0.1 * w.grad!);
        Assert.Equal(loss.item<float>(), figures["nce"], 4);
        Runtime.TensorAssert.Close(moved, trainer.State["F.linear1.weight"].Tensor, 1e-4);
        Assert.Equal(rows.norm(1).mean().item<float>(), figures["norms"], 4);
        Assert.Equal(rows.mean([0]).pow(2).sum().item<float>(), figures["centre"], 5);
    }

    [Fact]
    public void FeaturesOfTheMinibatch_AreThoseOfThePaper()
    {
        using Source x = TrainedProgram.Numbers("x", 5, 6);
        using ITrainer trainer = Program.Value.Create("Batchwise", ("batch", "5"));
        using torch.Tensor t = trainer.State["D.coupled.linear1.weight"].Tensor.detach().clone();
        using torch.Tensor w = trainer.State["D.linear1.weight"].Tensor.detach().clone();
        double found = Figures(TrainedProgram.Step(trainer, 1, x)[0])["score"];
        using torch.Tensor rows = Rows("x", 5);
        using torch.Tensor m = rows.matmul(t.t()).reshape(5, 2, 3);
        double sum = 0;
        for (int i = 0; i < 5; i++)
        {
            double score = rows[i].dot(w[0].narrow(0, 0, 6)).item<float>();
            for (int b = 0; b < 2; b++)
            {
                double close = Enumerable.Range(0, 5).Where(j => j != i).Sum(j => Math.Exp(-(m[i, b] - m[j, b]).abs().sum().item<float>()));
                score += close * w[0, 6 + b].item<float>();
            }

            sum += score;
        }

        Assert.Equal(sum / 5, found, 4);
    }

    [Fact]
    public void Draws_HaveTheRowsTheyMeet_OrSoManyAsAskedFor()
    {
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        using Source u = TrainedProgram.Numbers("u", 16, 6);
        using ITrainer trainer = Program.Value.Create("Drawn", ("batch", "4"), ("refs", "3"));
        Assert.All(TrainedProgram.Step(trainer, 3, x, u), r => Assert.True(Figures(r).Values.All(double.IsFinite)));
        using torch.Tensor image = trainer.Sample("image", new SampleRequest(5), out _);
        Assert.Equal([5, 6], image.shape);
        using Source v = TrainedProgram.Numbers("v", 7, 6);
        double twice = trainer.Evaluate("test", new Dictionary<string, Source> { ["v"] = v })[0].Value;
        using torch.Tensor rows = Rows("v", 7);
        using torch.Tensor w = trainer.State["H.linear1.weight"].Tensor.detach().clone();
        Assert.Equal(rows.matmul(w.t()).mean().item<float>(), twice, 4);
    }

    [Fact]
    public void AShuffledBatch_IsPutBack()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer shuffled = Program.Value.Create("Shuffled", ("batch", "4"));
        using ITrainer plain = Program.Value.Create("Plain", ("batch", "4"));
        TrainedProgram.Step(shuffled, 3, x);
        TrainedProgram.Step(plain, 3, x);
        Runtime.TensorAssert.Close(plain.State["F.linear1.weight"].Tensor, shuffled.State["F.linear1.weight"].Tensor, 1e-5);
    }

    [Fact]
    public void RowsAreMixed_WithThoseOfThePermutation()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using Source u = TrainedProgram.Numbers("u", 8, 6);
        using ITrainer trainer = Program.Value.Create("Mixed", ("batch", "4"));
        using torch.Tensor w = TrainedProgram.Weights(trainer, "F").Values.Single();
        double found = Figures(TrainedProgram.Step(trainer, 1, x, u)[0])["first"];
        using torch.Tensor both = torch.cat([Pulled("x", 4), Pulled("u", 8)], 0);
        using torch.Tensor order = Draws.Root(0, torch.CPU).At("s").At(0).Permutation(12);
        using torch.Tensor mixed = (both.index_select(0, order) * 0.25) + (both * 0.75);
        Assert.Equal(mixed.narrow(0, 0, 4).matmul(w.t()).mean().item<float>(), found, 5);
    }

    [Fact]
    public void VirtualBatchNormalisation_LooksAtTheReference_AndAtEachRowByItself()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer trainer = Program.Value.Create("Virtual", ("batch", "4"));
        IReadOnlyDictionary<string, double> figures = Figures(TrainedProgram.Step(trainer, 1, x)[0]);
        using torch.Tensor r = trainer.State["ref"].Tensor.clone(), y = Rows("x", 4);
        using torch.Tensor m = r.mean([0]), q = r.pow(2).mean([0]);
        using torch.Tensor first = (r - m) / ((q - m.pow(2)).abs() + 0.1).sqrt();
        using torch.Tensor my = (y * 0.25) + (m * 0.75), qy = (y.pow(2) * 0.25) + (q * 0.75);
        using torch.Tensor second = (y - my) / ((qy - my.pow(2)).abs() + 0.1).sqrt();
        Assert.Equal(first.abs().mean().item<float>(), figures["first"], 5);
        Assert.Equal(second.abs().mean().item<float>(), figures["second"], 5);
    }

    [Fact]
    public void EachRow_PicksTheNearestOfAll()
    {
        using Source x = TrainedProgram.Numbers("x", 4, 6);
        using ITrainer trainer = Program.Value.Create("Imle", ("batch", "4"));
        using torch.Tensor w = trainer.State["G.linear1.weight"].Tensor.detach().clone();
        using torch.Tensor b = trainer.State["G.linear1.bias"].Tensor.detach().clone();
        double found = Figures(TrainedProgram.Step(trainer, 1, x)[0])["near"];
        using torch.Tensor made = Draws.Root(0, torch.CPU).At("z").At(0).Normal(20, 3).matmul(w.t()) + b;
        using torch.Tensor distances = (Pulled("x", 4).unsqueeze(1) - made).pow(2).sum(-1);
        Assert.Equal(distances.min(1).values.mean().item<float>(), found, 4);
    }

    [Theory]
    [InlineData("Shuffled", 1)]
    [InlineData("Mixed", 2)]
    [InlineData("Imle", 1)]
    [InlineData("Virtual", 1)]
    [InlineData("Joined", 2)]
    [InlineData("Copied", 1)]
    [InlineData("Contrast", 1)]
    [InlineData("Batchwise", 1)]
    [InlineData("Drawn", 2)]
    public void NothingLeaks_AndARunResumes(string name, int sources)
    {
        using var folder = new Runtime.TemporaryFolder();
        using Source x = TrainedProgram.Numbers("x", 12, 6);
        using Source u = TrainedProgram.Numbers("u", 24, 6);
        Source[] data = sources == 1 ? [x] : [x, u];
        using ITrainer whole = Program.Value.Create(name, ("batch", "4"));
        using ITrainer half = Program.Value.Create(name, ("batch", "4"));
        TrainedProgram.Step(half, 2, data);
        using ITrainer resumed = Program.Value.Descriptor(name).Load(half.Save(folder.Path), new OptionBag());
        TrainedProgram.Step(whole, 5, data);
        TrainedProgram.Step(resumed, 3, data);
        Runtime.TensorAssert.Same(whole.State, resumed.State);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(whole, 10, data));
    }

    private static torch.Tensor Pulled(string name, int rows) => Rows(name, rows).index_select(0, Draws.Root(0, torch.CPU).At("feed").At(name).At(0).Permutation(rows));

    private static torch.Tensor Rows(string name, int rows) => Draws.Root(5, torch.CPU).At(name).Normal(rows, 6);

    private static double Error(torch.Tensor rows, torch.Tensor w)
    {
        using torch.Tensor error = (rows.matmul(w.t()) - rows).pow(2).mean();
        return error.item<float>();
    }
}
