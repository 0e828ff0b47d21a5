using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

internal static class Statistics
{
    private const int Resamples = 4_000;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? throw new ArgumentException("There is no median of no values.", nameof(values))
            : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// The median of all values with its 95 % percentile-bootstrap interval (Efron 1979), reproducibly. Values of one group belong
    /// together, so groups are drawn first and then values within them.
    /// </summary>
    public static Interval MedianInterval(IReadOnlyList<double[]> groups)
    {
        var random = new Random(1);
        var medians = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            medians[i] = Median(groups.Select(_ => groups[random.Next(groups.Count)]).SelectMany(group => group.Select(_ => group[random.Next(group.Length)])));
        }

        Array.Sort(medians);
        return new Interval(Median(groups.SelectMany(group => group)), medians[(int)(0.025 * Resamples)], medians[(int)(0.975 * Resamples)]);
    }
}
