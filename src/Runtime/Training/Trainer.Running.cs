using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

public abstract partial class Trainer<TData, TReport>
{
    private TData? _connected;
    private RunLength? _length;
    private string? _schedule;
    private int _busy;
    private bool _broken;

    /// <summary>Does one step and reports it. It runs on the calling thread.</summary>
    /// <exception cref="GenDslException">The data cannot be read, or a figure is not finite.</exception>
    public TReport Step(TData data)
    {
        using var busy = Enter();
        Use(data);
        StepOnce();
        return ReadReport();
    }

    /// <summary>Trains until a total length, counted from step 0, and reports along the way. Steps run on a thread of their own, and only while a report is awaited.</summary>
    /// <param name="data">The sources.</param>
    /// <param name="length">The total length.</param>
    /// <param name="cancel">Stops between two steps; a last checkpoint is written if a folder is set.</param>
    /// <exception cref="GenDslException">The data cannot be read, a step fails, or a figure is not finite.</exception>
    public async IAsyncEnumerable<TReport> Fit(TData data, RunLength length, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var busy = Enter();
        using var worker = new FitWorker(_descriptor.Name);
        var done = await worker.Run(() => Start(data, length)).ConfigureAwait(false);
        while (!done)
        {
            (var report, done) = await worker.Run(() => UntilReport(length, cancel)).ConfigureAwait(false);
            yield return report;
        }
    }

    private Exit Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_broken)
        {
            throw new GenDslException($"{_descriptor.Name} was stopped inside step {GlobalStep + 1} by an error, so its state is half-moved. Load the last checkpoint.");
        }

        if (Interlocked.Exchange(ref _busy, 1) == 1)
        {
            throw new InvalidOperationException($"{_descriptor.Name} is already training. Finish that run first.");
        }

        return new Exit(this);
    }

    private bool Start(TData data, RunLength length)
    {
        if (_schedule is not null && _schedule != length.ToString())
        {
            throw new GenDslException(
                $"{_descriptor.Name} has schedules over the whole run, and has been trained for a run of {_schedule}; its length cannot become {length} now. Finish it as planned, or start a new run.");
        }

        CheckLength(length);
        Use(data);
        _length = length;
        return IsDone(length);
    }

    private void Use(TData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (ReferenceEquals(data, _connected))
        {
            return;
        }

        NotePositions();
        _feeds.ForEach(feed => feed.Dispose());
        _feeds.Clear();
        _connected = null;
        Connect(data);
        _connected = data;
    }

    private (TReport Report, bool Done) UntilReport(RunLength length, CancellationToken cancel)
    {
        while (true)
        {
            if (cancel.IsCancellationRequested)
            {
                SaveAsConfigured();
                cancel.ThrowIfCancellationRequested();
            }

            StepOnce();
            var done = IsDone(length);
            var due = done || GlobalStep % _options.ReportEvery == 0 || (Phases.Count > 0 && IsPhaseOver);
            var report = due ? ReadReport() : default;
            if (done || GlobalStep % _options.CheckpointEvery == 0)
            {
                SaveAsConfigured();
            }

            if (due)
            {
                return (report!, done);
            }
        }
    }

    private void StepOnce()
    {
        _broken = true;
        try
        {
            EnterPhase();
            if (PhaseStep == 0 && IsFirstOfItsPhase)
            {
                StartFromData();
            }

            NoteProgress();
            Advance();
        }
        catch (ExternalException error)
        {
            throw new GenDslException($"{_descriptor.Name}, step {GlobalStep + 1}: {NativeMessage.Of(error)}", error);
        }

        GlobalStep++;
        _cursor = _cursor with { Step = _cursor.Step + 1 };
        _broken = false;
    }

    // A run that goes on from a later step has done this before; each phase has nets of its own to start.
    private void StartFromData()
    {
        var positions = _feeds.ConvertAll(feed => feed.Position);
        using var frozen = no_grad();
        using var pass = InitialPass.Begin();
        if (InitialiseFromData())
        {
            for (var i = 0; i < positions.Count; i++)
            {
                _feeds[i].MoveTo(positions[i]);
            }
        }
    }

    private TReport ReadReport()
    {
        var report = Read();
        CheckFinite();
        return report;
    }

    private readonly struct Exit(Trainer<TData, TReport> trainer) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref trainer._busy, 0);
    }
}
