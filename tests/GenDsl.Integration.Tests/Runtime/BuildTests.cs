using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class BuildTests
{
    [Fact]
    public void NamesAreRelativeAndPathsAreNot()
    {
        var root = new Build(0);
        var net = root.Child("G");
        net.Child("block", 0).Parameter("conv1.weight", StateRole.Kernel, Initializer.Zeros, 2);
        net.Buffer("count", StateRole.Counter, Initializer.Zeros);
        Assert.Equal(["block.0.conv1.weight", "count"], net.State.Select(item => item.Name));
        Assert.Equal(["G.block.0.conv1.weight", "G.count"], root.State.Select(item => item.Name));
        Assert.All(net.State, item => Assert.Equal("G." + item.Name, item.Path));
        Assert.Equal(["block.0.conv1.weight"], net.State.Learned.Select(item => item.Name));
        Assert.Equal(ScalarType.Int64, net.State["count"].Tensor.dtype);
    }

    [Fact]
    public void ValuesDependOnSeedAndPathOnly()
    {
        var a = new Build(1);
        a.Child("other").Parameter("w", StateRole.Kernel, Initializer.Normal(0, 1), 50);
        var first = a.Child("G").Parameter("w", StateRole.Kernel, Initializer.Normal(0, 1), 50);
        var second = new Build(1).Child("G").Parameter("w", StateRole.Kernel, Initializer.Normal(0, 1), 50);
        TensorAssert.Same(first, second);
        Assert.NotEqual(a.State[0].Tensor[0].ToDouble(), first[0].ToDouble());
        Assert.NotEqual(new Build(2).Child("G").Parameter("w", StateRole.Kernel, Initializer.Normal(0, 1), 50)[0].ToDouble(), first[0].ToDouble());
    }

    [Fact]
    public void FanInIsPyTorchsDefault()
    {
        var weight = new Build(0).Parameter("w", StateRole.Kernel, Initializer.FanIn(25), 100, 25);
        Assert.InRange(weight.max().ToDouble(), 0.19, 0.2);
        Assert.InRange(weight.min().ToDouble(), -0.2, -0.19);
    }

    [Fact]
    public void TwoTensorsOfOneNameAreAnError()
    {
        var build = new Build(0);
        build.Parameter("w", StateRole.Kernel, Initializer.Zeros, 2);
        Assert.Contains("'w'", Assert.Throws<GenDslException>(() => build.Parameter("w", StateRole.Gain, Initializer.Zeros, 2)).Message);
    }

    [Fact]
    public void TensorsOutliveDisposeScopes()
    {
        TorchSharp.Modules.Parameter parameter;
        using (NewDisposeScope())
        {
            parameter = new Build(0).Parameter("w", StateRole.Kernel, Initializer.Ones, 2);
        }

        Assert.False(parameter.IsInvalid);
        Assert.Equal(2, parameter.sum().ToDouble());
    }
}
