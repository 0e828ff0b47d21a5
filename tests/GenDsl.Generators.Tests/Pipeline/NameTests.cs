using System;
using System.Globalization;
using System.Linq;
using GenDsl.Generators.Models;
using Microsoft.CodeAnalysis;
using Xunit;

namespace GenDsl.Generators.Tests.Pipeline;

public sealed class NameTests
{
    [Fact]
    public void TwoFilesOfOneName_AreADiagnostic_AndTheFirstIsGenerated()
    {
        var run = new GeneratorRun(new GenText("z/Vae.gen", "Beta"), new GenText("a/vae.gen", "Alpha"), new GenText("c.gen", "Gamma"));

        Assert.Equal(["vae.g.cs", "c.g.cs"], run.HintNames);
        Assert.Contains("class Alpha", run.Code("vae.g.cs"), StringComparison.Ordinal);
        Diagnostic clash = Assert.Single(run.Diagnostics);
        Assert.Equal("GEN2900", clash.Id);
        Assert.Equal("z/Vae.gen", clash.Location.GetLineSpan().Path);
        Assert.Contains("'a/vae.gen'", clash.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void NamesThatBecomeOne_AreADiagnostic()
    {
        var run = new GeneratorRun(new GenText("a#.gen", "Alpha"), new GenText("a+.gen", "Beta"));
        Assert.Equal(["a_.g.cs"], run.HintNames);
        Assert.Equal("GEN2900", Assert.Single(run.Diagnostics).Id);
    }

    [Fact]
    public void FileListedTwice_IsCompiledOnce()
    {
        var run = new GeneratorRun(new GenText("/p/a.gen", "Alpha"), new GenText("/p/x/../a.gen", "Alpha"), new GenText("/p/./a.gen", "Alpha"));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(["a.g.cs"], run.HintNames);
        Assert.Contains("/p/a.gen, True", run.Code("a.g.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/vae.gen", "vae.g.cs")]
    [InlineData(@"C:\models\conv vae.v2.gen", "conv_vae.v2.g.cs")]
    [InlineData("größe.GEN", "größe.g.cs")]
    [InlineData("a&b'c\"d@e.gen", "a_b_c_d_e.g.cs")]
    public void HintName_IsTheFilesName(string path, string expected) => Assert.Equal(expected, HintName.Of(path));

    [Fact]
    public void EveryHintName_IsOneThatTheCompilerAccepts()
    {
        GenText[] files = Enumerable.Range(32, 95).Select(c => (char)c).Where(c => c is not ('/' or '\\'))
            .Select(c => new GenText($"f{(int)c}{c}.gen", "Alpha")).ToArray();
        var run = new GeneratorRun(files);
        Assert.Equal(files.Length, run.HintNames.Count());
    }

    [Theory]
    [InlineData("/a/b/../c.gen", "/a/c.gen")]
    [InlineData("/a/./c.gen", "/a/c.gen")]
    [InlineData("../c.gen", "../c.gen")]
    [InlineData("../../c.gen", "../../c.gen")]
    [InlineData("/../c.gen", "/../c.gen")]
    [InlineData(@"C:\a\..\c.gen", @"C:\c.gen")]
    [InlineData("c.gen", "c.gen")]
    public void NormalPath_TakesDotsOut(string path, string expected) => Assert.Equal(expected, NormalPath.Of(path));
}
