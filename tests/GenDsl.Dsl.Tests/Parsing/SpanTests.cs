using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

public sealed class SpanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Right_programs_hold_the_invariants(int sample)
    {
        Parsed parsed = Invariants.Check(Samples.All[sample]);
        Assert.True(parsed.Diagnostics.IsEmpty, parsed.Messages);
        Assert.True(TreeWalk.Edges(parsed.Tree).Count() > 200);
    }

    [Fact]
    public void Nodes_cover_their_text()
    {
        const string text = "/// D\nnet A( k: int >= 1 )( x: [N; 3] )  where k > 2 { // note\n  y = ( a + b ) * -c . d ( e , f : 1 )  // end\n  (y)\n}  \n";
        Parsed parsed = Parsed.Valid(text);
        List<string> slices = [.. TreeWalk.Edges(parsed.Tree).Select(e => text.Substring(e.Node.Span.Start, e.Node.Span.Length))];
        Assert.Contains(text.Substring(6).TrimEnd(), slices);
        Assert.Contains("( k: int >= 1 )( x: [N; 3] )", slices);
        Assert.Contains("k: int >= 1", slices);
        Assert.Contains("int >= 1", slices);
        Assert.Contains("[N; 3]", slices);
        Assert.Contains("k > 2", slices);
        Assert.Contains("y = ( a + b ) * -c . d ( e , f : 1 )", slices);
        Assert.Contains("( a + b ) * -c . d ( e , f : 1 )", slices);
        Assert.Contains("a + b", slices);
        Assert.Contains("-c . d ( e , f : 1 )", slices);
        Assert.Contains("c . d ( e , f : 1 )", slices);
        Assert.Contains("c . d", slices);
        Assert.Contains("f : 1", slices);
        Assert.Contains("(y)", slices);
    }

    [Fact]
    public void Numbers_keep_what_was_written()
    {
        Parsed parsed = Parsed.Valid("net A(x: [3]) { 1e-4 + 0.50 + 007 }");
        Assert.Equal(["0.50", "007", "1e-4", "3"], TreeWalk.Edges(parsed.Tree).Select(e => e.Node).OfType<NumberSyntax>().Select(n => n.Lexeme).Order(System.StringComparer.Ordinal));
    }
}
