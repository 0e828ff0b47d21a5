using System;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>A median and the interval around it.</summary>
internal readonly record struct Interval(double Median, double Low, double High)
{
    /// <summary>For example <c>0.982 [0.971, 1.013]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Median:F3} [{Low:F3}, {High:F3}]");
}
