using System;
using System.Globalization;

namespace GenDsl.Runtime;

/// <summary>How long to train in total, counted from step 0, also after a resume.</summary>
public readonly record struct RunLength
{
    // Batches of a pass times a number of passes such as 0.1 may come out a rounding above the whole number that is meant.
    private const double Rounding = 1e-9;

    private readonly bool _inEpochs;
    private readonly double _total;

    private RunLength(double total, bool inEpochs)
    {
        _total = total;
        _inEpochs = inEpochs;
    }

    /// <summary>As long as the phases of the plan say, each of which has a length.</summary>
    public static RunLength OfPlan { get; } = new(double.PositiveInfinity, false);

    /// <summary>A number of steps.</summary>
    public static RunLength Steps(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new RunLength(count, false);
    }

    /// <summary>A number of passes over the clock source, each of its full batches.</summary>
    public static RunLength Epochs(double count)
    {
        if (!(count >= 0 && double.IsFinite(count)))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "A number of epochs is finite and not negative.");
        }

        return new RunLength(count, true);
    }

    /// <summary>For example <c>20 epochs</c>.</summary>
    public override string ToString() => IsPlan ? "all phases" : string.Create(CultureInfo.InvariantCulture, $"{_total} {(_inEpochs ? "epochs" : "steps")}");

    internal bool IsPlan => double.IsPositiveInfinity(_total);

    internal bool IsNothing => _total <= 0;

    // The first pull is the number of batches that the clock gave before what is measured began.
    internal bool IsReached(long step, Feed? clock, long firstPull = 0) => Done(step, clock, firstPull) >= Needed(clock);

    internal double Progress(long step, Feed? clock, long firstPull = 0)
    {
        var needed = Needed(clock);
        return needed <= 0 ? 1 : Math.Clamp(Done(step, clock, firstPull) / needed, 0, 1);
    }

    /// <summary>The part that is done where passes over several clocks add up.</summary>
    internal double Share(long step, double epoch) => _total <= 0 ? 1 : Math.Clamp((_inEpochs ? epoch + Rounding : step) / _total, 0, 1);

    /// <summary>Batches of the clock, or steps.</summary>
    internal double Needed(Feed? clock) => _inEpochs && clock is not null ? Math.Ceiling(_total * clock.PullsPerEpoch - Rounding) : _total;

    private double Done(long step, Feed? clock, long firstPull) => _inEpochs && clock is not null ? clock.TotalPulls - firstPull : step;

}
