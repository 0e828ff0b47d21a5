using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): kernels shrink by learning rate times decay.</summary>
/// <param name="name">Its name within the trainer.</param>
/// <param name="parameters">The learned tensors it moves.</param>
/// <param name="beta1">Decay rate of the first moment, in [0, 1).</param>
/// <param name="beta2">Decay rate of the second moment, in [0, 1).</param>
/// <param name="eps">Added to the root of the second moment.</param>
/// <param name="decay">Weight decay of kernels.</param>
public sealed class AdamW(
    string name, IReadOnlyList<StateTensor> parameters, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double decay = 0)
    : AdamBase(true, name, parameters, beta1, beta2, eps, decay);
