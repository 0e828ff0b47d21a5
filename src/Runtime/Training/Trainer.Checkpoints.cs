using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;

namespace GenDsl.Runtime;

public abstract partial class Trainer<TData, TReport>
{
    private readonly Dictionary<string, FeedPosition> _positions = new(StringComparer.Ordinal);
    private double _restoredEpoch;
    private long _savedStep = -1;

    /// <inheritdoc/>
    public IReadOnlyList<string> ResumeWarnings { get; private set; } = [];

    private StateTable FullState => new(Build.State.Concat(_optimizers).Concat(CollectedState));

    /// <summary>Writes a checkpoint below a folder, atomically, and deletes the oldest ones beyond <see cref="TrainerOptions.KeepCheckpoints"/>. Call it between steps.</summary>
    /// <returns>The folder of the checkpoint itself.</returns>
    /// <exception cref="GenDslException">A figure is not finite, a step failed half-way, or the folder cannot be written.</exception>
    public string Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_broken)
        {
            throw new GenDslException($"{_descriptor.Name} was stopped inside step {GlobalStep + 1} by an error, so its state is half-moved and is not saved.");
        }

        var meters = _meters.ToDictionary(meter => meter.Name, meter => meter.Save());
        CheckFinite();
        NotePositions();
        var record = new CheckpointRecord(
            _descriptor.Name, _descriptor.SchemaHash, GlobalStep, Epoch, Phases.Count == 0 ? null : _cursor, _schedule, _options.ToBag(), new Dictionary<string, FeedPosition>(_positions),
            meters, CheckpointEnvironment.Current(Device), FullState.ToDictionary(item => item.Name, item => item.Role))
        {
            Collected = _collected.ToDictionary(rows => rows.Key, rows => (rows.Value.Columns.Length, rows.Value.Step, rows.Value.OutOf)),
        };
        var path = CheckpointFolder.Write(folder, record, FullState, _options.KeepCheckpoints);
        Saved?.Invoke(path);
        return path;
    }

    void IRestorable.Restore(Checkpoint checkpoint)
    {
        var record = checkpoint.Record;
        if (_meters.FirstOrDefault(meter => !record.Meters.ContainsKey(meter.Name)) is { } missing)
        {
            throw new GenDslException($"Checkpoint '{checkpoint.Folder}' has no figure '{missing.Name}'. It was written by another program.");
        }

        RestoreCollected(checkpoint);
        checkpoint.CopyInto(FullState);
        CheckGiven(checkpoint.Folder);
        GlobalStep = record.Step;
        _restoredEpoch = record.Epoch;
        _cursor = record.Cursor ?? PlanCursor.Start;
        _schedule = record.Schedule;
        foreach (var (name, position) in record.Feeds)
        {
            _positions[name] = position;
        }

        foreach (var meter in _meters)
        {
            var (sum, count) = record.Meters[meter.Name];
            meter.Restore(sum, count);
        }

        ResumeWarnings = record.Environment.Differences(CheckpointEnvironment.Current(Device));
    }

    private void NotePositions() => _feeds.ForEach(feed => _positions[feed.Name] = feed.Position);

    private void SaveAsConfigured()
    {
        if (_options.CheckpointFolder is { } folder && _savedStep != GlobalStep)
        {
            Save(folder);
            _savedStep = GlobalStep;
        }
    }

    private void CheckFinite()
    {
        var worst = _meters.Where(meter => meter.FirstNonFiniteStep is not null).MinBy(meter => meter.FirstNonFiniteStep);
        if (worst is null)
        {
            return;
        }

        _broken = true;
        throw new GenDslException(string.Create(
            CultureInfo.InvariantCulture,
            $"{_descriptor.Name}: '{worst.Name}' is {worst.FirstNonFinite} at step {worst.FirstNonFiniteStep + 1} for the first time, so the run was stopped. Checkpoints written before are unharmed; lower the learning rate, clip gradients or look for a logarithm or division that meets zero."));
    }
}
