using System;
using System.IO;
using TorchSharp;

namespace GenDsl.Runtime;

/// <summary>A checkpoint on disk that was found whole and written by the expected program.</summary>
public sealed class Checkpoint
{
    private Checkpoint(string folder, CheckpointRecord record)
    {
        Folder = folder;
        Record = record;
    }

    /// <summary>Its own folder.</summary>
    public string Folder { get; }

    /// <summary>The options it was trained with.</summary>
    public OptionBag Options => new(Record.Options) { IsStored = true };

    /// <summary>The steps done.</summary>
    public long Step => Record.Step;

    /// <summary>The SHA-256 of its weights, in hexadecimal digits.</summary>
    public string WeightsHash => Checksum.Of(Path.Combine(Folder, CheckpointFiles.Model));

    internal CheckpointRecord Record { get; }

    /// <summary>Finds and checks a checkpoint.</summary>
    /// <param name="folder">Its folder, or the folder of checkpoints whose latest is meant.</param>
    /// <param name="descriptor">The program it must come from.</param>
    /// <exception cref="GenDslException">There is none, it is damaged, or it comes from another program.</exception>
    public static Checkpoint Open(string folder, TrainerDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var checkpoint = Open(folder);
        var record = checkpoint.Record;
        if (record.Trainer != descriptor.Name)
        {
            throw new GenDslException($"Checkpoint '{checkpoint.Folder}' is expected from {descriptor.Name}, but was written by {record.Trainer}.");
        }

        if (record.SchemaHash != descriptor.SchemaHash)
        {
            throw new GenDslException(
                $"Checkpoint '{checkpoint.Folder}' does not fit {descriptor.Name} any more: schema {descriptor.SchemaHash} is expected, but it has {record.SchemaHash}. The program has changed since; go back to the text it was trained with.");
        }

        return checkpoint;
    }

    /// <summary>Fills a new trainer with the checkpoint; if it does not fit, the trainer is disposed.</summary>
    /// <exception cref="GenDslException">A tensor is missing, unexpected, or of another shape.</exception>
    public TTrainer Into<TTrainer>(TTrainer trainer)
        where TTrainer : IRestorable, IDisposable
    {
        try
        {
            trainer.Restore(this);
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    internal static Checkpoint Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = CheckpointFolder.Resolve(folder);
        CheckpointFiles.Verify(path);
        return new Checkpoint(path, CheckpointJson.Read(Path.Combine(path, CheckpointFiles.Record)));
    }

    /// <summary>A new tensor of the type and shape of one of the checkpoint's; its numbers are not read yet.</summary>
    internal torch.Tensor Empty(string name, torch.Device device)
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder, CheckpointFiles.Model));
        return file.Empty(name, device);
    }

    internal void CopyInto(StateTable state) => Safetensors.Read(Path.Combine(Folder, CheckpointFiles.Model), state);
}
