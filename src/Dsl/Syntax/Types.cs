using System.Collections.Immutable;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Syntax;

/// <summary>A type annotation.</summary>
public abstract record TypeSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary><c>[c, h, w]</c>, or with a batch before a semicolon <c>[N; c, h, w]</c>, <c>[N;]</c>.</summary>
/// <param name="Rows">What stands before the semicolon; null where there is none.</param>
/// <param name="Dims">Per-sample dimensions.</param>
/// <param name="RowType">The type behind the semicolon where it is a name or a column record (<c>[N; Image]</c>, <c>[N; { x: Image }]</c>); null otherwise.</param>
public sealed record ShapeSyntax(ExpressionSyntax? Rows, ImmutableArray<ExpressionSyntax> Dims, TypeSyntax? RowType, TextSpan Span) : TypeSyntax(Span);

/// <summary><c>f32[1, 28, 28] in [-1, 1]</c>, <c>mulaw[256][T]</c>, <c>class[10]</c>.</summary>
/// <param name="Element">The element word: f32, u8, bit, level, class, code, mulaw.</param>
/// <param name="Count">The count of level, class, code and mulaw; null for the others.</param>
/// <param name="Shape">The shape; an empty one for a bare <c>class[10]</c>.</param>
/// <param name="Range">The interval after <c>in</c>, or null.</param>
public sealed record ElementTypeSyntax(NameSyntax Element, ExpressionSyntax? Count, ShapeSyntax Shape, IntervalSyntax? Range, TextSpan Span) : TypeSyntax(Span);

/// <summary>A closed interval <c>[low, high]</c>.</summary>
public sealed record IntervalSyntax(ExpressionSyntax Low, ExpressionSyntax High, TextSpan Span) : SyntaxNode(Span);

/// <summary>A host type: <c>int</c>, <c>float</c>, <c>bool</c>, <c>padding</c>, <c>partition</c>, <c>int >= 0</c>.</summary>
/// <param name="Keyword">The word.</param>
/// <param name="Minimum">The least value of an <c>int >= n</c> or <c>int > n</c> (then n + 1); null where the text gives none.</param>
public sealed record HostTypeSyntax(NameSyntax Keyword, int? Minimum, TextSpan Span) : TypeSyntax(Span);

/// <summary><c>(int, int)</c>.</summary>
public sealed record TupleTypeSyntax(ImmutableArray<TypeSyntax> Items, TextSpan Span) : TypeSyntax(Span);

/// <summary><c>[n] of [c, h, w]</c>: n tensors of one type.</summary>
public sealed record FamilyTypeSyntax(ExpressionSyntax Count, TypeSyntax Member, TextSpan Span) : TypeSyntax(Span);

/// <summary><c>net(S) -> [1]</c>.</summary>
public sealed record NetTypeSyntax(ImmutableArray<TypeSyntax> Arguments, TypeSyntax Result, TextSpan Span) : TypeSyntax(Span);

/// <summary><c>{ x: Image, y: Digit }</c>: row-aligned columns of one source.</summary>
public sealed record ColumnsTypeSyntax(ImmutableArray<ParameterSyntax> Columns, TextSpan Span) : TypeSyntax(Span);

/// <summary>A name: a space, or a shape variable such as <c>S</c>.</summary>
public sealed record NamedTypeSyntax(NameSyntax Name, TextSpan Span) : TypeSyntax(Span);

/// <summary>A hole: the parser has reported that a type is missing here.</summary>
public sealed record MissingTypeSyntax(TextSpan Span) : TypeSyntax(Span);
