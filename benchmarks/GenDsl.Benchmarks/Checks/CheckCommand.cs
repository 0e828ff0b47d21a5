using System;
using System.Globalization;
using System.Linq;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Benchmarks.Twins;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Checks;

/// <summary>The programs compute the same: from the same weights, rows and noise, the same losses over three steps.</summary>
internal static class CheckCommand
{
    private const int Steps = 3;
    private const double Tolerance = 1e-5;

    public static bool Run()
    {
        set_num_threads(1);
        var agree = true;
        foreach (var workload in Workload.All)
        {
            using var data = workload.Data();
            agree &= Agree(workload.Name, Contestant.Plain, workload.Expert(data), Contestant.Expert, workload.Plain(data));
            agree &= GeneratedRuns.Agrees(workload.Name, data, Report);
        }

        Console.Out.WriteLine(agree ? "All agree." : "Some differ.");
        return agree;
    }

    private static bool Agree(string model, string otherName, ITwin expert, string expertName, ITwin other)
    {
        CopyWeights(expert, other);
        using var shuffle = new Shuffle(BenchmarkData.Rows, expert.NoiseShape[0]);
        var agree = true;
        for (var step = 0; step < Steps; step++)
        {
            using var rows = shuffle.Next();
            using var noise = randn(expert.NoiseShape);
            expert.Step(rows, noise);
            other.Step(rows, noise);
            agree &= Report($"{model} step {step}: {expertName}, {otherName}", expert.ReadLosses(), other.ReadLosses());
        }

        return agree;
    }

    private static void CopyWeights(ITwin from, ITwin to)
    {
        using var frozen = no_grad();
        foreach (var (source, target) in from.Weights.Zip(to.Weights))
        {
            target.copy_(source);
        }
    }

    /// <summary>Prints two lists of losses and says whether they are equal, relative to their size where that is above one.</summary>
    private static bool Report(string what, double[] first, double[] second)
    {
        var difference = first.Zip(second, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max();
        var agree = first.Length == second.Length && difference <= Tolerance;
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(agree ? "ok  " : "BAD ")} {what}: {Text(first)} | {Text(second)}, difference {difference:E1}"));
        return agree;
    }

    private static string Text(double[] losses) => string.Join(' ', losses.Select(loss => loss.ToString("F6", CultureInfo.InvariantCulture)));
}
