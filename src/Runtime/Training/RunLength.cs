using System;
using System.Globalization;

namespace GenDsl.Runtime;

/// <summary>How long to train in total, counted from step 0, also after a resume.</summary>
public readonly record struct RunLength
{
    private readonly bool _inEpochs;
    private readonly double _total;

    private RunLength(double total, bool inEpochs)
    {
        _total = total;
        _inEpochs = inEpochs;
    }

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
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_total} {(_inEpochs ? "epochs" : "steps")}");

    internal bool IsReached(long step, Feed? clock) => Done(step, clock) >= Needed(clock);

    internal double Progress(long step, Feed? clock)
    {
        var needed = Needed(clock);
        return needed <= 0 ? 1 : Math.Clamp(Done(step, clock) / needed, 0, 1);
    }

    private double Done(long step, Feed? clock) => _inEpochs ? clock?.TotalPulls ?? step : step;

    private double Needed(Feed? clock) => _inEpochs && clock is not null ? Math.Ceiling(_total * clock.PullsPerEpoch - 1e-9) : _total;
}
