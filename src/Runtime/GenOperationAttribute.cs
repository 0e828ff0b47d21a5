using System;

namespace GenDsl.Runtime;

/// <summary>
/// Offers a static method to the <c>.gen</c> files of projects that reference its assembly, as a function of the language:
/// <code>
/// [GenOperation("swish(beta: float = 1)(x)", Doc = "x * sigmoid(beta * x).")]
/// public static Tensor Swish(Tensor x, double beta) { ... }
/// </code>
/// The signature is written like the head of a net: numbers first (<c>int</c> is <see cref="long"/>, <c>float</c> is <see cref="double"/>, <c>bool</c>),
/// then tensors; the method takes the tensors first. Shapes are those of one sample, without the axis of rows, which the method finds in front. A tensor
/// without a type has any shape, and a result that is not declared has it too; <c>halve(x: [c, 2 * t]) -> [c, t]</c> declares both.
/// </summary>
/// <remarks>
/// The method returns a new tensor or handle, which the caller disposes, leaves its arguments as they are, and disposes what it makes besides.
/// It is called in training and in evaluation alike. What the attribute says is believed: shapes and ranges are proved from it.
/// </remarks>
/// <param name="signature">Name, numbers, tensors and result.</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class GenOperationAttribute(string signature) : Attribute
{
    /// <summary>Name, numbers, tensors and result.</summary>
    public string Signature { get; } = signature;

    /// <summary>The values of the result, such as <c>[0, inf)</c>; empty where nothing is known.</summary>
    public string Range { get; set; } = "";

    /// <summary>The values that the first tensor may have; empty where it may have any.</summary>
    public string Domain { get; set; } = "";

    /// <summary>
    /// What a number of the result depends on: <c>place</c>, only on the numbers at its own place; <c>features</c>, on all features of its site;
    /// <c>sample</c>, on anything of its sample. Empty: <c>place</c> where no shape is declared, otherwise <c>sample</c>.
    /// </summary>
    public string Access { get; set; } = "";

    /// <summary>One sentence, for messages and help.</summary>
    public string Doc { get; set; } = "";

    /// <summary>True where no gradient passes.</summary>
    public bool CutsGradient { get; set; }

    /// <summary>True where its gradient cannot be differentiated again.</summary>
    public bool LacksSecondGradient { get; set; }
}
