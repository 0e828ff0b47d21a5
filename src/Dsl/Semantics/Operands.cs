using System;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Semantics;

/// <summary>Tensors and numbers between expressions and the IR.</summary>
internal static class Operands
{
    /// <summary>A tensor or a number of an expression.</summary>
    public static IrOperand AsOperand(this Value value) => value switch
    {
        TensorValue { Tensor: { } tensor } => new(tensor, null),
        HostValueHolder { Host: { } host } => new(null, host),
        _ => throw new InvalidOperationException(value.Description),
    };

    /// <summary>The expression of an operand.</summary>
    public static Value AsValue(this IrOperand operand) => operand.Tensor is { } tensor ? new TensorValue(tensor) : new HostValueHolder(operand.Number!);
}
