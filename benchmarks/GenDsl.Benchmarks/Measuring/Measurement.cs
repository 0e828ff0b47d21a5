using System;
using System.Globalization;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>What one process found.</summary>
/// <param name="StepMilliseconds">Median over the blocks of the time per step.</param>
/// <param name="CpuMilliseconds">Processor time per step, of all threads; less upset by other programs than the wall clock.</param>
/// <param name="PeakMegabytes">The largest resident set of the process.</param>
/// <param name="LiveGrowth">Tensors alive after the measured steps, less those before.</param>
/// <param name="CpuShare">Processor time over wall time: below one, other processes took part of the core.</param>
/// <param name="Losses">The losses of the last block.</param>
internal sealed record Measurement(
    double StepMilliseconds, double CpuMilliseconds, double PeakMegabytes, long LiveGrowth, double CpuShare, double[] Losses)
{
    private const string Mark = "measured";

    public string ToLine() => string.Join(
        ' ',
        [
            Mark, Text(StepMilliseconds), Text(CpuMilliseconds), Text(PeakMegabytes), LiveGrowth.ToString(CultureInfo.InvariantCulture),
            Text(CpuShare), .. Losses.Select(Text),
        ]);

    public static Measurement FromOutput(string output)
    {
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith(Mark + " ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The measured process printed no result:\n" + output);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = words.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new Measurement(numbers[0], numbers[1], numbers[2], (long)numbers[3], numbers[4], numbers[5..]);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
