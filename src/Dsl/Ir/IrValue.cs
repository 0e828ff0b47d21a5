using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>A tensor computed once; the left side of one assignment.</summary>
public sealed class IrValue(string name, TensorType type, TextSpan span)
{
    /// <summary>The name in the <c>.gen</c> text, or the layer that made it; not unique.</summary>
    public string Name { get; set; } = name;

    /// <summary>True where the text gives the name.</summary>
    public bool IsNamed { get; set; }

    /// <summary>What is known of it.</summary>
    public TensorType Type { get; set; } = type;

    /// <summary>Where it was computed.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>The operation that computes it; null for parameters of functions and loop-carried values.</summary>
    public IrOp? Producer { get; set; }

    /// <summary>True where some <c>grad</c> asks for a gradient at it, so that what is computed from it records a graph.</summary>
    public bool IsDifferentiatedAt { get; set; }

    /// <summary>For values that live through loops: what they may be.</summary>
    public System.Collections.Generic.List<IrValue> MergedFrom { get; } = [];

    /// <summary>For a version of a family: where all its versions are kept, the value that began it; for anything else, itself.</summary>
    public IrValue Root => Versioned ?? this;

    /// <summary>The value that began the family that this is a version of; null for all other values.</summary>
    public IrValue? Versioned { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type}";
}
