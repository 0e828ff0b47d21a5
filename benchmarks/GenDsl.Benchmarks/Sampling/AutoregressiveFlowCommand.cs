using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Benchmarks.Twins;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Sampling;

/// <summary>
/// What draws cost of flows that are drawn number by number (MAF) and at once (IAF), against one pass of the density of the same flow, in one process on one
/// thread, in alternation: by the layers that models/maf.gen and models/iaf.gen generate, and by hand.
/// </summary>
internal static class AutoregressiveFlowCommand
{
    private const long Batch = 16;
    private const int Layers = 5;
    private const int Hidden = 128;
    private const double LeastMilliseconds = 25;

    private static readonly Scalar MinusHalf = -0.5;

    private static readonly IReadOnlyList<string> Dims = ["2", "8", "32", "128"];

    // Processor time: what else the machine does is not counted, though it still shares the caches.
    private static double Now => Environment.CpuUsage.TotalTime.TotalMilliseconds;

    public static void Run(Arguments arguments)
    {
        TorchRuntime.Threads = 1;
        var rounds = arguments.Number("rounds", 7);
        using var frozen = no_grad();
        Console.Out.WriteLine(Machine.Describe() + string.Create(CultureInfo.InvariantCulture, $", one thread, load {Machine.Load():F2} at the start"));
        Console.Out.WriteLine();
        Console.Out.WriteLine("| D | density of MAF, ms | draw of MAF, ms | draw / density | per number | draw / by hand | draw of IAF, ms | draw / density of MAF | density of IAF / its draw |");
        Console.Out.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var dims in arguments.Choice("dims", Dims))
        {
            Measure(int.Parse(dims, CultureInfo.InvariantCulture), rounds);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Batch {Batch}, {Layers} layers of {Hidden} hidden units. Processor time: medians of {rounds} rounds, in each of which all take turns for at least {LeastMilliseconds:F0} ms; ratios within a round, with a 95 % bootstrap interval. By hand: masks multiplied into the weights once for a draw, then a pass for every number, written into its column. Load {Machine.Load():F2} at the end."));
    }

    private static void Measure(int dims, int rounds)
    {
        Models.Maf.MafLayer[] maf = [.. Enumerable.Range(0, Layers).Select(i => new Models.Maf.MafLayer(new() { Hidden = Hidden, D = dims, Seed = (ulong)i }))];
        Models.Iaf.IafStep[] iaf = [.. Enumerable.Range(0, Layers).Select(i => new Models.Iaf.IafStep(new() { Hidden = Hidden, D = dims, Seed = (ulong)i }))];
        var twin = new MafSampler(maf.Select(layer => layer.Masked.State).ToArray());
        var draws = Draws.Root(1, CPU);
        using var x = draws.Normal(Batch, dims);
        using (var drawn = DrawMaf(maf, x))
        using (var byHand = twin.Draw(x))
        {
            if (!allclose(drawn, byHand, rtol: 1e-3, atol: 1e-4))
            {
                throw new InvalidOperationException("The sampler by hand draws something else.");
            }
        }

        Func<Tensor>[] actions = [() => Density(maf, x), () => DrawMaf(maf, x), () => twin.Draw(x), () => DrawIaf(iaf, x), () => DensityIaf(iaf, x)];
        var times = actions.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            // The order alternates, so that going first favours nobody; the first round compiles.
            foreach (var i in round % 2 == 0 ? Enumerable.Range(0, actions.Length) : Enumerable.Range(0, actions.Length).Reverse())
            {
                var time = Time(actions[i]);
                if (round >= 0)
                {
                    times[i].Add(time);
                }
            }
        }

        var perNumber = Statistics.Median(times[1].Zip(times[0], (draw, density) => draw / density / dims));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {dims} | {Statistics.Median(times[0]):F3} | {Statistics.Median(times[1]):F3} | {Ratio(times[1], times[0])} | {perNumber:F3} | {Ratio(times[1], times[2])} | {Statistics.Median(times[3]):F3} | {Ratio(times[3], times[0])} | {Ratio(times[4], times[3])} |"));
    }

    private static Interval Ratio(List<double> mine, List<double> other) => Statistics.MedianInterval([.. mine.Zip(other, (a, b) => new[] { a / b })]);

    private static double Time(Func<Tensor> action)
    {
        var begin = Now;
        for (var count = 1; ; count++)
        {
            action().Dispose();
            if (Now - begin is var time && time >= LeastMilliseconds)
            {
                return time / count;
            }
        }
    }

    private static Tensor Density(Models.Maf.MafLayer[] layers, Tensor x)
    {
        var (u, logDet) = layers[0].forward(x);
        foreach (var layer in layers.Skip(1))
        {
            var (next, more) = layer.forward(u);
            u.Dispose();
            logDet.add_(more);
            more.Dispose();
            u = next;
        }

        return WithNormal(u, logDet);
    }

    private static Tensor DensityIaf(Models.Iaf.IafStep[] steps, Tensor x)
    {
        var (z, logDet) = steps[^1].Inverse(x);
        foreach (var step in steps.SkipLast(1).Reverse())
        {
            var (next, more) = step.Inverse(z);
            z.Dispose();
            logDet.add_(more);
            more.Dispose();
            z = next;
        }

        return WithNormal(z, logDet);
    }

    private static Tensor WithNormal(Tensor z, Tensor logDet)
    {
        using var squares = z.square();
        using var sum = squares.sum(1);
        z.Dispose();
        return logDet.add_(sum, MinusHalf);
    }

    private static Tensor DrawMaf(Models.Maf.MafLayer[] layers, Tensor noise)
    {
        var x = layers[^1].Invert(noise);
        foreach (var layer in layers.SkipLast(1).Reverse())
        {
            var next = layer.Invert(x);
            x.Dispose();
            x = next;
        }

        return x;
    }

    private static Tensor DrawIaf(Models.Iaf.IafStep[] steps, Tensor noise)
    {
        var x = steps[0].Transform(noise);
        foreach (var step in steps.Skip(1))
        {
            var next = step.Transform(x);
            x.Dispose();
            x = next;
        }

        return x;
    }
}
