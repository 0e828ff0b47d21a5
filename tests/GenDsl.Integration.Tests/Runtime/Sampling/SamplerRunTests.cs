using System;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

public class SamplerRunTests
{
    public static TheoryData<string, SamplerExecutor> Runs
    {
        get
        {
            var data = new TheoryData<string, SamplerExecutor>();
            foreach (var name in SamplerTests.Names)
            {
                data.Add(name, SamplerExecutor.Spans);
                data.Add(name, SamplerExecutor.Tensors);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void APrefixGoesOnAsItBegan(string name, SamplerExecutor executor)
    {
        using var net = SamplerTests.New(name, ScalarType.Float32, 2);
        using var plan = net.NewPlan();
        plan.Executor = executor;
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(5, CPU));
        using var whole = plan.Sample(net.Draw, parameters, noise);
        Assert.Equal(net.Shape, whole.shape);
        foreach (var known in (long[])[0, net.Positions / 3, net.Positions])
        {
            // What is not known must not be looked at.
            using var prefix = whole.clone();
            using var flat = prefix.view(2, -1, net.Positions);
            using var rest = flat.narrow(2, known, net.Positions - known);
            rest.fill_(2);
            using var again = plan.Sample(net.Draw, parameters, noise, prefix, known);
            TensorAssert.Same(whole, again);
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void NoTensorIsLeft(string name, SamplerExecutor executor)
    {
        using var net = SamplerTests.New(name, ScalarType.Float32, 2);
        using (var first = net.NewPlan())
        {
            // The weights of the net are made on demand.
            net.Build(first);
        }

        // What other tests left to the collector must not disappear in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        using (var plan = net.NewPlan())
        {
            plan.Executor = executor;
            var parameters = net.Build(plan);
            using var noise = plan.Noise(net.Draw, Draws.Root(5, CPU));
            plan.Sample(net.Draw, parameters, noise).Dispose();
            var once = LiveTensors.Count();
            plan.Sample(net.Draw, parameters, noise).Dispose();
            Assert.Equal(once, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("wavenet")]
    [InlineData("strided pixels")]
    [InlineData("masked colours")]
    [InlineData("made")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void AStepOnSpansAllocatesNothing(string name)
    {
        using var net = SamplerTests.New(name, ScalarType.Float32, 2);
        using var plan = net.NewPlan();
        plan.Executor = SamplerExecutor.Spans;
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(5, CPU));
        long first = 0, last = 0;
        void Run() => plan.Sample(net.Draw, parameters, noise, progress: (done, all) =>
        {
            if (done == 1)
            {
                first = GC.GetAllocatedBytesForCurrentThread();
            }

            if (done == all)
            {
                last = GC.GetAllocatedBytesForCurrentThread();
            }
        }).Dispose();

        // Once for what is compiled on the way.
        Run();
        Run();
        Assert.Equal(first, last);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void SpansAndTensorsDrawTheSame(string name, SamplerExecutor executor)
    {
        using var scope = NewDisposeScope();
        using var net = SamplerTests.New(name, ScalarType.Float32, 3);
        using var plan = net.NewPlan();
        var parameters = net.Build(plan);
        using var noise = plan.Noise(net.Draw, Draws.Root(6, CPU));
        plan.Executor = executor;
        using var drawn = plan.Sample(net.Draw, parameters, noise);
        Assert.Equal(executor, plan.Report.Executor);
        plan.Executor = executor == SamplerExecutor.Spans ? SamplerExecutor.Tensors : SamplerExecutor.Spans;
        using var other = plan.Sample(net.Draw, parameters, noise);
        TensorAssert.Close(other, drawn, net.Draw == SiteDraws.Normal ? 1e-4 : 0);
    }

    [Fact]
    public void AFunctionOfTensorsRunsOnTensors()
    {
        using var scope = NewDisposeScope();
        using var plan = new SamplerPlan(2, [6], 1, false, ScalarType.Float32, CPU);
        var late = plan.Shift(plan.Root, 1);
        var sine = plan.Map(SiteKernels.Of(inputs => inputs[0].sin()), late);
        var doubled = plan.Map(SiteKernels.Of(inputs => cat([inputs[0], inputs[0]], -1), SiteKernelKind.Mixing), sine);
        Assert.Equal(2, doubled.Features);
        var parts = plan.Chunk(doubled, 2);
        var std = plan.Map(SiteKernels.Scale(0.1, 1), parts[1]);
        using var noise = plan.Noise(SiteDraws.Normal, Draws.Root(1, CPU));
        using var drawn = plan.Sample(SiteDraws.Normal, [parts[0], std], noise);
        Assert.Equal(SamplerExecutor.Tensors, plan.Report.Executor);
        using var naive = NaiveSampler.Sample(
            x =>
            {
                using var before = nn.functional.pad(x, [1, -1]);
                var mean = before.sin();
                return [mean, (mean * 0.1).add_(1)];
            },
            SiteDraws.Normal, 2, [6], 1, false, ScalarType.Float32, CPU, noise);
        TensorAssert.Close(naive, drawn, 1e-5);
        plan.Executor = SamplerExecutor.Spans;
        Assert.Throws<ArgumentException>(() => plan.Sample(SiteDraws.Normal, [parts[0], std], noise));
    }

    [Fact]
    public void AWindowOfTheReceptiveFieldIsEnough()
    {
        using var net = new WaveNet { Type = ScalarType.Float64, Count = 2, Length = 60, Layers = 3, HasConditions = false };
        using var noise = Draws.Root(1, CPU, ScalarType.Float64).Uniform(0, 1, 2, 60, 1);
        using var whole = NaiveSampler.Sample(net.Whole, net.Draw, 2, net.Sites, 0, false, ScalarType.Float64, CPU, noise);
        using var seen = new WaveNet { Type = ScalarType.Float64, Count = 2, Length = 9, Layers = 3, HasConditions = false };
        using var windowed = NaiveSampler.Sample(
            seen.Whole, net.Draw, 2, net.Sites, 0, false, ScalarType.Float64, CPU, noise, whole, known: 9, window: 9);
        TensorAssert.Same(whole, windowed);
    }

    [Fact]
    public void WrongInputsAreSaid()
    {
        using var scope = NewDisposeScope();
        using var plan = new SamplerPlan(2, [6], 1, false, ScalarType.Float32, CPU);
        using var other = new SamplerPlan(2, [6], 1, false, ScalarType.Float32, CPU);
        var late = plan.Shift(plan.Root, 1);
        using var noise = plan.Noise(SiteDraws.Bernoulli, Draws.Root(1, CPU));
        using var shorter = zeros(2, 5, 1);
        Assert.Throws<ArgumentException>(() => plan.Sample(SiteDraws.Bernoulli, [late], shorter));
        Assert.Throws<ArgumentException>(() => plan.Sample(SiteDraws.Bernoulli, [late, late], noise));
        Assert.Throws<ArgumentException>(() => plan.Sample(SiteDraws.Bernoulli, [other.Root], noise));
        Assert.Throws<ArgumentException>(() => plan.Sample(SiteDraws.Categorical(3), [plan.Concat(late, late)], noise));
        Assert.Throws<ArgumentException>(() => plan.Sample(SiteDraws.Bernoulli, [late], noise, known: 2));
        Assert.Throws<ArgumentException>(() => plan.Map(SiteKernels.Add, late, plan.Constant(zeros(2, 1, 5))));
        Assert.Throws<ArgumentException>(() => new SamplerPlan(2, [6], 1, false, ScalarType.Int64, CPU));
    }
}
