using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class LayersTests
{
    private readonly Tensor _x = Draws.Root(1, CPU).At("x").Normal(6, 4, 5, 5);
    private readonly Tensor _weight = Draws.Root(1, CPU).At("w").Uniform(0.5, 2, 4);
    private readonly Tensor _bias = Draws.Root(1, CPU).At("b").Normal(4);
    private readonly Tensor _mean = Draws.Root(1, CPU).At("m").Normal(4);
    private readonly Tensor _var = Draws.Root(1, CPU).At("v").Uniform(0.5, 2, 4);

    [Fact]
    public void TrainUsesTheBatchAndLeavesStatisticsAlone()
    {
        using var mean = _mean.clone();
        using var variance = _var.clone();
        using var y = Layers.BatchNorm(_x, _weight, _bias, mean, variance, Mode.Train, 0.1, 1e-5);
        using var expected = nn.functional.batch_norm(_x, mean.clone(), variance.clone(), _weight, _bias, true, 0.1, 1e-5);
        TensorAssert.Same(expected, y);
        TensorAssert.Same(_mean, mean);
        TensorAssert.Same(_var, variance);
    }

    [Fact]
    public void AGainOrABiasMayStandAlone()
    {
        foreach (var mode in (Mode[])[Mode.Train, Mode.Learn])
        {
            using var gained = Layers.BatchNorm(_x, _weight, null, _mean.clone(), _var.clone(), mode, 0.1, 1e-5);
            using var expected = nn.functional.batch_norm(_x, _mean.clone(), _var.clone(), _weight, null, true, 0.1, 1e-5);
            TensorAssert.Same(expected, gained);
            using var shifted = Layers.BatchNorm(_x, null, _bias, _mean.clone(), _var.clone(), mode, 0.1, 1e-5);
            using var moved = nn.functional.batch_norm(_x, _mean.clone(), _var.clone(), null, _bias, true, 0.1, 1e-5);
            TensorAssert.Same(moved, shifted);
        }
    }

    [Fact]
    public void LearnAlsoMovesStatistics()
    {
        using var mean = _mean.clone();
        using var variance = _var.clone();
        using var y = Layers.BatchNorm(_x, _weight, _bias, mean, variance, Mode.Learn, 0.1, 1e-5);
        using var expectedMean = _mean * 0.9 + _x.mean([0L, 2L, 3L]) * 0.1;
        using var expectedVar = _var * 0.9 + _x.var([0L, 2L, 3L], unbiased: true) * 0.1;
        using var expected = nn.functional.batch_norm(_x, _mean.clone(), _var.clone(), _weight, _bias, true, 0.1, 1e-5);
        TensorAssert.Same(expected, y);
        TensorAssert.Close(expectedMean, mean, 1e-6);
        TensorAssert.Close(expectedVar, variance, 1e-6);
    }

    [Fact]
    public void EvaluateUsesTheStatistics()
    {
        using var mean = _mean.clone();
        using var variance = _var.clone();
        using var y = Layers.BatchNorm(_x, _weight, _bias, mean, variance, Mode.Evaluate, 0.1, 1e-5);
        using var expected = (_x - _mean.view(4, 1, 1)) / (_var.view(4, 1, 1) + 1e-5).sqrt() * _weight.view(4, 1, 1) + _bias.view(4, 1, 1);
        TensorAssert.Close(expected, y, 1e-5);
        TensorAssert.Same(_mean, mean);
    }

    [Fact]
    public void TrainPassesGradientsTwiceAndAgainAndAgain()
    {
        using var x = _x.clone().requires_grad_(true);
        using var weight = _weight.clone().requires_grad_(true);
        using var bias = _bias.clone().requires_grad_(true);

        // The script is rewritten after its first calls, with shapes and gradients known; other shapes come in between.
        for (var call = 0; call < 5; call++)
        {
            var ours = FirstAndSecond(() => Layers.BatchNorm(x, weight, bias, _mean, _var, Mode.Train, 0.1, 1e-5));
            var theirs = FirstAndSecond(() => nn.functional.batch_norm(x, _mean.clone(), _var.clone(), weight, bias, true, 0.1, 1e-5));
            for (var i = 0; i < ours.Length; i++)
            {
                TensorAssert.Close(theirs[i], ours[i], 1e-4);
            }

            using var flat = Layers.BatchNorm(_x.view(-1, 4), weight, bias, _mean, _var, Mode.Train, 0.1, 1e-5);
            using var same = nn.functional.batch_norm(_x.view(-1, 4), _mean.clone(), _var.clone(), weight, bias, true, 0.1, 1e-5);
            TensorAssert.Close(same, flat, 1e-6);
        }

        Tensor[] FirstAndSecond(System.Func<Tensor> norm)
        {
            using var y = norm();
            using var objective = y.pow(3).sum();
            var first = Gradients.Of(objective, [x, weight, bias], differentiable: true);
            using var penalty = first[0]!.pow(2).sum();
            var second = Gradients.Of(penalty, [x, weight]);
            return [.. first.Concat(second).Select(gradient => gradient!)];
        }
    }

    [Fact]
    public void DropoutIsAddressed()
    {
        using var x = ones(100, 100);
        var draws = Draws.Root(1, CPU).At("dropout");
        using var a = Layers.Dropout(x, 0.25, Mode.Train, draws);
        using var b = Layers.Dropout(x, 0.25, Mode.Learn, draws);
        using var c = Layers.Dropout(x, 0.25, Mode.Evaluate, draws);
        TensorAssert.Same(a, b);
        TensorAssert.Same(x, c);
        Assert.InRange(a.eq(0).to(ScalarType.Float32).mean().ToDouble(), 0.23, 0.27);
        Assert.InRange(a.max().ToDouble(), 1 / 0.75 - 1e-6, 1 / 0.75 + 1e-6);
    }

    [Fact]
    public void DropoutPerSample_KeepsOrDropsAllOfARow()
    {
        using var x = ones(4000, 2, 3);
        var draws = Draws.Root(1, CPU).At("depth");
        using var a = Layers.Dropout(x, 0.25, Mode.Train, draws, perSample: true);
        using var c = Layers.Dropout(x, 0.25, Mode.Evaluate, draws, perSample: true);
        TensorAssert.Same(x, c);
        using var least = a.amin([1L, 2]);
        using var most = a.amax([1L, 2]);
        TensorAssert.Same(least, most);
        Assert.InRange(least.eq(0).to(ScalarType.Float32).mean().ToDouble(), 0.22, 0.28);
        Assert.InRange(most.max().ToDouble(), 1 / 0.75 - 1e-6, 1 / 0.75 + 1e-6);
    }
}
