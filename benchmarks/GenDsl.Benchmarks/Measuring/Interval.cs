using System;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>A median and the interval around it.</summary>
internal readonly record struct Interval(double Median, double Low, double High)
{
    /// <summary>For example <c>0.98 [0.97, 1.01]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Median:F2} [{Low:F2}, {High:F2}]");
}
