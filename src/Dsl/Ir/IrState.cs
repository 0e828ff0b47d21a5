using System.Collections.Immutable;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary><c>state name: type = e</c>: a tensor of a trainer that outlives the step.</summary>
/// <param name="name">Its name in checkpoints.</param>
/// <param name="type">What it holds, from the first value to the last.</param>
public sealed class IrState(string name, TensorType type, TextSpan span)
{
    /// <summary>Its name in checkpoints.</summary>
    public string Name { get; } = name;

    /// <summary>What it holds.</summary>
    public TensorType Type { get; } = type;

    /// <summary>Where it is declared.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>The initialiser of its first value; null where that is computed.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>What computes its first value; null where an initialiser gives it.</summary>
    public IrFunction? Birth { get; init; }

    /// <summary>True where a step writes it, so that what has been read of it must be a copy.</summary>
    public bool IsWritten { get; set; }

    /// <summary>All axes of the stored tensor.</summary>
    public ImmutableArray<Dim> Shape => Type.Rows?.Count is { } rows ? [rows, .. Type.Shape] : Type.Shape;
}

/// <summary>A state read as a value: no gradient goes into it.</summary>
public sealed class ReadStateOp(IrState state, IrValue output, TextSpan span) : IrOp(span, [], [output])
{
    /// <summary>The state.</summary>
    public IrState State { get; } = state;
}

/// <summary><c>name &lt;- e</c>.</summary>
public sealed class IrWriteState(IrState state, IrValue value, TextSpan span) : IrStatement(span)
{
    /// <summary>The state.</summary>
    public IrState State { get; } = state;

    /// <summary>What it becomes.</summary>
    public IrValue Value { get; } = value;
}

/// <summary><c>old = history(50)</c>: a pool of earlier rows.</summary>
/// <param name="size">How many it holds.</param>
public sealed class IrHistory(HostValue size, TextSpan span)
{
    /// <summary>Its name in checkpoints.</summary>
    public string Name { get; set; } = "";

    /// <summary>How many rows it holds.</summary>
    public HostValue Size { get; } = size;

    /// <summary>Where it is made.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>The per-sample type of its rows; null before it is first applied.</summary>
    public TensorType? Type { get; set; }
}

/// <summary>A history applied: rows go in, and these or earlier ones come out. No gradient passes.</summary>
/// <param name="site">The name of its randomness.</param>
public sealed class HistoryOp(IrHistory history, string site, IrValue input, IrValue output, TextSpan span) : IrOp(span, [input], [output])
{
    /// <summary>The pool.</summary>
    public IrHistory History { get; } = history;

    /// <summary>The name of its randomness.</summary>
    public string Site { get; } = site;
}
