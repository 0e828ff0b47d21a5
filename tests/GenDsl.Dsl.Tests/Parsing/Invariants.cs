using System;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>What holds of every tree, of right and of wrong texts.</summary>
internal static class Invariants
{
    public static Parsed Check(string text)
    {
        Parsed parsed = Parsed.File(text);
        string source = parsed.Source.Text;
        Assert.Equal(new TextSpan(0, source.Length), parsed.Tree.Span);
        bool hasHoles = false;
        foreach ((SyntaxNode parent, SyntaxNode node) in TreeWalk.Edges(parsed.Tree))
        {
            Assert.True(
                parent.Span.Start <= node.Span.Start && node.Span.End <= parent.Span.End && node.Span.Length >= 0,
                $"{node.GetType().Name} {node.Span} leaves {parent.GetType().Name} {parent.Span}");
            hasHoles |= node is MissingExpression or MissingTypeSyntax or SkippedStatement or NameSyntax { IsMissing: true };
            CheckText(node, source);
        }

        Assert.True(!hasHoles || parsed.Diagnostics.Any(d => d.Severity == Severity.Error), "a hole without an error");
        foreach (GenDiagnostic diagnostic in parsed.Diagnostics)
        {
            Assert.InRange(diagnostic.Span.Start, 0, source.Length);
            Assert.InRange(diagnostic.Span.End, diagnostic.Span.Start, source.Length);
            Assert.All(diagnostic.Fixes, f => Assert.InRange(f.Span.End, f.Span.Start, source.Length));
        }

        return parsed;
    }

    private static void CheckText(SyntaxNode node, string source)
    {
        string slice = source.Substring(node.Span.Start, node.Span.Length);
        switch (node)
        {
            case NameSyntax { IsMissing: false } name:
                Assert.Equal(name.Text, slice);
                break;
            case BinarySyntax binary:
                Assert.InRange(binary.OperatorSpan.Start, node.Span.Start, Math.Max(node.Span.Start, node.Span.End));
                break;
        }
    }
}
