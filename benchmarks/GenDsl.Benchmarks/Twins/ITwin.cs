using System.Collections.Generic;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Twins;

/// <summary>A training program written by hand. Step order: gather the batch, forward, losses, updates.</summary>
internal interface ITwin
{
    /// <summary>The weights that learn, in the order of the <c>.gen</c> file's layers; the check copies them from one program to the other.</summary>
    IReadOnlyList<Tensor> Weights { get; }

    /// <summary>The shape of one step's noise.</summary>
    long[] NoiseShape { get; }

    /// <summary>The rows of one batch.</summary>
    long Batch => NoiseShape[0];

    /// <summary>One step on its own batches and noise.</summary>
    void Step();

    /// <summary>One step on given rows and noise; both stay the caller's.</summary>
    void Step(Tensor rows, Tensor noise);

    /// <summary>The mean of each loss since the last reading; the only point that waits for the device.</summary>
    double[] ReadLosses();
}
