using System.Linq;
using GenDsl.Dsl.Syntax;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

public sealed class DeclarationTests
{
    [Theory]
    [InlineData("space A = f32[1, 28, 28] in [-1, 1]", "(space A f32[1 28 28] in (- 1)..1)")]
    [InlineData("space A = f32[]", "(space A f32[])")]
    [InlineData("space A = f32[64] ~ normal(0, 1)", "(space A f32[64] ~ (call normal 0 1))")]
    [InlineData("space A = u8[3] in [0, 1] ~\nlaw", "(space A u8[3] in 0..1 ~ law)")]
    [InlineData("space A = class[10]", "(space A class<10>[])")]
    [InlineData("space A = mulaw[256][T]", "(space A mulaw<256>[T])")]
    [InlineData("space space = level[4][2 * c, h]", "(space space level<4>[(* 2 c) h])")]
    [InlineData("net A(x: [3]) { x }", "(net A (x:[3]) { x })")]
    [InlineData("net A() {}", "(net A () {})")]
    [InlineData("net A(k: int, f = 2)(x: [3], y: I) -> [3], I { x }", "(net A <k:int f=2> (x:[3] y:I) -> [3] I { x })")]
    [InlineData("net A\n(\nx: [3]\n)\n-> I\nwhere H % 4 == 0\n, W > 2\n{\nx\n}", "(net A (x:[3]) -> I where (== (% H 4) 0) (> W 2) { x })")]
    [InlineData("net where(where: where) -> where where where { where }", "(net where (where:where) -> where where where { where })")]
    [InlineData("loss L(c: net(S, [2]) -> [1], real: S) where N > 1 { x }", "(loss L (c:net(S [2])->[1] real:S) where (> N 1) { x })")]
    [InlineData("model M(d = 2)(x: X | y: Y, z: Z) { x }", "(model M <d=2> (x:X | y:Y z:Z) { x })")]
    [InlineData("trainer T(a: { x: I, y: D }, b: [N; { u: I }]) { x }", "(trainer T (a:{x:I y:D} b:[N; type {u:I}]) { x })")]
    public void Has_the_shape(string text, string tree) => Assert.Equal(tree, Parsed.Valid(text).Text);

    [Theory]
    [InlineData("[c, h, w]", "[c h w]")]
    [InlineData("[]", "[]")]
    [InlineData("[N;]", "[N;]")]
    [InlineData("[N; 2 * c, h]", "[N; (* 2 c) h]")]
    [InlineData("[N; 3]", "[N; 3]")]
    [InlineData("[N; d]", "[N; type d]")]
    [InlineData("[N; Image]", "[N; type Image]")]
    [InlineData("[N; [3]]", "[N; type [3]]")]
    [InlineData("[N; u8[3]]", "[N; type u8[3]]")]
    [InlineData("[2 * N; { x: Image,\n y: Digit }]", "[(* 2 N); type {x:Image y:Digit}]")]
    [InlineData("int", "int")]
    [InlineData("int >= 0", "int>=0")]
    [InlineData("int > 0", "int>=1")]
    [InlineData("int >= -2", "int>=-2")]
    [InlineData("float = 1", "float=1")]
    [InlineData("bool = b", "bool=b")]
    [InlineData("padding = same", "padding=same")]
    [InlineData("partition", "partition")]
    [InlineData("(int, int) = (1, 2)", "(int int)=(tuple 1 2)")]
    [InlineData("(int)", "int")]
    [InlineData("net() -> net([2]) -> [1]", "net()->net([2])->[1]")]
    [InlineData("net", "net")]
    [InlineData("[n + 1] of [c, h]", "(of (+ n 1) [c h])")]
    [InlineData("u8[1, h, w] in [0, 255]", "u8[1 h w] in 0..255")]
    public void Types_have_the_shape(string type, string tree) => Assert.Equal($"(net A (p:{tree}) {{}})", Parsed.Valid($"net A(p: {type}) {{ }}").Text);

    [Theory]
    [InlineData("gen 1\nspace A = f32[3]", 1)]
    [InlineData("\uFEFF// first\r\n\r\ngen 1 // one\r\nspace A = f32[3]\r\n", 1)]
    [InlineData("space A = f32[3]", null)]
    [InlineData("", null)]
    [InlineData("gen 1", 1)]
    public void Reads_the_edition(string text, int? edition) => Assert.Equal(edition, Parsed.Valid(text).Tree.Edition);

    [Fact]
    public void Documentation_goes_to_what_follows()
    {
        Parsed parsed = Parsed.Valid("""
            /// First line.
            ///   Second, indented.
            // no documentation
            net A(
                /// The data.
                x: [3]) {
                //// rulers are none
                y = x
                /// A binding.
                z = y
                /// A parameter.

                param g: [3] = ones
                /// Of nothing.
            }

            ///Tight.
            space B = f32[3]
            """);
        NetSyntax net = Assert.IsType<NetSyntax>(parsed.Tree.Declarations[0]);
        Assert.Equal("First line.\n  Second, indented.", net.Doc);
        Assert.Equal("The data.", net.Header.Data[0].Doc);
        Assert.Equal(["", "A binding."], net.Body.Statements.OfType<BindingSyntax>().Select(b => b.Doc));
        Assert.Equal("A parameter.", net.Body.Statements.OfType<ParamSyntax>().Single().Doc);
        Assert.Equal("Tight.", parsed.Tree.Declarations[1].Doc);
    }

    [Fact]
    public void Documentation_reaches_every_kind_of_statement_that_keeps_it()
    {
        string body = string.Join("\n", new[] { "z ~ n", "report r = x", "sample s = x", "evaluate e(x: I) { report x }", "(a, b) = x" }.Select(s => "/// D\n" + s));
        TrainerSyntax trainer = Assert.IsType<TrainerSyntax>(Parsed.Valid("trainer T(x: I) {\n" + body + "\n}").Tree.Declarations[0]);
        Assert.Equal(5, trainer.Body.Statements.Length);
        Assert.All(trainer.Body.Statements, s => Assert.Equal("D", s.GetType().GetProperty("Doc")!.GetValue(s)));
    }
}
