using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>A tensor, or a number known on the host.</summary>
/// <param name="Tensor">A value of the body; null for a number.</param>
/// <param name="Number">A number; null for a tensor.</param>
public sealed record IrOperand(IrValue? Tensor, HostValue? Number);
