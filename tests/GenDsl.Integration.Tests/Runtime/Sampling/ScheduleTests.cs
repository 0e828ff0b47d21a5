using System;
using System.Linq;
using System.Threading;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

public class ScheduleTests
{
    [Theory]
    [InlineData(SamplerExecutor.Spans)]
    [InlineData(SamplerExecutor.Tensors)]
    public void EachSiteOfPixelCnnPpIsComputedOnce(SamplerExecutor executor)
    {
        using var net = new StridedPixels { Type = ScalarType.Float32, Count = 1, Size = 28, Depth = 5, Features = 2, Components = 1 };
        using var plan = Sampled(net, executor);
        var schedule = plan.Machine!.Schedule;
        long convolutions = 0;
        foreach (var (value, computed) in plan.Machine.Computed)
        {
            var sites = (long)value.Shape.Rows * value.Shape.Columns;
            var isNeededEverywhere = schedule.Leads[value.Index].CompareTo(default) >= 0;
            Assert.InRange(computed, isNeededEverywhere ? sites : 0, sites);
            if (isNeededEverywhere && value is TapsNode taps && (taps.Taps.Length > 1 || taps.Taps[0].Length > 1))
            {
                convolutions += computed;
            }
        }

        // models.md counts 49,098 with the two values that the streams start from, and neither links nor the last layer.
        Assert.Equal(49_098, convolutions + (2 * 784));
    }

    [Fact]
    public void TheUpperStreamIsComputedByRowsAndTheLeftOneBySites()
    {
        using var net = new StridedPixels { Type = ScalarType.Float32, Count = 1, Size = 8, Features = 2 };
        using var plan = Sampled(net, SamplerExecutor.Tensors);
        var groups = plan.Machine!.Schedule.Groups;
        Assert.Contains(groups, group => group.IsByRow && group.Shape.Rows == 8 && group.Nodes.OfType<TapsNode>().Count() >= 5);
        Assert.Contains(groups, group => group.IsByRow && group.Shape.Rows == 2);
        Assert.Contains(groups, group => !group.IsByRow && group.Shape.Rows == 8 && group.Nodes.OfType<TapsNode>().Count() >= 5);

        // The streams meet at five depths; what is due together is one group.
        Assert.InRange(groups.Count, 8, 16);
    }

    [Fact]
    public void MadeCostsOnePass()
    {
        using var net = new Made { Type = ScalarType.Float32, Count = 2, Variables = 9, Hidden = 20 };
        using var plan = Sampled(net, SamplerExecutor.Spans);
        Assert.All(plan.Machine!.Computed.Where(pair => pair.Key is TapsNode), pair => Assert.Equal(pair.Key.Grading!.Classes, pair.Value));

        // Of the products, those that no mask hides.
        static long Kept(int outs, int ins, int outClasses, int inClasses, bool strict) =>
            (from o in Enumerable.Range(0, outs) from i in Enumerable.Range(0, ins) where strict ? i % inClasses < o % outClasses : i % inClasses <= o % outClasses select 1).LongCount();
        Assert.Equal(2 * (Kept(20, 9, 8, 9, false) + Kept(20, 20, 8, 8, false) + Kept(9, 20, 9, 8, true)), plan.Report.MultiplyAdds);
    }

    [Fact]
    public void ADilatedConvolutionKeepsItsReachAndOne()
    {
        using var net = new WaveNet { Type = ScalarType.Float32, Count = 1, Length = 100, Layers = 6 };
        using var plan = Sampled(net, SamplerExecutor.Spans);
        var schedule = plan.Machine!.Schedule;
        var gates = plan.Values.OfType<TapsNode>().Where(node => node.DependsOnRoot && node.Taps[0].Length == 2).ToArray();
        Assert.Equal(6, gates.Length);
        for (var i = 0; i < gates.Length; i++)
        {
            Assert.Equal((1 << i) + 1, schedule.Storage[gates[i].Input.Index].Rows);
        }
    }

    [Fact]
    public void ZerosBetweenTheTapsOfAMaskedKernelCostNothing()
    {
        using var plan = new SamplerPlan(1, [30], 1, false, ScalarType.Float32, CPU);
        using var weight = zeros(4, 1, 9);
        using var taps = weight.slice(2, 0, 9, 4);
        taps.fill_(0.5);
        using var last = weight.select(2, 8);
        last.fill_(0);
        var masked = plan.MaskedConvolve(plan.Root, weight, null, [8], [30], 1, true);
        using var noise = plan.Noise(SiteDraws.Categorical(4), Draws.Root(1, CPU));
        plan.Sample(SiteDraws.Categorical(4), [masked], noise).Dispose();
        Assert.Equal(30 * 2 * 4, plan.Report.MultiplyAdds);
    }

