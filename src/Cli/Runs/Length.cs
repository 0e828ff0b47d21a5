using System;
using System.Globalization;
using GenDsl.Runtime;

namespace GenDsl.Cli.Runs;

/// <summary>How long a run is in total: in steps or in epochs; neither where the phases of its trainer say it.</summary>
internal sealed record Length(long? Steps, double? Epochs)
{
    private const double DefaultEpochs = 5;
    private const long DefaultSteps = 2000;

    // An epoch is a sum of fractions, and may fall short of the whole number that is meant.
    private const double Rounding = 1e-9;

    /// <summary>Five epochs, and more where the data is small: at least 2,000 steps.</summary>
    public static Length Default(long stepsPerEpoch) => stepsPerEpoch == 0
        ? new Length(DefaultSteps, null)
        : new Length(null, Math.Max(DefaultEpochs, Math.Ceiling((double)DefaultSteps / stepsPerEpoch)));

    /// <summary>As long as the phases say.</summary>
    public static Length OfPlan { get; } = new(null, null);

    public RunLength ToRunLength() => Steps is { } steps ? RunLength.Steps(steps) : Epochs is { } epochs ? RunLength.Epochs(epochs) : RunLength.OfPlan;

    /// <summary>The part that is done, in [0, 1], of a run without phases.</summary>
    public double Progress(long step, double epoch)
    {
        var (done, total) = Steps is { } steps ? (step, (double)steps) : (epoch, Epochs!.Value);
        return total <= 0 ? 1 : Math.Clamp((done + Rounding) / total, 0, 1);
    }

    public override string ToString() => Steps is { } steps
        ? string.Create(CultureInfo.InvariantCulture, $"{steps:N0} steps")
        : Epochs is null ? "all phases" : string.Create(CultureInfo.InvariantCulture, $"{Epochs} epochs");
}
