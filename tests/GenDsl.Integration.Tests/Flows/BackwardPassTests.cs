using System.Threading;
using GenDsl.Runtime;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>What nodes of the graph that are written in C# leave behind.</summary>
public class BackwardPassTests
{
    [Fact]
    public void OnAThreadThatNothingSettles_OnlyTheLastHandlesAreKept()
    {
        // As libtorch's own threads for a GPU: nodes run on them, and nothing else of ours does.
        Tensor first = ones(2), second = ones(2);
        var native = new Thread(() =>
        {
            BackwardPass.HandOut([first, null]);
            BackwardPass.HandOut([second]);
        });
        native.Start();
        native.Join();
        Assert.True(first.IsInvalid);
        Assert.False(second.IsInvalid);
        second.Dispose();
    }

    [Fact]
    public void AFailureOfANode_IsThrownOnce()
    {
        var given = ones(2);
        var native = new Thread(() =>
        {
            using var frozen = no_grad();
            var returned = BackwardPass.Node([given], 2, () => throw new GenDslException("it is broken."), "");
            Assert.Equal(3, returned.Count);
            Assert.All(returned, Assert.Null);
        });
        native.Start();
        native.Join();
        Assert.True(given.IsInvalid);
        Assert.Equal("A gradient could not be computed: it is broken.", Assert.Throws<GenDslException>(BackwardPass.Settle).Message);
        BackwardPass.Settle();
    }
}
