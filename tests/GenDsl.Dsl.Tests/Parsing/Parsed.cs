using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Parsing;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>A text, its tree and its diagnostics.</summary>
internal sealed record Parsed(GenSource Source, FileSyntax Tree, ImmutableArray<GenDiagnostic> Diagnostics)
{
    public string Text => SExpression.Of(Tree);

    /// <summary><c>code@line:column</c> of each diagnostic, in the order of the text, counted from 1.</summary>
    public string Errors => string.Join(" ", Diagnostics.Select(d =>
    {
        LinePosition at = Source.Lines.PositionOf(d.Span.Start);
        return System.FormattableString.Invariant($"{d.Code}@{at.Line + 1}:{at.Column + 1}");
    }));

    public string Messages => string.Join("\n", Diagnostics);

    public static Parsed File(string text)
    {
        GenSource source = new("test.gen", text);
        DiagnosticBag bag = new();
        FileSyntax tree = GenParser.Parse(source, bag);
        return new(source, tree, bag.ToImmutable());
    }

    /// <summary>A file that has to be right.</summary>
    public static Parsed Valid(string text)
    {
        Parsed parsed = File(text);
        Assert.True(parsed.Diagnostics.IsEmpty, parsed.Messages);
        return parsed;
    }

    /// <summary>The statements of a net whose body is given, as text.</summary>
    public static string Body(string body)
    {
        NetSyntax net = Assert.IsType<NetSyntax>(Assert.Single(Valid("net F(x: [3]) {\n" + body + "\n}").Tree.Declarations));
        return string.Join(" ", net.Body.Statements.Select(SExpression.Of));
    }

    /// <summary>One expression that has to be right, as text.</summary>
    public static string Expression(string text)
    {
        DiagnosticBag bag = new();
        ExpressionSyntax tree = GenParser.ParseExpression(new("test.gen", text), bag);
        Assert.True(bag.ToImmutable().IsEmpty, string.Join("\n", bag.ToImmutable()));
        return SExpression.Of(tree);
    }
}
