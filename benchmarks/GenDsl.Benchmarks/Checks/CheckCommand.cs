using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
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

    public static bool Run(TextWriter output, IReadOnlyList<Workload> workloads)
    {
        set_num_threads(1);
        manual_seed(1);
        var agree = true;
        foreach (var workload in workloads)
        {
            using var data = workload.Data();
            agree &= PlainAgrees(workload, data, output) & GeneratedAgrees(workload, data, output);
        }

        output.WriteLine(agree ? "All agree." : "Some differ.");
        return agree;
    }

    private static bool PlainAgrees(Workload workload, Tensor data, TextWriter output)
    {
        if (workload.Plain is null)
        {
            return true;
        }

        var expert = workload.Expert(data);
        var plain = workload.Plain(data);
        CopyWeights(expert.Weights, plain.Weights);
        using var shuffle = new Shuffle(BenchmarkData.Rows, expert.Batch);
        var agree = true;
        for (var step = 0; step < Steps; step++)
        {
            using var rows = shuffle.Next();
            using var noise = randn(expert.NoiseShape);
            expert.Step(rows, noise);
            plain.Step(rows, noise);
            agree &= Report(output, $"{workload.Name} step {step}: expert, plain", expert.ReadLosses(), plain.ReadLosses());
        }

        return agree;
    }

    private static bool GeneratedAgrees(Workload workload, Tensor data, TextWriter output)
    {
        var expert = workload.Expert(data);
        var generated = GeneratedRuns.Compare(workload.Name, data);
        if (Workload.Flows.Contains(workload))
        {
            Disturb(generated.Weights);
        }

        CopyWeights(generated.Weights, expert.Weights);
        var agree = true;
        for (var step = 0; step < Steps; step++)
        {
            using var rows = generated.Rows(step, expert.Batch);
            using var noise = generated.Noise(step, expert.NoiseShape);
            expert.Step(rows, noise);
            agree &= Report(output, $"{workload.Name} step {step}: expert, generated", expert.ReadLosses(), generated.Step());
        }

        return agree;
    }

    // The last layers of couplings are 0 at first, and would hide whatever is wrong before them.
    private static void Disturb(IReadOnlyList<Tensor> weights)
    {
        using var frozen = no_grad();
        foreach (var weight in weights.Where(weight => weight.requires_grad))
        {
            using var noise = randn_like(weight);
            weight.add_(noise, 0.02);
        }
    }

    private static void CopyWeights(IReadOnlyList<Tensor> from, IReadOnlyList<Tensor> to)
    {
        using var frozen = no_grad();
        for (var i = 0; i < from.Count; i++)
        {
            to[i].copy_(from[i]);
        }
    }

    /// <summary>Prints two lists of losses and says whether they are equal, relative to their size where that is above one.</summary>
    private static bool Report(TextWriter output, string what, double[] first, double[] second)
    {
        var difference = first.Zip(second, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max();
        var agree = first.Length == second.Length && difference <= Tolerance;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(agree ? "ok  " : "BAD ")} {what}: {Text(first)} | {Text(second)}, difference {difference:E1}"));
        return agree;
    }

    private static string Text(double[] losses) => string.Join(' ', losses.Select(loss => loss.ToString("F6", CultureInfo.InvariantCulture)));
}
