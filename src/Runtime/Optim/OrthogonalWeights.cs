using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Keeps the kernels of a net orthogonal, from its construction on: each becomes U V' of its singular vectors, the nearest matrix with orthonormal rows or, where
/// it has more rows than columns, columns (Xing et al. 2015). A row is all weights of an output feature.
/// </summary>
/// <remarks>After small steps the sign of the determinant stays what it was at birth: a reflection is not found from a rotation.</remarks>
public sealed class OrthogonalWeights
{
    private readonly StateTensor[] _kernels;

    /// <summary>Projects the net as it is.</summary>
    /// <param name="parameters">Its learned tensors; those that are no matrices or filters are left alone.</param>
    public OrthogonalWeights(IReadOnlyList<StateTensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _kernels = [.. parameters.Where(parameter => parameter.Role == StateRole.Kernel && parameter.Tensor.dim() > 1)];
        Apply();
    }

    /// <summary>Projects what has moved.</summary>
    public void Apply()
    {
        using var frozen = no_grad();
        foreach (var kernel in _kernels)
        {
            using var scope = NewDisposeScope();
            Tensor turned = kernel.Tensor.transpose(0, kernel.OutputAxis);
            var (u, _, vh) = linalg.svd(turned.reshape(turned.size(0), -1).to(ScalarType.Float64), fullMatrices: false);
            turned.copy_(u.mm(vh).reshape(turned.shape));
            kernel.Power?.Advance();
        }
    }
}
