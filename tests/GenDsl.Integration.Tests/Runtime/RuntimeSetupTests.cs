using System;
using GenDsl.Runtime;
using Xunit;

namespace GenDsl.Integration.Tests.Runtime;

public class RuntimeSetupTests
{
    [Fact]
    public void ThreadsCanBeSet()
    {
        var before = TorchRuntime.Threads;
        TorchRuntime.Threads = before;
        Assert.Equal(before, TorchRuntime.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => TorchRuntime.Threads = 0);
    }
}
