using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Runtime;

public class TrainerTests
{
    private readonly Source _plane = Plane.Source(500);

    [Fact]
    public async Task LossFalls()
    {
        await using var trainer = new LineTrainer(new() { Batch = 50, ReportEvery = 20 });
        var before = trainer.EvaluateTest(_plane);
        var reports = await Fit(trainer, RunLength.Epochs(30));
        Assert.Equal(300, trainer.GlobalStep);
        Assert.Equal(15, reports.Count);
        Assert.Equal(Enumerable.Range(1, 15).Select(i => 20L * i), reports.Select(report => report.Step));
        Assert.Equal(30, reports[^1].Epoch);
        Assert.True(reports[^1].F < 0.1 * reports[0].F, $"{reports[0].F} -> {reports[^1].F}");
        Assert.True(trainer.EvaluateTest(_plane) < 0.1 * before);
    }

    [Fact]
    public async Task SameSeedSameRun()
    {
        await using var a = new LineTrainer(new() { Batch = 32, Seed = 5 });
        await using var b = new LineTrainer(new() { Batch = 32, Seed = 5 });
        await using var c = new LineTrainer(new() { Batch = 32, Seed = 6 });
        var first = await Fit(a, RunLength.Steps(60));
        Assert.Equal(first, await Fit(b, RunLength.Steps(60)));
        Assert.NotEqual(first, await Fit(c, RunLength.Steps(60)));
        TensorAssert.Same(a.State, b.State);
    }

    [Fact]
    public void DataOfAnotherSizeIsRefusedAndLeavesNoTensor()
    {
        using var trainer = new LineTrainer(new() { Batch = 50 });
        using var other = Plane.Source(400);
        trainer.Step(new LineTrainer.Data(_plane));
        var data = new LineTrainer.Data(other);
        Assert.Contains("500 rows in batches of 50 so far, and now 400 rows", Assert.Throws<GenDslException>(() => trainer.Step(data)).Message);
        var before = torch.Tensor.TotalCount;
        Assert.Throws<GenDslException>(() => trainer.Step(data));
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void StepsLeaveNoTensors()
    {
        using var trainer = new LineTrainer(new() { Batch = 100 });
        var data = new LineTrainer.Data(_plane);
        for (var i = 0; i < 10; i++)
        {
            trainer.Step(data);
        }

        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 200; i++)
        {
            trainer.Step(data);
            if (i % 50 == 0)
            {
                trainer.EvaluateTest(_plane);
                trainer.SampleHeight(3).Tensor.Dispose();
            }
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void DisposingFreesEverything()
    {
        var data = new LineTrainer.Data(_plane);
        void Once()
        {
            using var trainer = new LineTrainer(new() { Batch = 100 });
            trainer.Step(data);
        }

        Once();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Once();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public async Task TheLastReportIsAtTheEnd()
    {
        await using var trainer = new LineTrainer(new() { Batch = 100, ReportEvery = 4 });
        Assert.Equal([4L, 8, 10], (await Fit(trainer, RunLength.Steps(10))).Select(report => report.Step));
        Assert.Empty(await Fit(trainer, RunLength.Steps(10)));
        Assert.Equal([12L], (await Fit(trainer, RunLength.Steps(12))).Select(report => report.Step));
        Assert.Equal(2.4, trainer.Epoch);
    }

    [Fact]
    public async Task CancellingStopsBetweenStepsAndSaves()
    {
        using var folder = new TemporaryFolder();
        await using var trainer = new LineTrainer(new() { Batch = 100, ReportEvery = 5, CheckpointFolder = folder.Path });
        using var cancel = new CancellationTokenSource();
        var seen = new List<long>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var report in trainer.Fit(new(_plane), RunLength.Steps(1000), cancel.Token))
            {
                seen.Add(report.Step);
                if (report.Step == 15)
                {
                    cancel.Cancel();
                }
            }
        });
        Assert.Equal([5L, 10, 15], seen);
        Assert.Equal(15, trainer.GlobalStep);
        await using var loaded = LineTrainer.Load(folder.Path);
        Assert.Equal(15, loaded.GlobalStep);
        TensorAssert.Same(trainer.State, loaded.State);
        Assert.Equal([20L], (await Fit(trainer, RunLength.Steps(20))).Select(report => report.Step));
    }

    [Fact]
    public async Task LeavingTheLoopStopsTheRun()
    {
        await using var trainer = new LineTrainer(new() { Batch = 100, ReportEvery = 5 });
        await foreach (var report in trainer.Fit(new(_plane), RunLength.Steps(1000)))
        {
            Assert.Equal(5, report.Step);
            break;
        }

        Assert.Equal(5, trainer.GlobalStep);
        Assert.Single(await Fit(trainer, RunLength.Steps(10)));
    }

