using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Ir;

// A family, n tensors of one type, is a value whose Type.Members says how many. Each write gives a new version of it, so that
// what reads a version depends on all writes before; a loop that writes carries it from round to round like any other value.
// All versions are kept in one place, that of IrValue.Root, for every index is written once and never again.

/// <summary>A family begins, with nothing written yet.</summary>
/// <param name="output">Its first version, the root of all.</param>
public sealed class FamilyOp(IrValue output, TextSpan span) : IrOp(span, [], [output])
{
    /// <summary>Number of tensors; known once all writes are.</summary>
    public Dim Count => Outputs[0].Type.Members!;
}

/// <summary><c>us[i] = e</c>. Inputs: the family and the tensor; output: the family's next version.</summary>
public sealed class FamilyWriteOp(IrValue family, Dim index, IrValue member, IrValue output, TextSpan span) : IrOp(span, [family, member], [output])
{
    /// <summary>Which one is written.</summary>
    public Dim Index { get; } = index;
}

/// <summary><c>us[i]</c>. Input: the family; output: the tensor.</summary>
public sealed class FamilyReadOp(IrValue family, Dim index, IrValue output, TextSpan span) : IrOp(span, [family], [output])
{
    /// <summary>Which one is read.</summary>
    public Dim Index { get; } = index;
}

/// <summary><c>us[a..b]</c>. Input: the family; output: a family of its own.</summary>
public sealed class FamilySliceOp(IrValue family, Dim from, Dim to, IrValue output, TextSpan span) : IrOp(span, [family], [output])
{
    /// <summary>The first one.</summary>
    public Dim From { get; } = from;

    /// <summary>One behind the last one.</summary>
    public Dim To { get; } = to;
}
