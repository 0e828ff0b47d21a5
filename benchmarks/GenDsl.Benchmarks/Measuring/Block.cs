using System;
using System.Globalization;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>One timed block of steps.</summary>
/// <param name="Milliseconds">Wall clock per step.</param>
/// <param name="CpuMilliseconds">Processor time per step, of all threads; less upset by other programs than the wall clock.</param>
internal readonly record struct Block(double Milliseconds, double CpuMilliseconds)
{
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:R} {CpuMilliseconds:R}");

    public static Block FromLine(string line)
    {
        var words = line.Split(' ');
        return new Block(double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
