using System;
using TorchSharp;

namespace GenDsl.Integration.Tests.Training;

/// <summary>The tensors that are alive, counted so that a later count tells what was done in between and nothing else.</summary>
internal static class LiveTensors
{
    /// <summary>The count, once what earlier tests have left to the collector is gone: otherwise it goes meanwhile.</summary>
    public static long Count()
    {
        // A finalised owner lets go of its tensors, which are finalised in turn.
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return torch.Tensor.TotalCount;
    }
}
