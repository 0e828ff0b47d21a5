using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Sources that a plan makes of others: <c>collect pseudo = unlabeled { v = u, q = softmax(T(u)) } where c balance k to n</c>.</summary>
public sealed class CollectTests
{
    private const string Text = """
        space Code = f32[3]
        space Kind = class[3]
        space Noise = f32[3] ~ normal(0, 1)
        net Guess(x: Code) -> [3] { x |> linear(3) |> dropout(0.5) }
        net Seen(x: Code) -> [3] { x |> linear(3, bias: false) }
        trainer Chosen(each: int >= 1 = 4, least = 0.0)(labeled: [N; { x: Code }], unlabeled: [2 * N; { u: Code }]) {
            T = Guess()
            collect sure = unlabeled { v = u, twice = 2 * u, kind = argmax(u), q = T(u) } where max(u, over: 0) > least balance argmax(u) to each
            /// Each collected row, once per pass.
            phase learn for 2 epochs of sure {
                right = mean((twice - 2 * v)^2)
                minimize mean((T(v) - q)^2) + 0 * right + 0 * mean(T(x)) + 0 * mean(correct(v, kind)) over T with sgd(0.1)
                report agree = mean(correct(v, kind))
                report apart = right
            }
        }
        trainer Rounds(rounds: int >= 0 = 2)(x: Code) {
            T = Guess(); S = Guess()
            phase teach for 3 steps { minimize mean((T(x) - x)^2) over T with sgd(0.1) }
            for round in 0..rounds {
                collect told = x { v = x, noisy = x + draw(Noise), q = softmax(T(x)) } where sum(x, per: sample) > 0
                S <- fresh
                phase learn for 2 epochs of told { minimize mean(cross_entropy(S(noisy), q)) + 0 * mean(S(v)) over S with adam(1e-2) }
                T <- S
            }
        }
        space Wide = f32[t]
        net Each(x: Wide) -> [2, t] { x |> reshape(1, t) |> conv(2, kernel: 3) }
        trainer Sized(x: Wide) {
            F = Each()
            collect doubled = x { both = concat(x, x), graph_free = F(x) } where max(x, over: 0) > 0.5
            phase learn for 2 steps { minimize mean((F(narrow(both, 0, 0, t)) - graph_free)^2) + 0 * mean(reshape(narrow(both, 0, 0, t), t)) over F with sgd(0.1) }
            evaluate each(a: Wide, b: Wide) { report first = mean(reshape(F(a), 2 * t)^2); report second = mean(reshape(F(b), 2 * t)^2) }
        }
        trainer Twice(x: Code) {
            W = Seen()
            collect some = x { a = x, b = x, c = 2 * x, d = c } where max(x, over: 0) > 0.5
            phase learn for 1 epochs of some { minimize mean((W(a) - b)^2) + 0 * mean(c - d) over W with sgd(0.1); report apart = mean((c - d)^2) + mean((c - 2 * b)^2) }
        }
        trainer All(x: Code) {
            W = Seen()
            collect half = x { v = x }
            phase learn for 1 epochs of half { minimize mean((W(v) - v)^2) over W with sgd(0.1) }
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("collect", Text));

    // Row i is biggest in number i mod 3; rows of number 2 are rare, and below 0 in all numbers.
    private static Source Rows(int count)
    {
        using Tensor noise = Draws.Root(7, CPU, ScalarType.Float32).At("rows").Uniform(0, 1, count, 3);
        using Tensor peaks = nn.functional.one_hot(tensor(Enumerable.Range(0, count).Select(i => i % 10 == 9 ? 2L : i % 2).ToArray()), 3).to(ScalarType.Float32);
        return new Source("rows", [new Column("code", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, (peaks * 2) + noise - 1)]);
    }

    private static (object Feed, Tensor Rows) Collected(ITrainer trainer, string name)
    {
        object collected = Private(trainer, "_collected");
        object rows = collected.GetType().GetProperty("Item")!.GetValue(collected, [name])!;
        return (rows, (Tensor)rows.GetType().GetProperty("Rows")!.GetValue(rows)!);
    }

    private static object Private(object of, string name)
    {
        for (Type? type = of.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(name, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance) is { } field)
            {
                return field.GetValue(of)!;
            }
        }

        throw new InvalidOperationException(name);
    }

    private static Dictionary<string, Source> Data(Source rows) => new() { ["labeled"] = rows, ["unlabeled"] = rows };

    private static async Task<List<StepReport>> Fit(ITrainer trainer, Dictionary<string, Source> data, RunLength? length = null)
    {
        List<StepReport> reports = [];
        await foreach (StepReport report in trainer.Fit(data, length ?? RunLength.OfPlan))
        {
            reports.Add(report);
        }

        return reports;
    }

    [Fact]
    public async Task Classes_AreCutAndRepeated_ToSoManyRows()
    {
        using Source rows = Rows(60);
        using ITrainer trainer = Program.Value.Create("Chosen", ("batch", "2"), ("each", "8"));
        (string, long, long) told = default;
        trainer.RowsCollected += (name, count, of) => told = (name, count, of);
        List<StepReport> reports = await Fit(trainer, Data(rows));

        // 3 classes of 8 rows in batches of 4, twice, behind the step that collects them.
        Assert.Equal(("sure", 24L, 60L), told);
        Assert.Equal(1 + 12, trainer.GlobalStep);
        (_, Tensor chosen) = Collected(trainer, "sure");
        long[] numbers = [.. chosen.data<long>()];
        Assert.Equal(8, numbers.Count(n => n % 10 == 9));
        Assert.Equal(8, numbers.Count(n => n % 10 != 9 && n % 2 == 0));

        // 6 rare rows: two of them come twice, and none is left out; of the 30 frequent ones 8 stay, spread over all.
        Assert.Equal(6, numbers.Where(n => n % 10 == 9).Distinct().Count());
        long[] frequent = [.. numbers.Where(n => n % 2 == 0)];
        Assert.Equal(8, frequent.Distinct().Count());
        Assert.True(frequent.Max() - frequent.Min() > 45);

        // What stands beside a row is of the same row.
        Assert.All(reports.Where(r => r.Values.Any(v => v.Name == "agree")), r =>
        {
            Assert.Equal(1.0, r.Values.Single(v => v.Name == "agree").Value);
            Assert.Equal(0.0, r.Values.Single(v => v.Name == "apart").Value);
        });
        Assert.Contains(reports, r => r.Values.Any(v => v.Name == "agree"));
    }

    [Fact]
    public async Task ACondition_LeavesRowsOut_AndTooFewAreSaid()
    {
        using Source rows = Rows(60);
        using ITrainer strict = Program.Value.Create("Chosen", ("batch", "2"), ("each", "3"), ("least", "1.5"));
        await Fit(strict, Data(rows));
        long[] numbers = [.. Collected(strict, "sure").Rows.data<long>()];
        using Tensor code = rows.Columns[0].As(new SpaceInfo("Code", ElementKind.Real, 0, [3], double.NegativeInfinity, double.PositiveInfinity)).Gather(tensor(numbers), Draws.Root(0, CPU));
        Assert.All(code.amax([1]).data<float>().ToArray(), most => Assert.True(most > 1.5));

        using ITrainer none = Program.Value.Create("Chosen", ("batch", "2"), ("least", "9"));
        GenDslException error = await Assert.ThrowsAsync<GenDslException>(() => Fit(none, Data(rows)));
        Assert.Contains("'sure' has 0 of 60 rows, fewer than one batch of 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NetsRunWithoutTheirNoise_AndAllRows_StayWithoutACondition()
    {
        using Source rows = Rows(30);
        using ITrainer trainer = Program.Value.Create("Chosen", ("batch", "1"), ("each", "10"), ("least", "-5"));
        await Fit(trainer, Data(rows), RunLength.Steps(1));
        (object collected, Tensor numbers) = Collected(trainer, "sure");
        var columns = (Tensor[])collected.GetType().GetProperty("Columns")!.GetValue(collected)!;
        StateTable net = trainer.Nets.Single().State;
        using Tensor all = rows.Columns[0].As(new SpaceInfo("Code", ElementKind.Real, 0, [3], double.NegativeInfinity, double.PositiveInfinity)).Gather(numbers, Draws.Root(0, CPU));
        TensorAssert.Close(nn.functional.linear(all, net["linear1.weight"].Tensor, net["linear1.bias"].Tensor), columns[2], 1e-6);
        Assert.False(columns[2].requires_grad);
        Assert.Equal(ScalarType.Int64, columns[1].dtype);

        // With a condition alone, just the rows that meet it, in order.
        using Source some = TrainedProgram.Numbers("x", 40, 3);
        using Tensor raw = some.Columns[0].As(new SpaceInfo("Code", ElementKind.Real, 0, [3], double.NegativeInfinity, double.PositiveInfinity)).Gather(arange(40), Draws.Root(0, CPU));
        using ITrainer twice = Program.Value.Create("Twice", ("batch", "2"));
        List<StepReport> reports = await Fit(twice, new() { ["x"] = some });
        float[] most = raw.amax([1]).data<float>().ToArray();
        long[] wanted = [.. Enumerable.Range(0, 40).Where(i => most[i] > 0.5).Select(i => (long)i)];
        Assert.InRange(wanted.Length, 10, 35);
        Assert.Equal(wanted, Collected(twice, "some").Rows.data<long>());
        Assert.Equal(0.0, reports[^1].Values.Single(v => v.Name == "apart").Value);

        using Source x = TrainedProgram.Numbers("x", 21, 3);
        using ITrainer whole = Program.Value.Create("All", ("batch", "7"));
        await Fit(whole, new() { ["x"] = x });
        Assert.Equal(Enumerable.Range(0, 21).Select(i => (long)i), Collected(whole, "half").Rows.data<long>());
        Assert.Equal(1 + 3, whole.GlobalStep);
    }

    [Fact]
    public async Task SizesOfTheData_AreToldByWhatWasCollected()
    {
        using Source x = TrainedProgram.Numbers("x", 30, 5);
        using ITrainer trainer = Program.Value.Create("Sized", ("batch", "4"));
        await Fit(trainer, new() { ["x"] = x });
        Assert.Equal(3, trainer.GlobalStep);

        // A size of each source by itself.
        using Source longer = TrainedProgram.Numbers("x", 6, 7);
        Assert.Equal(2, trainer.Evaluate("each", new Dictionary<string, Source> { ["a"] = x, ["b"] = longer }).Count);
    }

    [Fact]
    public async Task WhatIsDrawn_IsDrawnAnewInEachRound()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 3);
        Dictionary<string, Source> data = new() { ["x"] = x };
        using ITrainer trainer = Program.Value.Create("Rounds", ("batch", "4"));
        List<Tensor> noise = [];
        trainer.RowsCollected += (name, _, _) =>
        {
            var columns = (Tensor[])Collected(trainer, name).Feed.GetType().GetProperty("Columns")!.GetValue(Collected(trainer, name).Feed)!;
            noise.Add(columns[0].clone());
        };
        await Fit(trainer, data);
        Assert.Equal(2, noise.Count);
        Assert.Equal(noise[0].shape, noise[1].shape);
        Assert.False((noise[0] == noise[1]).any().item<bool>());
    }

    [Fact]
    public async Task ARun_ResumesAnywhere_WithTheRowsThatItHad()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 3);
        Dictionary<string, Source> data = new() { ["x"] = x };
        using ITrainer whole = Program.Value.Create("Rounds", ("batch", "4"), ("seed", "5"));
        await Fit(whole, data);
        Assert.True(whole.GlobalStep > 10);
        for (int steps = 1; steps < whole.GlobalStep; steps++)
        {
            using var folder = new TemporaryFolder();
            using (ITrainer start = Program.Value.Create("Rounds", ("batch", "4"), ("seed", "5")))
            {
                await Fit(start, data, RunLength.Steps(steps));
                start.Save(folder.Path);
            }

            using ITrainer rest = Program.Value.Descriptor("Rounds").Load(folder.Path, new OptionBag());
            await Fit(rest, data);
            Assert.Equal(whole.GlobalStep, rest.GlobalStep);
            TensorAssert.Same(whole.State, rest.State);
        }

        // The rows of other data are other rows.
        using var late = new TemporaryFolder();
        using (ITrainer start = Program.Value.Create("Rounds", ("batch", "4")))
        {
            await Fit(start, data, RunLength.Steps(6));
            start.Save(late.Path);
        }

        using Source fewer = TrainedProgram.Numbers("x", 39, 3);
        using ITrainer other = Program.Value.Descriptor("Rounds").Load(late.Path, new OptionBag());
        await Assert.ThrowsAsync<GenDslException>(() => Fit(other, new() { ["x"] = fewer }));
    }

    [Fact]
    public async Task EachRound_CollectsAnew_AndLeavesNoTensorBehind()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 3);
        Dictionary<string, Source> data = new() { ["x"] = x };
        using ITrainer trainer = Program.Value.Create("Rounds", ("batch", "4"), ("rounds", "6"));
        List<long> ends = [];
        trainer.RowsCollected += (_, _, _) => ends.Add(trainer.GlobalStep);
        await Fit(trainer, data);
        Assert.Equal(6, ends.Count);
        long round = ends[2] - ends[1];

        using ITrainer again = Program.Value.Create("Rounds", ("batch", "4"), ("rounds", "6"));
        await Fit(again, data, RunLength.Steps(ends[2] + 1));
        long before = LiveTensors.Count();
        new TorchSharp.Modules.Parameter(zeros(2)).Dispose();
        long each = LiveTensors.Count() - before;
        before = LiveTensors.Count();
        await Fit(again, data, RunLength.Steps(ends[3] + 1));
        Assert.Equal(round, ends[3] - ends[2]);
        Assert.InRange(LiveTensors.Count(), 0, before + (each * 2));
    }
}
