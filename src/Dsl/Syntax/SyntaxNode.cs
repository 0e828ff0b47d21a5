using System.Collections.Immutable;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Syntax;

/// <summary>A node of the syntax tree. Trees are whole even for broken texts: holes are <see cref="MissingExpression"/> and <see cref="SkippedStatement"/>.</summary>
/// <param name="Span">The characters of the node, without surrounding blanks and comments.</param>
public abstract record SyntaxNode(TextSpan Span);

/// <summary>A name with its place. Missing names are empty.</summary>
public sealed record NameSyntax(string Text, TextSpan Span) : SyntaxNode(Span)
{
    /// <summary>True where the parser found no name and has reported that.</summary>
    public bool IsMissing => Text.Length == 0;
}

/// <summary>A whole file.</summary>
/// <param name="Edition">The number after <c>gen</c>, or null where the file does not say.</param>
/// <param name="EditionSpan">Where the edition stands; empty at the start of the file if it does not.</param>
/// <param name="Declarations">In the order of the text.</param>
public sealed record FileSyntax(int? Edition, TextSpan EditionSpan, ImmutableArray<DeclarationSyntax> Declarations, TextSpan Span) : SyntaxNode(Span);
