using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Aligned lists for one fused update.</summary>
internal readonly record struct AdamBatch(Tensor[] Parameters, Tensor[] Gradients, Tensor[] First, Tensor[] Second, Tensor[] Steps);
