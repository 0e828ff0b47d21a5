using System;
using System.Globalization;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>What a measured process says at its end.</summary>
/// <param name="PeakMegabytes">Its largest resident set.</param>
/// <param name="LiveGrowth">Tensors alive after the measured steps, less those before.</param>
/// <param name="Losses">The mean losses of its last block.</param>
internal sealed record Summary(double PeakMegabytes, long LiveGrowth, double[] Losses)
{
    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{PeakMegabytes:R} {LiveGrowth} {string.Join(' ', Losses.Select(loss => loss.ToString("R", CultureInfo.InvariantCulture)))}");

    public static Summary FromLine(string line)
    {
        var numbers = line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new Summary(numbers[0], (long)numbers[1], numbers[2..]);
    }
}
