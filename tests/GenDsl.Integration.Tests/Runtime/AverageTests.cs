using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class AverageTests
{
    [Fact]
    public void IsBornAsACopyAndFollowsByRole()
    {
        var source = Table(1, 1);
        var target = Table(2, 2);
        using var average = new Average(source, target);
        TensorAssert.Same(source, target);
        Assert.False(target["kernel"].Tensor.requires_grad);
        Assert.True(source["kernel"].Tensor.requires_grad);

        var before = new StateTable([.. Clone(target)]);
        using (no_grad())
        {
            foreach (var item in source)
            {
                item.Tensor.add_(10);
            }
        }

        average.Update(0.75);
        foreach (var name in new[] { "kernel", "gain", "statistic" })
        {
            TensorAssert.Close(before[name].Tensor * 0.75 + source[name].Tensor * 0.25, target[name].Tensor, 1e-5);
        }

        TensorAssert.Same(source["counter"].Tensor, target["counter"].Tensor);
        TensorAssert.Same(before["power"].Tensor, target["power"].Tensor);

        average.Update(0);
        TensorAssert.Same(source["kernel"].Tensor, target["kernel"].Tensor);
    }

    [Fact]
    public void NeedsNetsAlike()
    {
        var source = Table(1, 1);
        var other = new Build(0);
        other.Parameter("kernel", StateRole.Kernel, Initializer.Zeros, 3, 2);
        Assert.Contains("alike", Assert.Throws<GenDslException>(() => new Average(source, other.State)).Message);
    }

    private static StateTable Table(ulong seed, double counter)
    {
        var build = new Build(seed);
        build.Parameter("kernel", StateRole.Kernel, Initializer.Normal(0, 1), 3, 2);
        build.Parameter("gain", StateRole.Gain, Initializer.Normal(0, 1), 3);
        build.Buffer("statistic", StateRole.Statistic, Initializer.Normal(0, 1), 3);
        build.Buffer("power", StateRole.PowerVector, Initializer.Normal(0, 1), 3);
        build.Buffer("counter", StateRole.Counter, Initializer.Constant(counter));
        return build.State;
    }

    private static StateTensor[] Clone(StateTable table)
    {
        var copies = new StateTensor[table.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = table[i] with { Tensor = table[i].Tensor.detach().clone() };
        }

        return copies;
    }
}
