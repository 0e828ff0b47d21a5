using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>What the semi-supervised methods are known to do, on the shipped models themselves: figures are added to their texts.</summary>
public sealed class SemiSupervisedTests
{
    private static readonly Dictionary<string, Lazy<TrainedProgram>> Programs = new[] { "consistency", "vat", "uda", "mixmatch", "noisy_student" }
        .ToDictionary(name => name, name => new Lazy<TrainedProgram>(() => new TrainedProgram(name, Text(name))));

    public static TheoryData<string, string> Trainers => new()
    {
        { "consistency", "EntropyMinimization" }, { "consistency", "PiModel" }, { "consistency", "PseudoLabel" }, { "vat", "Vat" }, { "uda", "Uda" }, { "mixmatch", "MixMatch" },
    };

    [Theory]
    [MemberData(nameof(Trainers))]
    public async Task EachMethod_LearnsItsLabels_AlwaysInTheSameWay_AndLeavesNothing(string file, string name)
    {
        using Source labeled = Labeled(12), unlabeled = Unlabeled(48);
        ITrainer Create() => Programs[file].Value.Create(name, ("batch", "6"), ("width", "4"), ("lr", "0.01"), ("seed", "3"), ("report_every", "5"));
        using ITrainer trainer = Create(), twin = Create();
        List<IReport> reports = await Fit(trainer, 60, labeled, unlabeled);
        // Uda leaves out of the figure what it knows already.
        Assert.True(Supervised(reports[^1]) < (name == "Uda" ? 0.97 : 0.8) * Supervised(reports[0]), $"{Supervised(reports[0])} -> {Supervised(reports[^1])}");
        await Fit(twin, 60, labeled, unlabeled);
        Assert.All(trainer.State.Zip(twin.State), pair => Assert.True(pair.First.Tensor.equal(pair.Second.Tensor).all().item<bool>(), pair.First.Name));
        using ITrainer single = Create();
        TrainedProgram.Step(single, 2, labeled, unlabeled);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(single, 2, labeled, unlabeled));
    }

    // A loss that cannot count leaves what other images say without a say.
    [Theory]
    [InlineData("consistency", "EntropyMinimization", "weight", "0.0")]
    [InlineData("consistency", "PiModel", "weight", "0.0")]
    [InlineData("consistency", "PseudoLabel", "sure", "1.01")]
    [InlineData("uda", "Uda", "sure", "1.01")]
    public async Task WithoutTheirWeight_OnlyTheLabelsAreLearnedFrom(string file, string name, string option, string value)
    {
        using Source labeled = Labeled(12), one = Unlabeled(48), other = Unlabeled(48, "other");
        (string, string)[] early = name == "PseudoLabel" ? [("start", "-1.0")] : [];
        async Task<Dictionary<string, Tensor>> After(Source unlabeled, string set)
        {
            using ITrainer trainer = Programs[file].Value.Create(name, [("batch", "6"), ("width", "4"), ("seed", "3"), (option, set), .. early]);
            await Fit(trainer, 3, labeled, unlabeled);
            return TrainedProgram.Weights(trainer, "F");
        }

        Dictionary<string, Tensor> without = await After(one, value), elsewhere = await After(other, value), with = await After(one, option == "sure" ? "0.0" : "5.0");
        Assert.All(without, w => Runtime.TensorAssert.Same(w.Value, elsewhere[w.Key]));
        Assert.Contains(without, w => !w.Value.equal(with[w.Key]).all().item<bool>());
    }

    // Calls of the net, those through which it learns, and those that write statistics.
    [Theory]
    [InlineData("consistency", "EntropyMinimization", 2, 2, 2)]
    [InlineData("consistency", "PiModel", 3, 2, 1)]
    [InlineData("consistency", "PseudoLabel", 2, 2, 2)]
    [InlineData("vat", "Vat", 4, 4, 2)]
    [InlineData("uda", "Uda", 3, 2, 2)]
    [InlineData("mixmatch", "MixMatch", 2, 1, 1)]
    public void NoGradientGoesIntoTargets(string file, string name, int calls, int recorded, int learning)
    {
        IrTrainer trainer = GenCompiler.Check(new GenSource(file + ".gen", Text(file))).Ir.Trainers.Single(t => t.Name == name);
        List<InvokeOp> all = [.. trainer.Steps.SelectMany(s => s.Statements).OfType<IrOpStatement>().Select(s => s.Op).OfType<InvokeOp>()];
        Assert.Equal((calls, recorded, learning), (all.Count, all.Count(c => c.IsRecorded), all.Count(c => c.Learns.Count > 0)));
    }

    [Fact]
    public void ThePerturbationOfVat_HasItsLength_AndRaisesTheDivergenceMoreThanAnyOther()
    {
        IReport report = Reported("vat", "Vat", """
                report shortest = min(norm(r, per: sample))
                report longest = max(norm(r, per: sample))
                report found = mean(kl(target, F(u + r as Image)))
                report random = mean(kl(target, F(u + eps * unit(normal(0, 1, like: u), per: sample) as Image)))
                report none = mean(kl(target, F(u)))
            """, ("eps", "0.5"));
        Assert.Equal(0.5, Figure(report, "shortest"), 1e-4);
        Assert.Equal(0.5, Figure(report, "longest"), 1e-4);
        Assert.True(Figure(report, "found") > 4 * Figure(report, "random"), $"{Figure(report, "found")} and {Figure(report, "random")}");
        Assert.Equal(0, Figure(report, "none"), 1e-6);
    }

    [Fact]
    public void OfABinaryLogisticModel_ThePerturbationIsAlongItsWeight()
    {
        const string model = """
            space Point = f32[20]
            net F(x: Point) -> [2] {
                l = x |> linear(1)
                concat(l, 0 * l)
            }
            trainer Direction(xi = 1e-2)(u: Point) {
                C = F()
                target = stop(C(u))
                d = unit(normal(0, 1, like: u), per: sample)
                push = grad(sum(kl(target, C(u + xi * d))), d)
                r = unit(stop(push), per: sample)
                along = grad(sum(C(u)), u)
                cosine = abs(sum(r * unit(stop(along), per: sample), per: sample))
                report least = min(cosine)
                at_zero = 0 * d
                report none = max(abs(grad(sum(kl(target, C(u + at_zero))), at_zero)))
                minimize mean(kl(target, C(u + r))) over C with sgd(0.1)
            }
            """;
        using ITrainer trainer = new TrainedProgram("logistic", model).Create("Direction", ("batch", "16"));
        using Source u = TrainedProgram.Numbers("u", 64, 20);
        IReport report = TrainedProgram.Step(trainer, 1, u)[0];
        Assert.True(Figure(report, "least") > 0.999, $"{Figure(report, "least")}");
        Assert.Equal(0, Figure(report, "none"), 1e-6);
    }

    [Fact]
    public void ThePerturbedPassesOfVat_WriteNoStatistics()
    {
        string normal = Text("vat").Replace("conv(width, kernel: 3)", "conv(width, kernel: 3) |> batch_norm", StringComparison.Ordinal);
        string without = normal.Replace(" + smooth * divergence", "", StringComparison.Ordinal);
        Assert.NotEqual(normal, without);
        using Source labeled = Labeled(12), unlabeled = Unlabeled(48);
        Dictionary<string, Tensor> Statistics(string name, string text)
        {
            using ITrainer trainer = new TrainedProgram(name, text).Create("Vat", ("batch", "6"), ("width", "4"), ("seed", "3"));
            TrainedProgram.Step(trainer, 1, labeled, unlabeled);
            return trainer.Nets.Single(n => n.Name == "F").State.Where(s => s.Role == StateRole.Statistic).ToDictionary(s => s.Name, s => s.Tensor.clone());
        }

        Dictionary<string, Tensor> plain = Statistics("vat_plain", without);
        Assert.Equal(2, plain.Count);
        Assert.All(Statistics("vat_normal", normal), s => Runtime.TensorAssert.Same(plain[s.Key], s.Value));
    }

    [Fact]
    public void UnderNoChange_UdaHasNothingToSay_AndTemperatureOneLeavesTheTargets()
    {
        IReport same = Reported("uda", "Uda", "    report plain = mean(kl(target, F(hard(u))))\n    report all = consistency\n", ("weak", "0"), ("strong", "0"), ("t", "1"), ("sure", "0"));
        Assert.Equal((0.0, 1.0), (Math.Round(Figure(same, "all"), 6), Figure(same, "share")));
        Assert.Equal(0, Figure(same, "plain"), 1e-6);

        // The mask asks what the targets are before they are sharpened: at this temperature all would be sure.
        IReport cold = Reported("uda", "Uda", "    report sharp = mean(max(softmax(target / t), over: 0) >= sure)\n", ("t", "0.0001"), ("sure", "0.8"));
        Assert.Equal((0.0, 1.0), (Figure(cold, "share"), Math.Round(Figure(cold, "sharp"), 1)));
    }

    [Theory]
    [InlineData(1, 0.1, 1.0)]
    [InlineData(2, 0.106064, 1.0)]
    [InlineData(3, 0.1, 0.993936)]
    [InlineData(0, 1.9, 1.9)]
    public void TheSignalIsAnnealed_FromOneOverKToOne(int annealing, double atFirst, double atLast)
    {
        string level = Text("uda").Split('\n').Single(l => l.TrimStart().StartsWith("level = ", StringComparison.Ordinal));
        foreach ((string progress, double wanted) in new[] { ("0.0", atFirst), ("1.0", atLast) })
        {
            string text = $$"""
                space Point = f32[2]
                net G(x: Point) { x |> linear(1) }
                trainer At(annealing: int >= 0 = 2)(x: Point) {
                    F = G()
                {{level.Replace("progress", progress, StringComparison.Ordinal)}}
                    report limit = mean(0 * x + 0.1 + 0.9 * level)
                    minimize mean(F(x)) over F with sgd(0.1)
                }
                """;
            using ITrainer trainer = new TrainedProgram("annealed", text).Create("At", ("annealing", annealing.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("batch", "4"));
            using Source x = TrainedProgram.Numbers("x", 8, 2);
            Assert.Equal(wanted, Figure(TrainedProgram.Step(trainer, 1, x)[0], "limit"), 1e-5);
        }
    }

    [Fact]
    public void MixMatch_KeepsMoreOfEachImage_MixesNothingAtAlphaZero_AndGivesTheViewsOneTarget()
    {
        const string figures = """
                report least = min(own)
                report sums = mean(abs(sum(labels, per: sample) - 1))
                (first, second) = split(copies(guess, k), N)
                report apart = max(abs(first - guess))
                report mixed = mean(abs(lerp(rows(images, other), images, own) - images))
            """;
        IReport report = Reported("mixmatch", "MixMatch", figures);
        Assert.InRange(Figure(report, "least"), 0.5, 1);
        Assert.Equal((0.0, 0.0), (Math.Round(Figure(report, "sums"), 5), Math.Round(Figure(report, "apart"), 6)));
        Assert.True(Figure(report, "mixed") > 0.01);
        Assert.Equal(0, Figure(Reported("mixmatch", "MixMatch", figures, ("alpha", "1e-6")), "mixed"), 1e-6);
    }

    [Fact]
    public void PseudoLabels_AreTakenFromWhatIsSure_AndTheirWeightRisesInTheMiddle()
    {
        string rise = Text("consistency").Split('\n').Single(l => l.TrimStart().StartsWith("rise = ", StringComparison.Ordinal));
        foreach ((string progress, double wanted) in new[] { ("0.0", 0), ("0.1", 0), ("0.3", 0.5), ("0.5", 1), ("0.9", 1.0) })
        {
            string text = $$"""
                space Point = f32[2]
                net G(x: Point) { x |> linear(1) }
                trainer At(start = 0.1, full = 0.5)(x: Point) {
                    F = G()
                {{rise.Replace("progress", progress, StringComparison.Ordinal)}}
                    report weight = mean(0 * x + rise)
                    minimize mean(F(x)) over F with sgd(0.1)
                }
                """;
            using ITrainer trainer = new TrainedProgram("rising", text).Create("At", ("batch", "4"));
            using Source x = TrainedProgram.Numbers("x", 8, 2);
            Assert.Equal(wanted, Figure(TrainedProgram.Step(trainer, 1, x)[0], "weight"), 1e-5);
        }
    }

    [Fact]
    public async Task ATeacherWithoutNoise_StandsStill_WhileItsStudentLearns()
    {
        IrTrainer plan = GenCompiler.Check(new GenSource("noisy_student.gen", Text("noisy_student"))).Ir.Trainers.Single();
        List<InvokeOp>[] calls = [.. plan.Steps.Select(s => s.Statements.OfType<IrOpStatement>().Select(o => o.Op).OfType<InvokeOp>().ToList())];
        Assert.Equal(["T", "", "", "", "S S", ""], calls.Select(c => string.Join(" ", c.Select(i => i.Module.Name + (i.Manner == CallManner.Plain ? "" : $"({i.Manner})")))));
        Assert.All(calls.SelectMany(c => c), c => Assert.True(c.IsRecorded));
        InvokeOp told = Assert.Single(plan.Collected.Single().Collect!.Body.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<InvokeOp>());
        Assert.Equal(("T", false), (told.Module.Name, told.IsRecorded));

        using Source labeled = Labeled(12), unlabeled = Unlabeled(48);
        ITrainer Create(string rounds) => Programs["noisy_student"].Value.Create("NoisyStudent", ("batch", "6"), ("width", "2"), ("teach", "4"), ("learn", "2"), ("sure", "0"), ("per_class", "30"), ("rounds", rounds), ("seed", "3"));
        using ITrainer none = Create("0"), two = Create("2");
        await Fit(none, RunLength.OfPlan, labeled, unlabeled);
        await Fit(two, RunLength.OfPlan, labeled, unlabeled);

        // The first teacher is kept; each student stands in the place of its teacher at the end.
        Dictionary<string, Tensor> first = TrainedProgram.Weights(two, "First"), last = TrainedProgram.Weights(two, "T");
        Assert.All(TrainedProgram.Weights(none, "T"), w => Runtime.TensorAssert.Same(w.Value, first[w.Key]));
        Assert.All(TrainedProgram.Weights(two, "S"), w => Runtime.TensorAssert.Same(w.Value, last[w.Key]));
        Assert.Contains(first, w => !w.Value.equal(last[w.Key]).all().item<bool>());
    }

    private static string Text(string name) => File.ReadAllText(Repository.PathOf("models", name + ".gen")).ReplaceLineEndings("\n");

    // The shipped text with more figures, and a step of it.
    private static IReport Reported(string file, string name, string figures, params (string, string)[] options)
    {
        string text = Text(file);
        int at = text.IndexOf("\n    minimize ", StringComparison.Ordinal) + 1;
        using ITrainer trainer = new TrainedProgram(file + "_figures", text.Insert(at, figures.ReplaceLineEndings("\n").TrimEnd() + "\n")).Create(name, [("batch", "6"), ("width", "4"), ("seed", "3"), .. options]);
        using Source labeled = Labeled(12), unlabeled = Unlabeled(48);
        return TrainedProgram.Step(trainer, 1, labeled, unlabeled)[0];
    }

    private static Task<List<IReport>> Fit(ITrainer trainer, long steps, Source labeled, Source unlabeled) => Fit(trainer, RunLength.Steps(steps), labeled, unlabeled);

    private static async Task<List<IReport>> Fit(ITrainer trainer, RunLength length, Source labeled, Source unlabeled)
    {
        List<IReport> reports = [];
        await foreach (StepReport report in trainer.Fit(new Dictionary<string, Source> { ["labeled"] = labeled, ["unlabeled"] = unlabeled }, length))
        {
            reports.Add(report);
        }

        return reports;
    }

    private static double Figure(IReport report, string name) => report.Values.Single(v => v.Name == name).Value;

    private static double Supervised(IReport report) => Figure(report, "supervised");

    private static Source Labeled(int rows)
    {
        using Tensor classes = arange(rows, ScalarType.Int64);
        return new Source("labeled", [Images("x", rows), new Column("y", ElementKind.Class, 10, 0, 9, classes.remainder(10))]);
    }

    private static Source Unlabeled(int rows, string draw = "u") => new("unlabeled", [Images("u", rows, draw)]);

    private static Column Images(string name, int rows, string? draw = null) =>
        new(name, ElementKind.Real, 0, -1, 1, Draws.Root(5, CPU).At(draw ?? name).Uniform(-1, 1, rows, 1, 28, 28));
}
