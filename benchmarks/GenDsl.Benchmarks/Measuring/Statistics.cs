using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

internal static class Statistics
{
    private const int Resamples = 10_000;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? throw new ArgumentException("There is no median of no values.", nameof(values))
            : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median with its 95 % percentile-bootstrap interval (Efron 1979), reproducibly.</summary>
    public static Interval MedianInterval(IReadOnlyList<double> values)
    {
        var random = new Random(1);
        var medians = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            medians[i] = Median(Enumerable.Range(0, values.Count).Select(_ => values[random.Next(values.Count)]));
        }

        Array.Sort(medians);
        return new Interval(Median(values), medians[(int)(0.025 * Resamples)], medians[(int)(0.975 * Resamples)]);
    }
}
