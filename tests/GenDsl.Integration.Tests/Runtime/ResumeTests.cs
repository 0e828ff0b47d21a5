using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Runtime;

public class ResumeTests
{
    private readonly Source _plane = Plane.Source(500);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(23)]
    public async Task AStoppedAndLoadedRunIsTheUninterruptedOne(int stop)
    {
        using var folder = new TemporaryFolder();
        var options = new LineTrainer.Options { Batch = 64, ReportEvery = 10, Seed = 11 };
        await using var whole = new LineTrainer(options);
        var expected = await Fit(whole, RunLength.Steps(40));

        // Checkpoints between two reports hold the sums of the meters.
        await using (var first = new LineTrainer(options with { CheckpointFolder = folder.Path, CheckpointEvery = stop }))
        {
            await Fit(first, RunLength.Steps(40), untilSaved: true);
        }

        Assert.Single(System.IO.Directory.GetDirectories(folder.Path));
        await using var second = LineTrainer.Load(folder.Path);
        Assert.Empty(second.ResumeWarnings);
        Assert.Equal(stop, second.GlobalStep);
        Assert.Equal(stop / 7.0, second.Epoch, 12);
        var rest = await Fit(second, RunLength.Steps(40));
        Assert.Equal(expected.Where(report => report.Step > stop), rest);
        TensorAssert.Same(whole.State, second.State);
        Assert.Equal(whole.EvaluateTest(_plane), second.EvaluateTest(_plane));
    }

    [Fact]
    public async Task EpochsCountFromTheStartAfterAResume()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new LineTrainer(new() { Batch = 100 }))
        {
            await Fit(first, RunLength.Epochs(1.5));
            Assert.Equal(8, first.GlobalStep);
            first.Save(folder.Path);
        }

        await using var second = LineTrainer.Load(folder.Path);
        await Fit(second, RunLength.Epochs(3));
        Assert.Equal(15, second.GlobalStep);
        Assert.Empty(await Fit(second, RunLength.Epochs(3)));
    }

    [Fact]
    public async Task OptionsComeBackAndMayBeChanged()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new LineTrainer(new() { Batch = 100, Lr = 0.1 + 0.2, Width = 5, Seed = ulong.MaxValue }))
        {
            first.Step(new(_plane));
            first.Save(folder.Path);
        }

        LineTrainer.Options? seen = null;
        await using var second = LineTrainer.Load(folder.Path, options => seen = options with { Lr = 0.5 });
        Assert.NotNull(seen);
        Assert.Equal((100, 5, ulong.MaxValue), (seen.Batch, seen.Width, seen.Seed));
        await using var third = LineTrainer.Descriptor.Load(folder.Path, new OptionBag([new("report_every", "7")]));
        Assert.Equal(7, third.Options.ReportEvery);
        Assert.Equal(0.1 + 0.2, ((LineTrainer.Options)third.Options).Lr);

        var other = await Assert.ThrowsAsync<GenDslException>(() => LoadWith(folder.Path, options => options with { Width = 6 }));
        Assert.Contains("'F.linear1.weight'", other.Message);
        Assert.Contains("[6, 3]", other.Message);
        Assert.Contains("[5, 3]", other.Message);
    }

    [Fact]
    public void OtherDataOrBatchesAreRefused()
    {
        using var folder = new TemporaryFolder();
        using (var first = new LineTrainer(new() { Batch = 100 }))
        {
            first.Step(new(_plane));
            first.Save(folder.Path);
        }

        using var second = LineTrainer.Load(folder.Path, options => options with { Batch = 50 });
        Assert.Contains("in batches of 50", Assert.Throws<GenDslException>(() => second.Step(new(_plane))).Message);
        using var third = LineTrainer.Load(folder.Path);
        Assert.Contains("now 600 rows", Assert.Throws<GenDslException>(() => third.Step(new(Plane.Source(600)))).Message);
    }

    [Fact]
    public async Task AScheduledRunKeepsItsLength()
    {
        using var folder = new TemporaryFolder();
        var options = new LineTrainer.Options { Batch = 64, CheckpointFolder = folder.Path, CheckpointEvery = 9 };
        await using var whole = new LineTrainer(options with { CheckpointFolder = null }) { Scheduled = true };
        await Fit(whole, RunLength.Epochs(4));
        await using (var first = new LineTrainer(options) { Scheduled = true })
        {
            await Fit(first, RunLength.Epochs(4), untilSaved: true);
        }

        await using var second = LineTrainer.Load(folder.Path);
        second.Scheduled = true;
        var error = await Assert.ThrowsAsync<GenDslException>(() => Fit(second, RunLength.Epochs(5)));
        Assert.Contains("4 epochs", error.Message);
        await Fit(second, RunLength.Epochs(4));
        TensorAssert.Same(whole.State, second.State);
    }

    [Fact]
    public async Task DifferencesOfTheMachineAreTold()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new LineTrainer(new() { Batch = 100 }))
        {
            first.Step(new(_plane));
            var path = first.Save(folder.Path);
            CheckpointTests.Rewrite(path, "checkpoint.json", text => text.Replace($"\"threads\": {torch.get_num_threads()}", "\"threads\": 77", StringComparison.Ordinal));
        }

        await using var second = LineTrainer.Load(folder.Path);
        Assert.Contains("number of threads was 77", Assert.Single(second.ResumeWarnings));
    }

    private static Task<LineTrainer> LoadWith(string folder, Func<LineTrainer.Options, LineTrainer.Options> change) =>
        Task.FromResult(LineTrainer.Load(folder, change));

    private async Task<List<LineTrainer.Report>> Fit(LineTrainer trainer, RunLength length, bool untilSaved = false)
    {
        using var cancel = new System.Threading.CancellationTokenSource();
        if (untilSaved)
        {
            trainer.Saved += _ => cancel.Cancel();
        }

        var reports = new List<LineTrainer.Report>();
        try
        {
            await foreach (var report in trainer.Fit(new(_plane), length, cancel.Token))
            {
                reports.Add(report);
            }
        }
        catch (OperationCanceledException) when (untilSaved)
        {
            Assert.True(cancel.IsCancellationRequested);
        }

        return reports;
    }
}
