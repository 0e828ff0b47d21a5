using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Ir;

/// <summary>
/// A flow: a bijection given by its updates. <see cref="IrNet.Forward"/> has two results, what the data become and the
/// log-determinant [N;]; so has the inverse, which is derived.
/// </summary>
public sealed class IrFlow(string name, string doc, TextSpan span) : IrNet(name, doc, span)
{
    /// <summary>From what the data became, and the conditions, back to the data; with the log-determinant of this direction.</summary>
    public IrFunction? Inverse { get; set; }

    /// <summary>The number of passes of the inverse, one position after the other where it has to; 1 where all are recovered at once.</summary>
    public Dim Passes { get; set; } = Dim.One;
}
