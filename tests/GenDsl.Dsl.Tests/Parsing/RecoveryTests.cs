using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>One mistake, one complaint, at its place; everything around it is read as if it were not there.</summary>
public sealed class RecoveryTests
{
    [Theory]
    [InlineData("y = a b", "GEN1036@1:27", "(= y a)")]
    [InlineData("y = f(a b)", "GEN1033@1:29", "(= y (call f a b))")]
    [InlineData("y = f(a b) + g(c d)", "GEN1033@1:29 GEN1033@1:38", "(= y (+ (call f a b) (call g c d)))")]
    [InlineData("y = f(a,)", "GEN1034@1:28", "(= y (call f a))")]
    [InlineData("y = f(, a)", "GEN1018@1:27", "(= y (call f ? a))")]
    [InlineData("y = f(a; b)", "GEN1020@1:28", "(= y (call f a))")]
    [InlineData("y = f(a", "GEN1030@1:28", "(= y (call f a))")]
    [InlineData("y = f(g(a)", "GEN1030@1:31", "(= y (call f (call g a)))")]
    [InlineData("y = f(a))", "GEN1032@1:29", "(= y (call f a))")]
    [InlineData("y = f(a]", "GEN1031@1:28", "(= y (call f a))")]
    [InlineData("y = us[i)", "GEN1031@1:29", "(= y (at us i))")]
    [InlineData("y = us[i", "GEN1030@1:29", "(= y (at us i))")]
    [InlineData("y = (a", "GEN1030@1:27", "(= y a)")]
    [InlineData("y = ()", "GEN1035@1:25", "(= y ?)")]
    [InlineData("y = [1, 2]", "GEN1018@1:25", "(= y ?)")]
    [InlineData("y = conv(3, kernel = 3)", "GEN1042@1:40", "(= y (call conv 3 kernel:3))")]
    [InlineData("y = conv(kernel := 3)", "GEN1042@1:37", "(= y (call conv kernel:3))")]
    [InlineData("y := 3", "GEN1040@1:23", "(= y 3)")]
    [InlineData("y = = 3", "GEN1018@1:25", "(= y ?)")]
    [InlineData("y = ;", "GEN1018@1:25", "(= y ?)")]
    [InlineData("y = a + ;", "GEN1018@1:29", "(= y (+ a ?))")]
    [InlineData("y = a * / b", "GEN1018@1:29", "(= y (/ (* a ?) b))")]
    [InlineData("y = a.", "GEN1017@1:27", "(= y (. a ?))")]
    [InlineData("y = 1.", "GEN1004@1:25", "(= y 1.0)")]
    [InlineData("y = .5", "GEN1004@1:25", "(= y 0.5)")]
    [InlineData("y = 1e", "GEN1004@1:25", "(= y 1)")]
    [InlineData("y = 1e+", "GEN1004@1:25", "(= y 1)")]
    [InlineData("y = 2c", "GEN1004@1:25", "(= y 2)")]
    [InlineData("y = 1.2.3", "GEN1004@1:25", "(= y 1.2)")]
    [InlineData("y = \"abc", "GEN1002@1:25", "(= y \"abc\")")]
    [InlineData("y = f(\"abc)", "GEN1002@1:27", "(= y (call f \"abc)\"))")]
    [InlineData("y = \"a\\qb\"", "GEN1003@1:27", "(= y \"aqb\")")]
    [InlineData("y = 'abc'", "GEN1008@1:25", "(= y \"abc\")")]
    [InlineData("y = a @ b", "GEN1001@1:27", "(= y a)")]
    [InlineData("y = @@@;", "GEN1001@1:25", "(= y ?)")]
    [InlineData("y = f(@a, b)", "GEN1001@1:27", "(= y (call f a b))")]
    [InlineData("y = f(a $ b)", "GEN1001@1:29", "(= y (call f a b))")]
    [InlineData("y = a && b", "GEN1006@1:27", "(= y a)")]
    [InlineData("y = a ** b", "GEN1005@1:27", "(= y (^ a b))")]
    [InlineData("y = a \u2212 b", "GEN1005@1:27", "(= y (- a b))")]
    [InlineData("y = a # note", "GEN1007@1:27", "(= y a)")]
    [InlineData("y = a /* note */ + b", "GEN1007@1:27", "(= y (+ a b))")]
    [InlineData("y = if a = b then c else d", "GEN1041@1:30", "(= y (if (== a b) c d))")]
    [InlineData("y = (a = b)", "GEN1041@1:28", "(= y (== a b))")]
    [InlineData("y = if a then b", "GEN1044@1:36", "(= y (if a b ?))")]
    [InlineData("y = if a then b\nelse c", "GEN1044@1:36", "(= y (if a b c))")]
    [InlineData("y = if a b else c", "GEN1020@1:30", "(= y (if a b c))")]
    [InlineData("y = if then b else c", "GEN1018@1:28", "(= y (if ? b c))")]
    [InlineData("y = a + if b then c else d", "GEN1045@1:29", "(= y (+ a (if b c d)))")]
    [InlineData("y = a < b < c <= d", "GEN1043@1:31", "(= y (<= (< (< a b) c) d))")]
    [InlineData("us[0][1] = u", "GEN1039@1:21", "(at (at us 0) 1)")]
    [InlineData("a.b = u", "GEN1039@1:21", "(. a b)")]
    [InlineData("(a, b = u", "GEN1030@1:26", "(= (a b) u)")]
    [InlineData("(a, 3) = u", "GEN1017@1:25", "(= (a ?) u)")]
    [InlineData("z: [3] = 3", "GEN1046@1:28", "(~ z:[3] 3)")]
    [InlineData("z: ~ n", "GEN1019@1:24", "(~ z:? n)")]
    [InlineData("param g [c] = 1", "GEN1020@1:29", "(param g [c] 1)")]
    [InlineData("param g: c = 1", "GEN1020@1:30", "(param g [] 1)")]
    [InlineData("for in 0..3 { y }", "GEN1017@1:25", "(for ? 0 3 { y })")]
    [InlineData("for i 0..3 { y }", "GEN1020@1:27", "(for i 0 3 { y })")]
    [InlineData("for i on 0..3 { y }", "GEN1020@1:27", "(for i 0 3 { y })")]
    [InlineData("for i in 3 { y }", "GEN1020@1:32", "(for i 3 ? { y })")]
    [InlineData("fro i in 0..3 { y }", "GEN1037@1:21", "(for i 0 3 { y })")]
    [InlineData("repeat { y }", "GEN1036@1:28", "repeat")]
    [InlineData("minimize L with o", "GEN1020@1:32", "(minimize L over (?) with o)")]
    [InlineData("minimize L over D", "GEN1020@1:38", "(minimize L over (D) with ?)")]
    [InlineData("minimize over D with o", "GEN1018@1:30", "(minimize ? over (D) with o)")]
    [InlineData("minimize L over with o", "GEN1018@1:37", "(minimize L over (?) with o)")]
    [InlineData("minimize 2 L over D with o", "GEN1020@1:32", "(minimize 2 over (D) with o)")]
    [InlineData("minimise L over D with o", "GEN1037@1:21", "(minimize L over (D) with o)")]
    [InlineData("minimise -L over D with o", "GEN1037@1:21", "(- minimise L)")]
    [InlineData("sample (n: int) = f", "GEN1017@1:28", "(sample ? (n:int) f)")]
    [InlineData("sample s f(x)", "GEN1020@1:30", "(sample s (call f x))")]
    [InlineData("report r := x", "GEN1040@1:30", "(report r x)")]
    [InlineData("solve w + 0", "GEN1020@1:29", "(solve w (+ ? 0))")]
    [InlineData("expose 3 { y }", "GEN1012@1:21", "(skipped)")]
    [InlineData("net B(y: [3]) { y }", "GEN1016@1:21", "(skipped)")]
    [InlineData("% b", "GEN1038@1:21", "(skipped)")]
    [InlineData("* b", "GEN1038@1:21", "(skipped)")]
    [InlineData(", b", "GEN1038@1:21", "(skipped)")]
    [InlineData(") b", "GEN1032@1:21", "(skipped)")]
    [InlineData("\u200B", "GEN1001@1:21", "")]
    public void Statements(string body, string errors, string tree)
    {
        Parsed parsed = Parsed.File("net A(x: [3]) { p1; " + body + "\nlast\n}\nnet Z(x: [3]) { z }");
        Assert.True(errors == parsed.Errors, parsed.Messages);
        string expected = "{ p1 " + (tree.Length > 0 ? tree + " " : "") + "last }";
        Assert.Contains(expected, parsed.Text, System.StringComparison.Ordinal);
        Assert.EndsWith("(net Z (x:[3]) { z })", parsed.Text, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trainr T(x: I) { y }", "GEN1011@1:1", "(trainer T (x:I) { y })")]
    [InlineData("Net T(x: I) { y }", "GEN1011@1:1", "(net T (x:I) { y })")]
    [InlineData("import other", "GEN1012@1:1", "")]
    [InlineData("flw F(x: [d]) { x += 1 }", "GEN1011@1:1", "(flow F (x:[d]) { (+= x 1) })")]
    [InlineData("function F(x: I) { y }", "GEN1010@1:1", "")]
    [InlineData("y = 3", "GEN1010@1:1", "")]
    [InlineData("}", "GEN1032@1:1", "")]
    [InlineData("net (x: I) { y }", "GEN1017@1:5", "(net ? (x:I) { y })")]
    [InlineData("net F { y }", "GEN1022@1:7", "(net F () { y })")]
    [InlineData("net F(x: I", "GEN1030@1:11", "(net F (x:I) {})")]
    [InlineData("net F(x: I -> I { y }", "GEN1030@1:11", "(net F (x:I) -> I { y })")]
    [InlineData("net F(x I) { y }", "GEN1033@1:9", "(net F (x I) { y })")]
    [InlineData("net F(x [3]) { y }", "GEN1020@1:9", "(net F (x:[3]) { y })")]
    [InlineData("net F(x: ) { y }", "GEN1019@1:10", "(net F (x:?) { y })")]
    [InlineData("net F(x: I, ) { y }", "GEN1034@1:11", "(net F (x:I) { y })")]
    [InlineData("net F(x: I) => I { y }", "GEN1005@1:13", "(net F (x:I) -> I { y })")]
    [InlineData("net F(x: I) -> { y }", "GEN1019@1:16", "(net F (x:I) -> ? { y })")]
    [InlineData("net F(x: I) where H = 4 { y }", "GEN1041@1:21", "(net F (x:I) where (== H 4) { y })")]
    [InlineData("net F(x: I) where { y }", "GEN1018@1:19", "(net F (x:I) where ? { y })")]
    [InlineData("net F(x: I)\n  h = y\n  h\n}", "GEN1021@1:12", "(net F (x:I) { (= h y) h })")]
    [InlineData("net F(x: I)", "GEN1021@1:12", "(net F (x:I) {})")]
    [InlineData("net F(x: I) {\n  for i in 0..3\n    y\n  }\n  h\n}", "GEN1021@2:16", "(net F (x:I) { (for i 0 3 { y }) h })")]
    [InlineData("net F(x: I) {\n  y", "GEN1030@2:4", "(net F (x:I) { y })")]
    [InlineData("net F(x: I) {\n  repeat 2 {\n y\n}", "GEN1030@4:2", "(net F (x:I) { (repeat 2 { y }) })")]
    [InlineData("net F(x: I) { y }}", "GEN1032@1:18", "(net F (x:I) { y })")]
    [InlineData("net F(x: I) { y } net G(x: I) { y }", "GEN1015@1:19", "(net F (x:I) { y })\n(net G (x:I) { y })")]
    [InlineData("net F(x: int >= y) { }", "GEN1028@1:17", "(net F (x:int) {})")]
    [InlineData("net F(x: int >= 99999999999) { }", "GEN1028@1:17", "(net F (x:int) {})")]
    [InlineData("net F(x: [; d]) { }", "GEN1029@1:11", "(net F (x:[?; type d]) {})")]
    [InlineData("net F(x: [a, b; c, d]) { }", "GEN1029@1:14", "(net F (x:[a; c d]) {})")]
    [InlineData("net F(x: net(S)) { }", "GEN1020@1:16", "(net F (x:net(S)->?) {})")]
    [InlineData("net F(x: { a I }) { }", "GEN1020@1:14", "(net F (x:{a:I}) {})")]
    [InlineData("net F(x: I | y: I)(z: I) { }", "GEN1023@1:14", "(net F <x:I y:I> (z:I) {})")]
    [InlineData("loss F(x: I) -> I { y }", "GEN1024@1:14", "(loss F (x:I) { y })")]
    [InlineData("space A = Image", "GEN1025@1:11", "(space A ?[])")]
    [InlineData("space A = f23[3]", "GEN1025@1:11", "(space A ?[3])")]
    [InlineData("space A = f32", "GEN1026@1:11", "(space A f32[])")]
    [InlineData("space A = class", "GEN1026@1:11", "(space A class[])")]
    [InlineData("space A = class[2 * n]", "GEN1027@1:16", "(space A class<(* 2 n)>[])")]
    [InlineData("space A = level[n]", "GEN1027@1:16", "(space A level<n>[])")]
    [InlineData("space A = class[1, 2]", "GEN1027@1:16", "(space A class[])")]
    [InlineData("space A = f32[3] in (0, 1)", "GEN1020@1:21", "(space A f32[3] in 0..1)")]
    [InlineData("space A = f32[3] in 0", "GEN1020@1:21", "(space A f32[3])")]
    [InlineData("space A = f32[3] in [0 1]", "GEN1020@1:24", "(space A f32[3] in 0..1)")]
    [InlineData("space A f32[3]", "GEN1020@1:9", "(space A f32[3])")]
    [InlineData("space A = f32[3] x", "GEN1010@1:18", "(space A f32[3])")]
    [InlineData("space", "GEN1017@1:6", "(space ? ?[])")]
    public void Declarations(string text, string errors, string tree)
    {
        Parsed parsed = Parsed.File(text + "\n\nnet Z(x: [3]) { z }\n");
        Assert.True(errors == parsed.Errors, parsed.Messages);
        Assert.Equal((tree.Length > 0 ? tree + "\n" : "") + "(net Z (x:[3]) { z })", parsed.Text);
    }

    [Theory]
    [InlineData("gen 7\nspace A = f32[3]", "GEN1013@1:5")]
    [InlineData("gen 1.5\nspace A = f32[3]", "GEN1013@1:5")]
    [InlineData("gen\nspace A = f32[3]", "GEN1013@1:4")]
    [InlineData("gen 1 space A = f32[3]", "GEN1015@1:7")]
    [InlineData("space A = f32[3]\ngen 1\n", "GEN1014@2:1")]
    public void Editions(string text, string errors)
    {
        Parsed parsed = Parsed.File(text);
        Assert.True(errors == parsed.Errors, parsed.Messages);
        Assert.Equal("(space A f32[3])", parsed.Text);
    }

    [Fact]
    public void Reports_all_independent_mistakes_in_one_pass()
    {
        Parsed parsed = Parsed.File("""
            gen 1
            spce Image = f32[1, 28, 28] in [-1 1]
            net G(z: Latent) -> {
                h = z |> linear(4 kernel = 3)
                for i in 0.. { h = f(h }
                h |> tanh @
            }
            import other
            trainer T(x: Image) {
                minimize L ovr D with adam(1e-4, beta1 = .5)
                sample s = if a then b
            """);
        Assert.Equal(
            "GEN1011@2:1 GEN1020@2:36 GEN1019@3:21 GEN1033@4:23 GEN1042@4:30 GEN1018@5:18 GEN1030@5:27 GEN1001@6:15 "
            + "GEN1012@8:1 GEN1020@10:16 GEN1042@10:44 GEN1004@10:46 GEN1044@11:27",
            string.Join(" ", parsed.Errors.Split(' ').Where(e => !e.StartsWith("GEN1030@11", System.StringComparison.Ordinal))));
    }

    public static TheoryData<string, string> Mended => new()
    {
        { "trainr T(x: I) { y }", "trainer T(x: I) { y }" },
        { "net F(x: I) { minimise L over D with o }", "net F(x: I) { minimize L over D with o }" },
        { "net F(x: I) { y = f(k = 3) }", "net F(x: I) { y = f(k : 3) }" },
        { "net F(x: I) { y := 3 }", "net F(x: I) { y = 3 }" },
        { "net F(x: I) where H = 4 { y }", "net F(x: I) where H == 4 { y }" },
        { "net F(x: I) { y = f(a }", "net F(x: I) { y = f(a) }" },
        { "net F(x: I) { y", "net F(x: I) { y}" },
        { "net F(x: I) { y = f(a] }", "net F(x: I) { y = f(a) }" },
        { "net F(x: I) { y = f(a)) }", "net F(x: I) { y = f(a) }" },
        { "net F(x: I) { y = f(a b) }", "net F(x: I) { y = f(a, b) }" },
        { "net F(x: I) { y = f(a,) }", "net F(x: I) { y = f(a) }" },
        { "net F(x: I) { y = 2c + 1. }", "net F(x: I) { y = 2 * c + 1.0 }" },
        { "net F(x: I) { y = a ** b }", "net F(x: I) { y = a ^ b }" },
        { "net F(x: I) { y = 'a' }", "net F(x: I) { y = \"a\" }" },
        { "net F(x: I) { y = \"a\n}", "net F(x: I) { y = \"a\"\n}" },
        { "net F(x: I)\n y\n}", "net F(x: I) {\n y\n}" },
        { "net F { y }", "net F() { y }" },
        { "space A = f23[3]", "space A = f32[3]" },
        { "gen 7\nspace A = f32[3]", "gen 1\nspace A = f32[3]" },
        { "gen\nspace A = f32[3]", "gen 1\nspace A = f32[3]" },
        { "net F(x: I) { y } net G(x: I) { y }", "net F(x: I) { y }\n net G(x: I) { y }" },
        { "net F(x: I) { for i on 0..3 { y } }", "net F(x: I) { for i in 0..3 { y } }" },
    };

    [Theory]
    [MemberData(nameof(Mended))]
    public void Fixes_mend(string broken, string mended)
    {
        Parsed parsed = Parsed.File(broken);
        IEnumerable<Fix> fixes = parsed.Diagnostics.SelectMany(d => d.Fixes.Take(1)).OrderByDescending(f => f.Span.Start);
        string text = fixes.Aggregate(broken, (t, f) => t.Remove(f.Span.Start, f.Span.Length).Insert(f.Span.Start, f.Replacement));
        Assert.Equal(mended.Replace(" ", ""), text.Replace(" ", ""));
        Parsed.Valid(text);
    }

    [Theory]
    [InlineData("trainr T(x: I) { y }", "'trainr' begins no declaration; they begin with space, net, flow, loss, model and trainer. Did you mean 'trainer'?")]
    [InlineData("import T", "'import' is not part of edition 'gen 1'. Its declarations begin with space, net, flow, loss, model and trainer.")]
    [InlineData("gen 7", "The edition this compiler knows is 'gen 1', but '7' was found after 'gen'.")]
    [InlineData("net F(x: I) { y = f(a\n}", "')' is missing: the '(' in line 1, column 20 is not closed before the end of the line.")]
    [InlineData("net F(x: I) { y = f(k = 3) }", "Arguments are named with ':', not with '=': 'kernel: 3'.")]
    public void Messages_say_what_to_do(string text, string message) => Assert.Equal(message, Assert.Single(Parsed.File(text).Diagnostics).Message);
}
