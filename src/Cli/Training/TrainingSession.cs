using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>Drives a prepared run to its end. Everything but the steps happens on the calling thread.</summary>
internal sealed class TrainingSession(PreparedRun run, Validation? validation, IRunProgress progress, TimeProvider time)
{
    private const int SheetsOnTheWay = 5;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly Pace _pace = new(time);
    private readonly long _startStep = run.Trainer.GlobalStep;
    private readonly long _startTime = time.GetTimestamp();
    private MetricsLine? _last;
    private double _earlierSeconds;
    private double? _lastDone;

    /// <exception cref="RunStoppedException">It was cancelled; a checkpoint was written.</exception>
    public void Run(CancellationToken cancel)
    {
        var (folder, trainer) = (run.Folder, run.Trainer);
        long? resumed = File.Exists(folder.Metrics) ? trainer.GlobalStep : null;
        using var metrics = MetricsLog.Open(folder.Metrics, resumed);
        using var events = TensorBoardLog.Open(folder.Events, resumed);
        var earlier = MetricsLog.Read(folder.Metrics);
        validation?.Restore(earlier);
        _last = earlier.LastOrDefault();
        _earlierSeconds = _last?.Seconds ?? 0;
        try
        {
            progress.Show(run.Outline, () => Follow(metrics, events, cancel));
            Finish();
        }
        catch (OperationCanceledException stop)
        {
            throw new RunStoppedException(
                string.Create(CultureInfo.InvariantCulture, $"stopped after step {trainer.GlobalStep:N0}, which is saved. To go on: gendsl train --resume --out {folder.Path}"), stop);
        }
    }

    private void Follow(MetricsLog metrics, TensorBoardLog events, CancellationToken cancel)
    {
        _pace.Read(_startStep);
        run.Trainer.RowsCollected += (name, rows, of) => progress.Note(string.Create(CultureInfo.InvariantCulture, $"collected: {name}, {rows:N0} rows out of {of:N0}"));
        var reports = run.Trainer.Fit(run.Data.ByName, run.Outline.Length.ToRunLength(), cancel).GetAsyncEnumerator(cancel);
        try
        {
            while (Next(reports))
            {
                Take(reports.Current, metrics, events);
            }
        }
        finally
        {
            reports.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        progress.Tick(run.Trainer.GlobalStep, 1);
    }

    private void Finish()
    {
        var samples = SampleSheet.Write(run.Folder, run.Trainer, run.Data, progress.Note, null, null);
        var seconds = Seconds();
        RunReport.Write(run.Folder, run.Trainer, MetricsLog.Read(run.Folder.Metrics), validation, seconds, samples);
        progress.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"done: {run.Trainer.GlobalStep:N0} steps in {FigureText.Time(seconds)}.{(samples.Length > 0 ? $" Samples: {string.Join(", ", samples)}." : "")} Report: {run.Folder.Report}"));
    }

    private bool Next(IAsyncEnumerator<StepReport> reports)
    {
        var next = reports.MoveNextAsync().AsTask();
        while (Task.WaitAny([next], Beat) < 0)
        {
            var (step, epoch) = (run.Trainer.GlobalStep, run.Trainer.Epoch);
            progress.Tick(step, Done(step, epoch));
            Forecast(step, epoch);
        }

        return next.GetAwaiter().GetResult();
    }

    private void Take(StepReport report, MetricsLog metrics, TensorBoardLog events)
    {
        var speed = _pace.Read(report.Step);
        var done = Done(report.Step, report.Epoch);
        var line = new MetricsLine(report.Step, report.Epoch, Seconds(), report.Values) { Phase = report.Phase };
        if (validation is not null && (done >= 1 || Math.Floor(report.Epoch) > Math.Floor(_last?.Epoch ?? 0)))
        {
            line = validation.Extend(run.Trainer, line);
            validation.KeepBest(run.Trainer, run.Folder, line);
        }

        metrics.Write(line);
        events.Scalars(new StepReport(line.Step, line.Epoch, line.Values));
        progress.Tick(line.Step, done);
        progress.Report(line, speed, done >= 1);
        var before = _lastDone ?? (_startStep == 0 ? 0 : run.Trainer.Phases.Count > 0 ? done : Done(_last?.Step ?? 0, _last?.Epoch ?? 0));
        if (done < 1 && Math.Floor(done * SheetsOnTheWay) > Math.Floor(before * SheetsOnTheWay))
        {
            SampleSheet.Write(run.Folder, run.Trainer, run.Data, progress.Note, line.Step, events);
        }

        (_last, _lastDone) = (line, done);
        Forecast(report.Step, report.Epoch);
    }

    /// <summary>Says once, from real steps, how long the run will take.</summary>
    private void Forecast(long step, double epoch)
    {
        if (_pace.Settle(step, _startStep) is not { } secondsPerStep)
        {
            return;
        }

        var stepsPerEpoch = epoch > 0 ? step / epoch : 0;
        var done = Done(step, epoch);
        var left = run.Trainer.Phases.Count > 0 ? (done > 0 ? step / done - step : 0)
            : run.Outline.Length.Steps is { } total ? total - step
            : (run.Outline.Length.Epochs!.Value - epoch) * stepsPerEpoch;
        var perEpoch = stepsPerEpoch > 0 ? $"{FigureText.Time(secondsPerStep * stepsPerEpoch)} per epoch, " : "";
        progress.Note($"measured: {perEpoch}{FigureText.Time(secondsPerStep * Math.Max(0, left))} to go, {FigureText.Bytes(Environment.WorkingSet)} of memory");
    }

    // Phases count by different clocks, so only the trainer knows.
    private double Done(long step, double epoch) => run.Trainer.Phases.Count > 0 ? run.Trainer.Done : run.Outline.Length.Progress(step, epoch);

    private double Seconds() => _earlierSeconds + time.GetElapsedTime(_startTime).TotalSeconds;
}
