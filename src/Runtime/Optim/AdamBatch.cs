using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Aligned lists for one fused update.</summary>
internal readonly record struct AdamBatch(Tensor[] Parameters, Tensor[] Gradients, Tensor[] First, Tensor[] Second, Tensor[] Steps);

/// <summary>The constants of an Adam optimizer, held for its lifetime.</summary>
internal sealed record AdamConstants(Scalar Beta1, Scalar Beta2, Scalar Eps);
