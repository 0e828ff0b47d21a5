using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Integration.Tests.Runtime.Sampling;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Sampling;

/// <summary>
/// Time per position of derived samplers, by spans and by tensors, of the naive sampler and of the machine, in one process on one thread.
/// The naive sampler is timed at a few positions and extrapolated.
/// </summary>
internal static class SamplingCommand
{
    private const int NaivePositions = 5;
    private const int TensorPositions = 1000;

    private static readonly IReadOnlyList<string> Models = ["wavenet", "pixels"];

    // Processor time: what else the machine does is not counted, though it still shares the caches.
    private static double Now => Environment.CpuUsage.TotalTime.TotalMicroseconds;

    public static void Run(Arguments arguments)
    {
        TorchRuntime.Threads = 1;
        var rounds = arguments.Number("rounds", 3);
        var features = arguments.Number("features", 64);
        Console.Out.WriteLine(Machine.Describe() + string.Create(CultureInfo.InvariantCulture, $", one thread, load {Machine.Load():F2} at the start"));
        Console.Out.WriteLine();
        Console.Out.WriteLine("| model | batch | spans | tensors | naive | floor | spans / floor | naive / best | first and last quarter | evaluations | kept |");
        Console.Out.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var model in arguments.Choice("models", Models))
        {
            var cases = model == "wavenet"
                ? ((SamplingCase[])[SamplingCase.WaveNet(10, 64, 4_000), SamplingCase.WaveNet(30, 256, 4_000), SamplingCase.WaveNet(30, 256, 16_000)]).SelectMany(item => ((long[])[1, 16]).Select(count => (item, count)))
                : ((SamplingCase[])[SamplingCase.Pixels(features, 28), SamplingCase.Pixels(features, 32)]).SelectMany(item => ((long[])[1, 16, 64]).Select(count => (item, count)));
            foreach (var (item, count) in cases)
            {
                Measure(item, count, rounds, arguments.Number("naive", NaivePositions));
            }
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"Microseconds of processor time per position for the whole batch, by spans: medians of {rounds} runs of the whole length; by tensors: one run of at most {TensorPositions} positions. Naive: the whole net (WaveNet: on its receptive field) at {NaivePositions} positions spread over the length, extrapolated. Floor: the weights of a position over the measured bandwidth for as many bytes, or its multiplications over the measured rate of a bare product, whichever is longer.");
    }

    private static void Measure(SamplingCase item, long count, int rounds, int naivePositions)
    {
        using var net = item.New(count, null);
        using var plan = net.NewPlan();
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(1, CPU));

        List<double> spans = [], first = [], last = [];
        plan.Executor = SamplerExecutor.Spans;
        for (var round = 0; round <= rounds; round++)
        {
            var (total, start, end) = Time(plan, net.Draw, parameters, noise);

            // The first one compiles.
            if (round > 0)
            {
                spans.Add(total);
                first.Add(start);
                last.Add(end);
            }
        }

        var report = plan.Report;
        plan.Executor = SamplerExecutor.Tensors;
        var tensors = Start(plan, net.Draw, parameters, noise);
        var naive = Naive(item, net, noise, naivePositions);
        var floor = 1e6 * SamplingFloor.Of(report, count, net.Positions);
        var (s, t) = (Statistics.Median(spans), tensors);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {item.Name} | {count} | {s:F1} | {t:F1} | {naive:F0} | {floor:F1} | {s / floor:F2} | {naive / Math.Min(s, t):F0} | {Statistics.Median(first):F1}, {Statistics.Median(last):F1} | {report.Evaluations} | {report.KeptBytes / 1024.0 / 1024:F2} MB |"));
    }

    // Microseconds per position: over all, over the first quarter, over the last.
    private static (double All, double First, double Last) Time(SamplerPlan plan, SiteDraw draw, SiteValue[] parameters, Tensor noise)
    {
        long quarter = plan.Positions / 4;
        double first = 0, last = 0;
        var begin = Now;
        using var drawn = plan.Sample(draw, parameters, noise, progress: (done, all) =>
        {
            if (done == quarter)
            {
                first = Now - begin;
            }
            else if (done == all - quarter)
            {
                last = Now - begin;
            }
        });
        var total = Now - begin;
        return (total / plan.Positions, first / quarter, (total - last) / quarter);
    }

    // Microseconds per position over the first thousand, or all if there are fewer: by tensors every position of a kind costs the same.
    private static double Start(SamplerPlan plan, SiteDraw draw, SiteValue[] parameters, Tensor noise)
    {
        using var source = new CancellationTokenSource();
        double begin = 0, end = 0;
        long counted = 0;
        try
        {
            plan.Sample(draw, parameters, noise, cancellation: source.Token, progress: (done, all) =>
            {
                if (done == 1)
                {
                    begin = Now;
                }

                if (done == Math.Min(all, TensorPositions))
                {
                    end = Now;
                    counted = done - 1;
                    source.Cancel();
                }
            }).Dispose();
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }

        return (end - begin) / counted;
    }

    private static double Naive(SamplingCase item, SampledNet net, Tensor noise, int positions)
    {
        List<double> times = [];
        using var given = zeros(net.Shape);
        using var seen = item.New(net.Count, item.Window == 0 ? null : item.Window);
        for (var i = 0; i <= positions; i++)
        {
            // Spread over the length, the start aside, where a window is shorter.
            var place = Math.Min(net.Positions - 1, (net.Positions * (i + 1) / (positions + 1)) + Math.Min(item.Window, net.Positions));
            var begin = Now;
            using var drawn = NaiveSampler.Sample(
                seen.Whole, net.Draw, net.Count, net.Sites, net.Channels, net.IsOrdered, ScalarType.Float32, CPU, noise, given, place, limit: 1, window: item.Window);
            if (i > 0)
            {
                times.Add(Now - begin);
            }
        }

        return Statistics.Median(times);
    }
}
