using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What every trainer can be told; generated options add the program's hyperparameters.</summary>
public abstract record TrainerOptions
{
    /// <summary>The seed of all randomness.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to train; the CPU if null.</summary>
    public Device? Device { get; init; }

    /// <summary>The rows of one batch, at least one.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The steps between two reports, at least one.</summary>
    public int ReportEvery { get; init; } = 50;

    /// <summary>Where checkpoints are written while fitting; nowhere if null.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>The steps between two checkpoints, at least one.</summary>
    public int CheckpointEvery { get; init; } = 1000;

    /// <summary>How many checkpoints a folder keeps, at least one.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>
    /// Where nets that arrive trained come from, by their names: a run, a folder of checkpoints or one checkpoint, with <c>:Net</c> behind it
    /// where the net has another name there. Of a run the checkpoint that validated best is taken, or the latest.
    /// </summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>True for the options of a checkpoint, which brings the numbers of those nets.</summary>
    internal bool IsStored { get; init; }

    /// <summary>These options in text form, as checkpoints store them; the folder is left out, because it may be moved.</summary>
    public OptionBag ToBag()
    {
        var bag = new OptionBag { IsStored = IsStored };
        bag.Set(OptionBag.SeedName, Seed.ToString(CultureInfo.InvariantCulture));
        bag.Set(OptionBag.DeviceName, (Device ?? CPU).ToString());
        bag.Set(OptionBag.BatchName, Batch);
        bag.Set(OptionBag.ReportEveryName, ReportEvery);
        bag.Set(OptionBag.CheckpointEveryName, CheckpointEvery);
        bag.Set(OptionBag.KeepCheckpointsName, KeepCheckpoints);
        foreach (var (name, from) in Given)
        {
            bag.Set(OptionBag.GivenPrefix + name, from);
        }

        Describe(bag);
        return bag;
    }

    /// <summary>Adds the hyperparameters of a generated record.</summary>
    protected virtual void Describe(OptionBag bag)
    {
        ArgumentNullException.ThrowIfNull(bag);
    }

    internal void Check(string trainer)
    {
        Check(trainer, nameof(Batch), Batch);
        Check(trainer, nameof(ReportEvery), ReportEvery);
        Check(trainer, nameof(CheckpointEvery), CheckpointEvery);
        Check(trainer, nameof(KeepCheckpoints), KeepCheckpoints);
        if (Device is { type: TorchSharp.DeviceType.CUDA } && !cuda.is_available())
        {
            throw NoCuda(Device.ToString());
        }
    }

    internal static GenDslException NoCuda(string device) =>
        new($"The device is '{device}', but no CUDA device can be used here. Set the device to 'cpu', or build with GenDslTorch=cuda-linux.");

    private static void Check(string trainer, string name, int value)
    {
        if (value < 1)
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"{trainer}: {name} must be at least 1, but it is {value}."));
        }
    }
}
