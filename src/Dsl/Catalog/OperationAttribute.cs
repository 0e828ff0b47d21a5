using System.Collections.Immutable;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What a placeholder of a catalogue template stands for, inputs and weights aside.</summary>
public abstract record OperationAttribute;

/// <summary>An integer.</summary>
public sealed record SizeAttribute(Dim Size) : OperationAttribute;

/// <summary>A list of integers, written as a C# collection expression.</summary>
public sealed record SizesAttribute(ImmutableArray<Dim> Sizes) : OperationAttribute;

/// <summary>A list of integers of type <c>long</c>, written as its items.</summary>
public sealed record SizeListAttribute(ImmutableArray<Dim> Sizes) : OperationAttribute;

/// <summary>The number of rows in hand followed by sizes, as a collection expression.</summary>
public sealed record RowShapeAttribute(ImmutableArray<Dim> Sizes) : OperationAttribute;

/// <summary>The number of rows in hand.</summary>
public sealed record RowsAttribute : OperationAttribute;

/// <summary>A number as a C# <c>double</c>.</summary>
public sealed record NumberAttribute(HostValue Value) : OperationAttribute;

/// <summary>A number as a TorchSharp <c>Scalar</c>, which the emitter keeps instead of making one per call.</summary>
public sealed record ScalarAttribute(HostValue Value) : OperationAttribute;

/// <summary>Literal C#.</summary>
public sealed record CodeAttribute(string Text) : OperationAttribute;

/// <summary>A part of a template that only some calls have; its own placeholders are filled in.</summary>
public sealed record TemplateAttribute(string Text) : OperationAttribute;
