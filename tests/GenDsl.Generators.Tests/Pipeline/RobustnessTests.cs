using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Dsl.Catalog;
using GenDsl.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace GenDsl.Generators.Tests.Pipeline;

public sealed class RobustnessTests
{
    [Fact]
    public void CrashOnOneFile_IsItsDiagnostic_AndTheOthersAreGenerated()
    {
        var run = new GeneratorRun(new GenText("a.gen", "Alpha"), new GenText("b.gen", "odd crash"), new GenText("c.gen", "Gamma"));

        Assert.Equal(["a.g.cs", "c.g.cs"], run.HintNames);
        Assert.Equal(["GEN1000", "GEN9001"], run.Diagnostics.Select(d => d.Id).Order());
        Diagnostic crash = run.Diagnostics.Single(d => d.Id == "GEN9001");
        Assert.Equal(DiagnosticSeverity.Error, crash.Severity);
        Assert.Equal("b.gen", crash.Location.GetLineSpan().Path);
        Assert.Contains("InvalidOperationException: Broken {0} in two lines.", crash.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void RunAfterACrash_Works()
    {
        var broken = new GenText("a.gen", "crash");
        var run = new GeneratorRun(broken);
        run.Edit(broken, new GenText("a.gen", "Alpha"));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(["a.g.cs"], run.HintNames);
    }

    [Fact]
    public void Cancellation_IsNotACrash()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => new FileCompiler(Toy.Compile).Compile(new GenFile("a.gen", "Alpha", null), new GenOptions("", true), CatalogueTable.Standard, source.Token));
    }

    [Fact]
    public void FileWithoutText_IsADiagnostic()
    {
        var run = new GeneratorRun(new GenText("gone.gen", null), new GenText("a.gen", "Alpha"));
        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("GEN9002", diagnostic.Id);
        Assert.Equal("gone.gen", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(["a.g.cs"], run.HintNames);
    }

    [Fact]
    public void EmptyFile_IsCompiled()
    {
        var run = new GeneratorRun(new GenText("a.gen", ""));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(["a.g.cs"], run.HintNames);
    }

    [Fact]
    public void OtherFiles_AreIgnored()
    {
        var run = new GeneratorRun(new GenText("notes.txt", "bad"), new GenText("UPPER.GEN", "Alpha"), new GenText("a.gen.bak", "bad"));
        Assert.Equal(["UPPER.g.cs"], run.HintNames);
        Assert.Empty(run.Diagnostics);
    }

    [Fact]
    public void ByteOrderMark_DoesNotMoveAnything()
    {
        var run = new GeneratorRun(new GenText("a.gen", "\uFEFFAlpha odd"));
        Assert.Contains("class Alpha;", run.Code("a.g.cs"), StringComparison.Ordinal);
        Assert.Equal(6, Assert.Single(run.Diagnostics).Location.GetLineSpan().StartLinePosition.Character);
    }

    [Theory]
    [InlineData("a\r\nb odd", 1, 2)]
    [InlineData("a\rb odd", 1, 2)]
    [InlineData("a\n\nb odd", 2, 2)]
    public void Places_AreRight_WithEveryLineEnd(string text, int line, int column)
    {
        var run = new GeneratorRun(new GenText("a.gen", text));
        FileLinePositionSpan place = Assert.Single(run.Diagnostics).Location.GetLineSpan();
        Assert.Equal((line, column), (place.StartLinePosition.Line, place.StartLinePosition.Character));
        Assert.Equal(column + 3, place.EndLinePosition.Character);
    }

    [Fact]
    public void Diagnostic_CarriesSeverityMessageAndHelp()
    {
        var run = new GeneratorRun(new GenText("a.gen", "bad odd"));
        Diagnostic bad = run.Diagnostics.Single(d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal("A {bad} word.", bad.GetMessage(CultureInfo.InvariantCulture));
        Assert.EndsWith("docs/diagnostics.md#gen1000", bad.Descriptor.HelpLinkUri, StringComparison.Ordinal);
        Assert.Equal(LocationKind.ExternalFile, bad.Location.Kind);
        Assert.Single(run.Diagnostics, d => d.Severity == DiagnosticSeverity.Warning);
    }

    [Fact]
    public void OldLanguageVersion_IsADiagnostic()
    {
        var run = new GeneratorRun(new FileCompiler(Toy.Compile), null, LanguageVersion.CSharp11);
        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("GEN9003", diagnostic.Id);
        Assert.Contains("compiled as C# 11.0.", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "a.gen, True")]
    [InlineData("true", "a.gen, True")]
    [InlineData("False", "a.gen, False")]
    public void Options_ReachTheCompiler(string? lineDirectives, string expected)
    {
        ProjectOptions options = lineDirectives is null
            ? new(("RootNamespace", "Studio."))
            : new(("RootNamespace", "Studio."), ("GenDslEmitLineDirectives", lineDirectives));
        var run = new GeneratorRun(new FileCompiler(Toy.Compile), options, LanguageVersion.Latest, new GenText("a.gen", "Alpha"));
        Assert.Contains("namespace Studio.a;", run.Code("a.g.cs"), StringComparison.Ordinal);
        Assert.Contains(expected, run.Code("a.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void GeneratedText_HasAnEncoding()
    {
        // Without one the compiler cannot embed it in the symbols.
        var run = new GeneratorRun(new GenText("a.gen", "Alpha"));
        Assert.Equal("utf-8", Assert.Single(run.Result.GeneratedSources).SourceText.Encoding?.WebName);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void Culture_ChangesNothing(string culture)
    {
        GenText[] files = [new("Insel.gen", "Alpha odd"), new("INSEL.gen", "Beta"), new("I.gen", "crash")];
        var expected = new GeneratorRun(files);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var run = new GeneratorRun(files);
            Assert.Equal(expected.HintNames, run.HintNames);
            Assert.Equal(expected.Diagnostics.Select(d => d.ToString()), run.Diagnostics.Select(d => d.ToString()));
            Assert.All(expected.HintNames, name => Assert.Equal(expected.Code(name), run.Code(name)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