    [Theory]
    [InlineData(SamplerExecutor.Spans)]
    [InlineData(SamplerExecutor.Tensors)]
    public void MemoryDoesNotGrowWithLength(SamplerExecutor executor)
    {
        long Kept(long length)
        {
            using var net = new WaveNet { Type = ScalarType.Float32, Count = 1, Length = length, HasConditions = false };
            using var plan = Sampled(net, executor);
            return plan.Report.KeptBytes;
        }

        var kept = Kept(40);
        Assert.InRange(kept, 1, 20_000);
        Assert.Equal(kept, Kept(400));
    }

    [Fact]
    public void ImagesKeepAFewRows()
    {
        using var net = new StridedPixels { Type = ScalarType.Float32, Count = 1, Size = 16, Features = 2 };
        using var plan = Sampled(net, SamplerExecutor.Tensors);
        var storage = plan.Machine!.Schedule.Storage;
        Assert.All(plan.Machine.Computed.Keys, node => Assert.InRange(storage[node.Index].Rows, 0, 3));
        Assert.Contains(plan.Machine.Computed.Keys, node => storage[node.Index].IsTransient);
    }

    [Fact]
    public void ReadingWhatIsNotDrawnIsAnErrorThatNamesTheNodes()
    {
        using var plan = new SamplerPlan(1, [10], 1, false, ScalarType.Float32, CPU);
        using var weight = ones(1, 1, 3);
        var late = plan.Shift(plan.Root, 1);
        var ahead = plan.Map(SiteKernels.Tanh, plan.Convolve(late, weight, null, [1], [1], [1], [10], false));
        using var noise = plan.Noise(SiteDraws.Bernoulli, Draws.Root(1, CPU));
        var error = Assert.Throws<InvalidOperationException>(() => plan.Sample(SiteDraws.Bernoulli, [ahead], noise));
        Assert.Contains("'shift 1' -> 'conv 2' -> 'tanh 3'", error.Message, StringComparison.Ordinal);
        Assert.Contains("(0, 0, 0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MixingChannelsThatAreDrawnOneByOneIsAnError()
    {
        using var plan = new SamplerPlan(1, [4, 4], 3, true, ScalarType.Float32, CPU);
        using var weight = Draws.Root(1, CPU).Normal(3, 3);
        using var noise = plan.Noise(SiteDraws.Bernoulli, Draws.Root(1, CPU));
        var mixed = plan.Linear(plan.Root, weight, null);
        Assert.Throws<InvalidOperationException>(() => plan.Sample(SiteDraws.Bernoulli, [mixed], noise));

        // Of the pixel to the left, all channels are known.
        using var drawn = plan.Sample(SiteDraws.Bernoulli, [plan.Linear(plan.Shift(plan.Root, 0, 1), weight, null)], noise);
        Assert.Equal([1, 3, 4, 4], drawn.shape);
    }

    [Fact]
    public void AnotherMaskThanTheSchedulesIsRefused()
    {
        using var plan = new SamplerPlan(1, [], 4, true, ScalarType.Float32, CPU);
        using var weight = ones(4, 4);
        Assert.Throws<ArgumentException>(() => plan.MaskedLinear(plan.Root, weight, null, 4, true));
        using var kernel = ones(3, 3, 3, 3);
        using var images = new SamplerPlan(1, [5, 5], 3, true, ScalarType.Float32, CPU);
        Assert.Throws<ArgumentException>(() => images.MaskedConvolve(images.Root, kernel, null, [1, 1], [5, 5], 3, false));
    }

    [Fact]
    public void StopsWhenAsked()
    {
        using var net = new WaveNet { Type = ScalarType.Float32, Count = 1 };
        using var plan = net.NewPlan();
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(1, CPU));
        using var source = new CancellationTokenSource();
        long last = 0;
        Assert.Throws<OperationCanceledException>(() => plan.Sample(net.Draw, parameters, noise, cancellation: source.Token, progress: (done, all) =>
        {
            Assert.Equal(40, all);
            last = done;
            if (done == 7)
            {
                source.Cancel();
            }
        }));
        Assert.Equal(7, last);
    }

    private static SamplerPlan Sampled(SampledNet net, SamplerExecutor executor)
    {
        var plan = net.NewPlan();
        plan.Executor = executor;
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(1, CPU));
        plan.Sample(net.Draw, parameters, noise).Dispose();
        return plan;
    }
}
