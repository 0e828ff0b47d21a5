using System;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Integration.Tests.Data;
using GenDsl.Models.Consistency;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Few labelled images and many others: two sources of different batches, from the command line and from C#.</summary>
public sealed class TwoSourcesTests
{
    [Fact]
    public void TheCommandTakesAViewForOneSource_AndTheWholeForTheOther()
    {
        using var folder = new ScratchFolder();
        var path = Repository.PathOf("models", "consistency.gen");
        var run = Gendsl.Run($"train {path} --entry PiModel --data labeled=segment-digits@each=10 --data unlabeled=segment-digits --batch 20 --steps 3 --set width=4 --set mu=2 --seed 1 --threads 1 --out {folder["run"]}");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("data: labeled = segment-digits@each=10:train, 100 rows", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"data: unlabeled = segment-digits:train, [\d,]{5,} rows", run.Out);

        // All test images have their labels.
        var test = Gendsl.Run($"eval {folder["run"]}");
        Assert.True(test.Code == 0, test.Error);
        Assert.Contains("on labeled = segment-digits:test (2,000 rows)", test.Out, StringComparison.Ordinal);
        Assert.Contains("accuracy", test.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void TooFewLabelsForABatch_AreSaidToBe()
    {
        using var folder = new ScratchFolder();
        var run = Gendsl.Run($"train {Repository.PathOf("models", "consistency.gen")} --entry PiModel --data labeled=segment-digits@each=1 --data unlabeled=segment-digits --batch 20 --steps 1 --out {folder["run"]}");
        Assert.NotEqual(0, run.Code);
        Assert.Contains("'segment-digits@each=1:train' has 10 rows, fewer than one batch of 20. Give a smaller --batch.", run.Error, StringComparison.Ordinal);
    }

    // The only source of an evaluation is not the only one of training where they have nothing in common.
    [Fact]
    public void AnEvaluationOfOtherData_IsLeftOut_UntilItIsGivenSome()
    {
        using var folder = new ScratchFolder();
        System.IO.File.WriteAllText(folder["other.gen"], """
            gen 1
            space Point = f32[2]
            space Image = f32[1, 28, 28] in [0, 1]
            net Map(x: Point) -> [2] { x |> linear(2) }
            trainer T(x: Point) {
                F = Map()
                minimize mean((F(x) - x)^2) over F with sgd(0.1)
                evaluate light(v: Image) { report level = mean(v) }
            }
            """);
        var run = Gendsl.Run($"train {folder["other.gen"]} --data moons --batch 20 --epochs 2 --seed 1 --threads 1 --out {folder["run"]}");
        Assert.True(run.Code == 0, run.Error);
        var without = Gendsl.Run($"eval {folder["run"]}");
        Assert.NotEqual(0, without.Code);
        Assert.Contains("The evaluation 'light' reads 'v', which training did not. Give it data: --data v=NAME.", without.Error, StringComparison.Ordinal);
        var given = Gendsl.Run($"eval {folder["run"]} --data v=segment-digits@first=100");
        Assert.True(given.Code == 0, given.Error);
        Assert.Contains("level", given.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTypedTrainerTakesASourceForEach()
    {
        using Source labeled = DataSets.Open("segment-digits@each=10:train", new() { Rows = 1000 }), unlabeled = DataSets.Open("segment-digits:train", new() { Rows = 1000 });
        await using var trainer = new PseudoLabelTrainer(new() { Width = 4, Mu = 2, Batch = 20, Sure = 0, Seed = 1, ReportEvery = 1 });
        PseudoLabelTrainer.Report[] reports = await trainer.Fit(new(labeled, unlabeled), RunLength.Steps(3)).ToArrayAsync();
        Assert.Equal([1L, 2, 3], reports.Select(r => r.Step));
        Assert.All(reports, r => Assert.Equal(1, r.Share));
        Assert.InRange(trainer.EvaluateTest(labeled).Accuracy, 0, 1);
    }
}
