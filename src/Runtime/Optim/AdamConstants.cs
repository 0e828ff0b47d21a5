using TorchSharp;

namespace GenDsl.Runtime;

/// <summary>The constants of an Adam optimizer, held for its lifetime.</summary>
internal sealed record AdamConstants(Scalar Beta1, Scalar Beta2, Scalar Eps);
