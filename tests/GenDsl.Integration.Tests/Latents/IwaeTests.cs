using System;
using GenDsl.Models.Iwae;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>The importance weighted autoencoder that is shipped.</summary>
public class IwaeTests
{
    [Fact]
    public void Estimates_TakeNoMoreMemory_TheLongerTheyRun()
    {
        using var model = new OneLayer(new() { Hidden = 100, Dim = 8, Seed = 5 });
        using var frozen = no_grad();
        using Tensor images = Draws.Root(1, CPU).Uniform(0, 1, 100, 1, 28, 28).round_();
        long resident = 0, count = 0;
        for (ulong i = 0; i < 6; i++)
        {
            if (i == 2)
            {
                (resident, count) = (Environment.WorkingSet, LiveTensors.Count());
            }

            model.Importance(new Bits(images), 500, Draws.Root(i, CPU)).Dispose();
            model.PriorImportance(new Bits(images), 500, Draws.Root(i, CPU)).Dispose();
        }

        // One tensor of each round left behind would be twice as much.
        Assert.Equal(count, Tensor.TotalCount);
        Assert.InRange(Environment.WorkingSet - resident, long.MinValue, 600_000_000);
    }
}
