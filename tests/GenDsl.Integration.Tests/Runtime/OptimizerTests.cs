using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace GenDsl.Integration.Tests.Runtime;

public class OptimizerTests
{
    private const double Rate = 0.01;

    public static TheoryData<string> Optimizers => ["adam", "adam decay", "adamw", "sgd", "sgd momentum", "sgd nesterov decay"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void StepsAsTorchDoes(string name)
    {
        var (ours, theirs) = (Tensors(StateRole.Kernel), Tensors(StateRole.Kernel));
        using var optimizer = Ours(name, ours);
        using var reference = Theirs(name, theirs.Select(item => (Parameter)item.Tensor));
        for (var step = 0; step < 20; step++)
        {
            using var loss = Loss(ours, step);
            optimizer.Minimize(loss, Rate);
            reference.zero_grad();
            using var same = Loss(theirs, step);
            same.backward();
            reference.step();
        }

        foreach (var (a, b) in ours.Zip(theirs))
        {
            TensorAssert.Close(b.Tensor, a.Tensor, 2e-6);
        }
    }

    [Fact]
    public void Lars_MovesAKernelByAShareOfItsNorm_AndAGainPlainly()
    {
        foreach (var role in new[] { StateRole.Kernel, StateRole.Gain })
        {
            var items = Tensors(role);
            using var optimizer = new Lars("o", items, momentum: 0.9, eta: 0.02, decay: 0.1);
            var weights = items.Select(item => item.Tensor.detach().to(ScalarType.Float64)).ToArray();
            var velocity = weights.Select(w => zeros_like(w)).ToArray();
            for (var step = 0; step < 4; step++)
            {
                using var loss = Loss(items, step);
                var gradients = Gradients.Of(loss, items.Select(item => item.Tensor).ToArray(), keepGraph: true);
                for (var i = 0; i < weights.Length; i++)
                {
                    var g = gradients[i]!.to(ScalarType.Float64) + (role == StateRole.Kernel ? 0.1 * weights[i] : 0);
                    var trust = role == StateRole.Kernel && weights[i].norm().ToDouble() > 0 && g.norm().ToDouble() > 0 ? 0.02 * weights[i].norm() / g.norm() : ones([], ScalarType.Float64);
                    velocity[i] = (0.9 * velocity[i]) + (Rate * (step + 1) * trust * g);
                    weights[i] = weights[i] - velocity[i];
                }

                optimizer.Minimize(loss, Rate * (step + 1));
            }

            foreach (var (item, wanted) in items.Zip(weights))
            {
                TensorAssert.Close(wanted, item.Tensor.to(ScalarType.Float64), 1e-5);
            }
        }
    }

    [Fact]
    public void DecayTouchesKernelsOnly()
    {
        foreach (var name in new[] { "adam decay", "adamw", "sgd nesterov decay" })
        {
            var gains = Tensors(StateRole.Gain);
            var plain = Tensors(StateRole.Gain);
            using var decaying = Ours(name, gains);
            using var other = name switch
            {
                "adam decay" => (Optimizer)new Adam("o", plain),
                "adamw" => new AdamW("o", plain),
                _ => new Sgd("o", plain, 0.9, nesterov: true),
            };
            for (var step = 0; step < 3; step++)
            {
                using var a = Loss(gains, step);
                decaying.Minimize(a, Rate);
                using var b = Loss(plain, step);
                other.Minimize(b, Rate);
            }

            TensorAssert.Same(plain, gains);
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void UnreachedParametersAreUntouched(string name)
    {
        var all = Tensors(StateRole.Kernel);
        var before = all[0].Tensor.detach().clone();
        using var optimizer = Ours(name, all);
        using (var loss = all[1].Tensor.pow(2).sum())
        {
            optimizer.Minimize(loss, Rate);
        }

        TensorAssert.Same(before, all[0].Tensor);
        if (optimizer.State.TryGet("o.step", out var steps))
        {
            Assert.Equal([0f, 1f, 0f], steps.Tensor.data<float>().ToArray());
        }

        // What was skipped starts its bias correction at its own first step.
        var fresh = Tensors(StateRole.Kernel);
        using var reference = Ours(name, fresh);
        foreach (var (optimize, tensors) in new[] { (optimizer, all), (reference, fresh) })
        {
            using var loss = tensors[0].Tensor.pow(2).sum();
            optimize.Minimize(loss, Rate);
        }

        TensorAssert.Same(fresh[0].Tensor, all[0].Tensor);
    }

    [Fact]
    public void ExpandedAndSharedGradientsAreHandled()
    {
        // sum() gives a gradient of stride 0, and a + b one tensor for both.
        var items = new List<StateTensor>
        {
            new("a", new Parameter(zeros(2, 3)), StateRole.Kernel),
            new("b", new Parameter(zeros(2, 3)), StateRole.Kernel),
        };
        using var optimizer = new Sgd("o", items);
        using var loss = (items[0].Tensor + items[1].Tensor).sum();
        optimizer.Minimize(loss, 1);
        TensorAssert.Same(full([2, 3], -1f), items[0].Tensor);
        TensorAssert.Same(full([2, 3], -1f), items[1].Tensor);
    }

    [Fact]
    public void SeveralPlayersShareOneBackward()
    {
        var (together, apart) = (Tensors(StateRole.Kernel), Tensors(StateRole.Kernel));
        using var first = new Adam("first", together[..1]);
        using var second = new Sgd("second", together[1..]);
        using var firstAlone = new Adam("first", apart[..1]);
        using var secondAlone = new Sgd("second", apart[1..]);
        for (var step = 0; step < 3; step++)
        {
            using var loss = Loss(together, step);
            Optimizer.Minimize(loss, new Move(first).With(Rate), new Move(second).With(10 * Rate));
            using var same = Loss(apart, step);
            var gradients = Gradients.Of(same, [.. apart.Select(item => item.Tensor)]);
            firstAlone.Step(gradients[..1], Rate);
            secondAlone.Step(gradients[1..], 10 * Rate);
        }

        TensorAssert.Same(apart, together);
    }

    [Fact]
    public void MinimizeClips()
    {
        var items = new List<StateTensor> { new("a", new Parameter(zeros(4)), StateRole.Kernel) };
        using var optimizer = new Sgd("o", items);
        using var loss = (items[0].Tensor * 3).sum();
        optimizer.Minimize(loss, 1, clip: 1);
        TensorAssert.Close(full([4], -0.5f), items[0].Tensor, 1e-6);
    }

    [Fact]
    public void AWrongLimitLeavesNoGradientBehind()
    {
        var items = new List<StateTensor> { new("a", new Parameter(zeros(4)), StateRole.Kernel) };
        using var optimizer = new Sgd("o", items);
        var move = new Move(optimizer);
        using var sum = new GradientSum(move);
        using var loss = (items[0].Tensor * 3).sum();
        sum.Add(loss, keepGraph: true);
        var before = LiveTensors.Count();
        Assert.Contains("'clip' must be above 0", Assert.Throws<GenDslException>(() => optimizer.Minimize(loss, 1, clip: -1, keepGraph: true)).Message);
        Assert.Contains("'clip_value' must be above 0", Assert.Throws<GenDslException>(() => Optimizer.Minimize(loss, keepGraph: true, move.With(1, clipValue: double.NaN))).Message);
        Assert.Contains("'clip' must be above 0", Assert.Throws<GenDslException>(() => sum.Step(move.With(1, clip: -1))).Message);
        Assert.Equal(before, LiveTensors.Count());

        // The sum is still there: the step can be taken as it should be.
        sum.Step(move.With(1));
        TensorAssert.Close(full([4], -3f), items[0].Tensor, 0);
    }

    [Fact]
    public void ClippingScalesTheJointNorm()
    {
        var gradients = new Tensor?[] { full([4], 3f), null, full([4], 4f) };
        Gradients.ClipNorm(gradients, 1);
        Assert.Null(gradients[1]);
        TensorAssert.Close(full([4], 0.3f), gradients[0]!, 1e-6);
        TensorAssert.Close(full([4], 0.4f), gradients[2]!, 1e-6);

        var small = new Tensor?[] { full([4], 0.1f) };
        Gradients.ClipNorm(small, 1);
        TensorAssert.Close(full([4], 0.1f), small[0]!, 1e-7);
    }

    [Fact]
    public void ClippingByValueCutsEachNumber()
    {
        var gradients = new Tensor?[] { tensor([-3f, 0.1f, 2f]), null, tensor([0.5f, -0.25f]) };
        Gradients.ClipValue(gradients, 0.5);
        Assert.Null(gradients[1]);
        TensorAssert.Close(tensor([-0.5f, 0.1f, 0.5f]), gradients[0]!, 0);
        TensorAssert.Close(tensor([0.5f, -0.25f]), gradients[2]!, 0);
    }

    [Fact]
    public void TheLimitOfValuesComesFirst()
    {
        var items = new List<StateTensor> { new("a", new Parameter(zeros(4)), StateRole.Kernel) };
        using var optimizer = new Sgd("o", items);
        using var loss = (items[0].Tensor * tensor([100f, 0, 0, 1])).sum();
        optimizer.Minimize(loss, 1, clip: 1, clipValue: 1);
        TensorAssert.Close(tensor([-0.70710677f, 0, 0, -0.70710677f]), items[0].Tensor, 1e-5);
    }

    [Fact]
    public void MinimizeLeavesNoTensors()
    {
        var all = Tensors(StateRole.Kernel);
        using var optimizer = new Adam("o", all);
        void Step()
        {
            using var loss = Loss(all, 0, out var parts);
            optimizer.Minimize(loss, Rate);
            foreach (var part in parts)
            {
                part.Dispose();
            }
        }

        Step();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 10; i++)
        {
            Step();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void MisuseIsNamed()
    {
        var all = Tensors(StateRole.Kernel);
        Assert.Contains("nothing to move", Assert.Throws<GenDslException>(() => new Adam("o", [])).Message);
        Assert.Contains("Statistic", Assert.Throws<GenDslException>(() => new Adam("o", [all[0] with { Role = StateRole.Statistic }])).Message);
        Assert.Contains("twice", Assert.Throws<GenDslException>(() => new Sgd("o", [all[0], all[0]])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd("o", all, momentum: 1));
        using var optimizer = new Adam("o", all);
        using var number = ones(1);
        Assert.Contains("'o'", Assert.Throws<GenDslException>(() => optimizer.Minimize(number, Rate)).Message);
        Assert.Throws<ArgumentException>(() => optimizer.Step([null], Rate));
    }

    private static List<StateTensor> Tensors(StateRole role)
    {
        var build = new Build(3);
        build.Parameter("a", role, Initializer.Normal(0, 1), 4, 5);
        build.Parameter("b", role, Initializer.Normal(0, 1), 17);
        build.Parameter("c", role, Initializer.Normal(0, 1), 2, 3, 3, 3);
        return [.. build.State];
    }

    private static Tensor Loss(List<StateTensor> items, int step) => Loss(items, step, out _);

    private static Tensor Loss(List<StateTensor> items, int step, out List<Tensor> parts)
    {
        parts = [];
        var total = tensor(0f);
        for (var i = 0; i < items.Count; i++)
        {
            var target = Draws.Root(9, CPU).At(step).At(i).Normal(items[i].Tensor.shape);
            var difference = items[i].Tensor - target;
            var square = difference.pow(2);
            var sum = square.sum();
            var next = total + sum;
            parts.AddRange([target, difference, square, sum, total]);
            total = next;
        }

        return total;
    }

    private static Optimizer Ours(string name, List<StateTensor> items) => name switch
    {
        "adam" => new Adam("o", items, beta1: 0.5),
        "adam decay" => new Adam("o", items, decay: 0.1),
        "adamw" => new AdamW("o", items, decay: 0.1),
        "sgd" => new Sgd("o", items),
        "sgd momentum" => new Sgd("o", items, momentum: 0.9),
        _ => new Sgd("o", items, momentum: 0.9, nesterov: true, decay: 0.1),
    };

    private static optim.Optimizer Theirs(string name, IEnumerable<Parameter> parameters) => name switch
    {
        "adam" => optim.Adam(parameters, Rate, beta1: 0.5),
        "adam decay" => optim.Adam(parameters, Rate, weight_decay: 0.1),
        "adamw" => optim.AdamW(parameters, Rate, weight_decay: 0.1),
        "sgd" => optim.SGD(parameters, Rate),
        "sgd momentum" => optim.SGD(parameters, Rate, momentum: 0.9),
        _ => optim.SGD(parameters, Rate, momentum: 0.9, nesterov: true, weight_decay: 0.1),
    };
}
