using System.Collections.Generic;
using GenDsl.Cli.Data;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

public sealed class OpenSourcesTests
{
    [Fact]
    public void WhereOneIsMissing_TheOthersAreClosedAgain()
    {
        var specs = new Dictionary<string, string> { ["x"] = "moons@first=5", ["y"] = "nowhere" };
        var before = LiveTensors.Count();
        Assert.Throws<GenDslException>(() => OpenSources.Open(specs, [], _ => { }));
        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}
