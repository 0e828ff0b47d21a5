using System;

namespace GenDsl.Cli.Training;

/// <summary>Measures how fast a run goes, from outside.</summary>
internal sealed class Pace(TimeProvider time)
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    private long? _firstStep;
    private long _firstTime;
    private long _lastStep;
    private long _lastTime;

    /// <summary>Steps per second since the last reading; 0 where nothing is known.</summary>
    public double Read(long step)
    {
        var seconds = _lastTime == 0 ? 0 : time.GetElapsedTime(_lastTime).TotalSeconds;
        var speed = seconds > 0 ? (step - _lastStep) / seconds : 0;
        (_lastStep, _lastTime) = (step, time.GetTimestamp());
        return speed;
    }

    /// <summary>Seconds per step once they are known, after the first steps, which warm up; afterwards null again.</summary>
    public double? Settle(long step, long startStep)
    {
        if (_firstTime == long.MaxValue || step < startStep + 2)
        {
            return null;
        }

        if (_firstStep is not { } first)
        {
            (_firstStep, _firstTime) = (step, time.GetTimestamp());
            return null;
        }

        var elapsed = time.GetElapsedTime(_firstTime);
        if (elapsed < Enough || step == first)
        {
            return null;
        }

        _firstTime = long.MaxValue;
        return elapsed.TotalSeconds / (step - first);
    }
}
