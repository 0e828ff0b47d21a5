using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Entries;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>The techniques of Salimans et al. 2016, and the model that has a switch for each.</summary>
public sealed class ImprovedGanTests
{
    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("improved_gan", File.ReadAllText(Repository.PathOf("models", "improved_gan.gen"))));

    private static Source Images()
    {
        return new Source("real", [new Column("real", ElementKind.Real, 0, -1, 1, Draws.Root(5, CPU).At("real").Uniform(-1, 1, 24, 1, 28, 28))]);
    }

    [Fact]
    public void VirtualStatistics_AreThoseOfTheReference_WithAShareOfTheOwn()
    {
        using var scope = NewDisposeScope();
        var net = new CompiledNet("net N(x: [4 + n; c, h, w]) -> [4 + n; c, h, w] { x |> VirtualBatchNorm(4) }", ("c", 2));
        Tensor x = (CompiledNet.Normal(9, 2, 3, 5) * 2) + 1, y = net.Run(x).detach(), r = x.narrow(0, 0, 4);
        Tensor mean = r.mean([0, 2, 3]), square = r.square().mean([0, 2, 3]);
        for (int row = 0; row < 9; row++)
        {
            Tensor own = x[row], m = mean, q = square;
            if (row >= 4)
            {
                (m, q) = ((own.mean([1, 2]) / 5) + (mean * 4 / 5), (own.square().mean([1, 2]) / 5) + (square * 4 / 5));
            }

            TensorAssert.Close((own - m.reshape(2, 1, 1)) / (q - m.square() + 1e-5).sqrt().reshape(2, 1, 1), y[row], 1e-12);
        }

        // No sample sees another one of its batch.
        Tensor others = x.clone();
        others.narrow(0, 5, 4).mul_(-3);
        TensorAssert.Close(y[4], net.Run(others)[4].detach(), 0);
    }

    [Fact]
    public void Closeness_CountsTheOthersThatAreAlike()
    {
        using var scope = NewDisposeScope();
        var net = new CompiledNet("net N(f: [N; a]) -> [N; 7] { f |> MinibatchCloseness(7, 3) }", ("a", 4));
        Tensor same = CompiledNet.Normal(1, 4).expand(6, 4), apart = CompiledNet.Normal(6, 4) * 1e4;
        TensorAssert.Close(full([6, 7], 5.0, ScalarType.Float64), net.Run(same).detach(), 1e-12);
        TensorAssert.Close(zeros([6, 7], ScalarType.Float64), net.Run(apart).detach(), 1e-6);
        TensorAssert.Close(zeros([1, 7], ScalarType.Float64), net.Run(same.narrow(0, 0, 1)).detach(), 1e-12);

        // In any order of the rows, and each row by all the others.
        Tensor x = CompiledNet.Normal(5, 4) / 3, y = net.Run(x).detach(), order = tensor(new long[] { 3, 0, 4, 1, 2 });
        TensorAssert.Close(y.index_select(0, order), net.Run(x.index_select(0, order)).detach(), 1e-12);
        Tensor m = x.mm(net.State["minibatchCloseness.linear1.weight"].Tensor.detach().t()).reshape(5, 7, 3);
        Tensor wanted = (-(m.unsqueeze(0) - m.unsqueeze(1)).abs().sum([-1])).exp().sum([0]) - 1;
        TensorAssert.Close(wanted, y, 1e-12);
        Tensor at = x.clone().requires_grad_(true);
        Tensor slope = autograd.grad([net.Run(at)[0].sum()], [at])[0];
        Assert.All(Enumerable.Range(0, 5), row => Assert.True(slope[row].abs().sum().ToDouble() > 1e-6));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void EverySwitch_Trains_MovesEachPlayerByItsStatement_AndLeavesNothing(int isVirtual, int minibatch)
    {
        using ITrainer trainer = Program.Value.Create(
            "ImprovedGan", ("batch", "4"), ("width", "4"), ("refs", "5"), ("seed", "3"), ("virtual", $"{isVirtual}"), ("minibatch", $"{minibatch}"));
        using Source data = Images();
        StateTable critic = trainer.Nets.Single(n => n.Name == "D").State, generator = trainer.Nets.Single(n => n.Name == "G").State;
        Assert.Equal(minibatch == 1, critic.Any(s => s.Name.Contains("minibatchCloseness", StringComparison.Ordinal)));
        Assert.Equal(isVirtual == 1, generator.Any(s => s.Name.Contains("virtualBatchNorm", StringComparison.Ordinal)));
        Dictionary<string, Tensor>[] before = [TrainedProgram.Weights(trainer, "G"), TrainedProgram.Weights(trainer, "D")];
        Assert.All(TrainedProgram.Step(trainer, 3, data).SelectMany(r => r.Values), v => Assert.True(double.IsFinite(v.Value), v.Name));
        foreach ((StateTable net, int i) in new[] { (generator, 0), (critic, 1) })
        {
            Assert.All(net.Learned.Where(s => s.Role == StateRole.Kernel), s => Assert.False(s.Tensor.equal(before[i][s.Name]).all().item<bool>(), s.Name));
        }

        using Tensor image = trainer.Sample("image", new SampleRequest(7), out _);
        using Tensor again = trainer.Sample("image", new SampleRequest(7), out _);
        using Tensor other = trainer.Sample("image", new SampleRequest(7) { Part = 1 }, out _);
        Assert.Equal([7, 1, 28, 28], image.shape);
        Assert.True(image.equal(again).all().item<bool>());
        Assert.False(image.equal(other).all().item<bool>());
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, data));
    }
}
