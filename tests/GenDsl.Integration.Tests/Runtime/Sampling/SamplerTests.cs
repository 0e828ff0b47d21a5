using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

public class SamplerTests
{
    private static readonly Dictionary<string, Func<ScalarType, long, SampledNet>> Nets = new()
    {
        ["wavenet"] = (type, count) => new WaveNet { Type = type, Count = count },
        ["gated pixels"] = (type, count) => new GatedPixels { Type = type, Count = count },
        ["strided pixels"] = (type, count) => new StridedPixels { Type = type, Count = count },
        ["masked pixels"] = (type, count) => new MaskedPixels { Type = type, Count = count, IsByChannel = false },
        ["masked colours"] = (type, count) => new MaskedPixels { Type = type, Count = count, IsByChannel = true },
        ["gated colours"] = (type, count) => new MaskedPixels { Type = type, Count = count, IsByChannel = true, IsGated = true },
        ["made"] = (type, count) => new Made { Type = type, Count = count },
        ["made, few hidden"] = (type, count) => new Made { Type = type, Count = count, Variables = 17, Hidden = 7 },
        ["made, two variables"] = (type, count) => new Made { Type = type, Count = count, Variables = 2, Hidden = 3 },
        ["made, one variable"] = (type, count) => new Made { Type = type, Count = count, Variables = 1, Hidden = 3 },
        ["made of reals"] = (type, count) => new Made { Type = type, Count = count, IsReal = true },
        ["lstm"] = (type, count) => new PixelRnn { Type = type, Count = count, IsGru = false },
        ["gru"] = (type, count) => new PixelRnn { Type = type, Count = count, IsGru = true },
        ["upsampled"] = (type, count) => new Upsampled { Type = type, Count = count },
    };

    public static IEnumerable<string> Names => Nets.Keys;

    public static TheoryData<string, long> All
    {
        get
        {
            var data = new TheoryData<string, long>();
            foreach (var name in Nets.Keys)
            {
                data.Add(name, 1);
                data.Add(name, 3);
            }

            return data;
        }
    }

    internal static SampledNet New(string name, ScalarType type, long count) => Nets[name](type, count);

    [Theory]
    [MemberData(nameof(All))]
    public void TensorsSeeWhatTheWholeNetSees(string name, long count) => Forced(name, count, ScalarType.Float64, SamplerExecutor.Tensors, 1e-10);

    [Theory]
    [MemberData(nameof(All))]
    public void TensorsInSinglePrecisionDoSoUpToRounding(string name, long count) => Forced(name, count, ScalarType.Float32, SamplerExecutor.Tensors, 3e-5);

    [Theory]
    [MemberData(nameof(All))]
    public void SpansDoSoUpToRounding(string name, long count) => Forced(name, count, ScalarType.Float32, SamplerExecutor.Spans, 3e-5);

    [Theory]
    [MemberData(nameof(All))]
    public void DrawsAreThoseOfTheNaiveSampler(string name, long count)
    {
        using var scope = NewDisposeScope();
        using var net = Nets[name](ScalarType.Float64, count);
        using var plan = net.NewPlan();
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(5, CPU, ScalarType.Float64));
        using var drawn = plan.Sample(net.Draw, parameters, noise);
        using var naive = NaiveSampler.Sample(net.Whole, net.Draw, count, net.Sites, net.Channels, net.IsOrdered, ScalarType.Float64, CPU, noise);
        Assert.True(drawn.to(ScalarType.Float64).std().ToDouble() > 0.05 || drawn.numel() == 1, "Nothing was drawn.");
        TensorAssert.Close(naive, drawn, net.Draw == SiteDraws.Normal ? 1e-10 : 0);
    }

    [Fact]
    public void RandomGraphsThatTheScheduleAcceptsAreSampledRight()
    {
        int accepted = 0, refused = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            using var net = new RandomNet { Seed = seed, Type = ScalarType.Float64, Count = 2 };
            using var single = new RandomNet { Seed = seed, Type = ScalarType.Float32, Count = 2 };
            try
            {
                Forced(net, SamplerExecutor.Tensors, 1e-9);
                accepted++;
            }
            catch (InvalidOperationException error) when (error.Message.Contains("not drawn yet", StringComparison.Ordinal))
            {
                refused++;
                continue;
            }

            Forced(single, SamplerExecutor.Spans, 1e-3);
        }

        Assert.True(accepted >= 50, FormattableString.Invariant($"{accepted} of 150 accepted."));
        Assert.True(refused >= 10, FormattableString.Invariant($"{refused} of 150 refused."));
    }

    private static void Forced(string name, long count, ScalarType type, SamplerExecutor executor, double tolerance)
    {
        using var net = Nets[name](type, count);
        Forced(net, executor, tolerance);
    }

    private static void Forced(SampledNet net, SamplerExecutor executor, double tolerance)
    {
        using var scope = NewDisposeScope();
        var count = net.Count;
        using var x = net.Data();
        using (var plan = net.NewPlan())
        {
            plan.Executor = executor;
            var forced = new ForcedDraw(net.Draw);
            var parameters = net.Build(plan);
            using var byPosition = x.reshape(count, Math.Max(net.Channels, 1), net.Positions).transpose(1, 2);
            using var drawn = plan.Sample(forced, parameters, byPosition);
            TensorAssert.Same(x, drawn);
            var expected = ForcedDraw.Expected(net, x);
            Assert.Equal(expected.Count, forced.Seen.Count);
            for (var i = 0; i < expected.Count; i++)
            {
                Assert.Equal(expected[i].Length, forced.Seen[i].Length);
                for (var j = 0; j < expected[i].Length; j++)
                {
                    var slack = tolerance * Math.Max(1, Math.Abs(expected[i][j]));
                    Assert.InRange(forced.Seen[i][j], expected[i][j] - slack, expected[i][j] + slack);
                }
            }
        }
    }
}