    [Fact]
    public async Task StepsRunOnAThreadOfTheirOwn()
    {
        await using var trainer = new LineTrainer(new() { Batch = 100, ReportEvery = 5 });
        var run = trainer.Fit(new(_plane), RunLength.Steps(10)).GetAsyncEnumerator();
        Assert.True(await run.MoveNextAsync());
        Assert.Contains("already training", Assert.Throws<InvalidOperationException>(() => trainer.Step(new(_plane))).Message);
        await run.DisposeAsync();
        Assert.Equal(6, trainer.Step(new(_plane)).Step);
    }

    [Fact]
    public async Task ANonFiniteObjectiveStopsTheRun()
    {
        using var folder = new TemporaryFolder();
        var trainer = new LineTrainer(new() { Batch = 100, ReportEvery = 10, CheckpointEvery = 10, CheckpointFolder = folder.Path }) { Explode = 12 };
        var reports = new List<LineTrainer.Report>();
        var error = await Assert.ThrowsAsync<GenDslException>(async () =>
        {
            await foreach (var report in trainer.Fit(new(_plane), RunLength.Steps(100)))
            {
                reports.Add(report);
            }
        });
        Assert.StartsWith("LineTrainer: 'F' is Infinity at step 13 ", error.Message);
        Assert.Single(reports);
        Assert.Contains("Load the last checkpoint", Assert.Throws<GenDslException>(() => trainer.Step(new(_plane))).Message);
        Assert.Throws<GenDslException>(() => trainer.Save(folder.Path));
        await using var loaded = LineTrainer.Load(folder.Path);
        Assert.Equal(10, loaded.GlobalStep);
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.Step(new(_plane)));
    }

    [Fact]
    public async Task TheUntypedSurfaceDoesTheSame()
    {
        var sources = new Dictionary<string, Source> { ["points"] = _plane };
        await using var typed = new LineTrainer(new() { Batch = 50, Lr = 0.02, Seed = 3 });
        await using var untyped = LineTrainer.Descriptor.Create(new OptionBag([new("batch", "50"), new("lr", "0.02"), new("seed", "3")]));
        var reports = await Fit(typed, RunLength.Steps(100));
        var same = new List<StepReport>();
        await foreach (var report in untyped.Fit(sources, RunLength.Steps(100)))
        {
            same.Add(report);
        }

        Assert.Equal(reports.Select(report => (report.Step, report.Epoch, report.F)), same.Select(report => (report.Step, report.Epoch, report.Values[0].Value)));
        Assert.Equal(typed.EvaluateTest(_plane), untyped.Evaluate("test", sources)[0].Value);
        using var sample = untyped.Sample("height", new SampleRequest(3), out var space);
        Assert.Equal(Height.Info, space);
        TensorAssert.Same(typed.SampleHeight(3).Tensor, sample);
        Assert.Equal(["F", "F_avg"], untyped.Nets.Select(net => net.Name));
        Assert.Equal((8 * 3) + 8 + 8 + 8 + 8 + 1, untyped.Nets[0].State.LearnedSize);

        Assert.Contains("Did you mean 'height'?", Assert.Throws<GenDslException>(() => untyped.Sample("heigth", new SampleRequest(1), out _)).Message);
        Assert.Contains("It has: test", Assert.Throws<GenDslException>(() => untyped.Evaluate("quality", sources)).Message);
        Assert.Contains("'points'", Assert.Throws<GenDslException>(() => untyped.Evaluate("test", new Dictionary<string, Source>())).Message);
    }

    [Fact]
    public void DataOfTheWrongSizeIsNamed()
    {
        using var trainer = new LineTrainer(new() { Batch = 501 });
        Assert.Contains("500 rows, fewer than one batch of 501", Assert.Throws<GenDslException>(() => trainer.Step(new(_plane))).Message);

        using var other = new LineTrainer(new() { Batch = 100 });
        other.Step(new(_plane));
        Assert.Contains("now 400 rows", Assert.Throws<GenDslException>(() => other.Step(new(Plane.Source(400)))).Message);
        Assert.Equal(2, other.Step(new(_plane)).Step);
        Assert.Contains("Batch", Assert.Throws<GenDslException>(() => new LineTrainer(new() { Batch = 0 })).Message);
    }

    private async Task<List<LineTrainer.Report>> Fit(LineTrainer trainer, RunLength length)
    {
        var reports = new List<LineTrainer.Report>();
        await foreach (var report in trainer.Fit(new(_plane), length))
        {
            reports.Add(report);
        }

        return reports;
    }
}
