using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using GenDsl.Generators.Tests.Pipeline;
using GenDsl.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace GenDsl.Generators.Tests.Models;

/// <summary>The generator as users get it, on the models that they get. That the output compiles is the build of models/.</summary>
public sealed class ShippedModelsTests
{
    private static readonly string[] s_paths =
        Directory.GetFiles(Repository.PathOf("models"), "*.gen", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();

    public static TheoryData<string> Models => new(s_paths.Select(path => Path.GetFileNameWithoutExtension(path)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Model_HasNoFinding_AndIsGeneratedOnce(string name)
    {
        GeneratorRun run = Generate(name, TextOf(name));

        // PixelCNN is the model that the blind spot was found in; it is shipped as published.
        Assert.Empty(run.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning && (name != "pixel_cnn" || d.Id != "GEN4510")));
        Assert.DoesNotContain('\r', Code(run));

        run.Run();
        Assert.All(run.Reasons(TrackingNames.Compile), reason => Assert.Equal(Cached, reason));
        Assert.All(run.SourceReasons(), reason => Assert.Equal(Cached, reason));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void CarriageReturns_ChangeNothing(string name)
    {
        string text = TextOf(name);
        Assert.Equal(Code(Generate(name, text)), Code(Generate(name, text.Replace("\n", "\r\n", StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Culture_ChangesNothing(string name)
    {
        string expected = Code(Generate(name, TextOf(name)));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in new[] { "de-DE", "tr-TR" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, Code(Generate(name, TextOf(name))));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void WithoutLineDirectives_NoPathIsInTheOutput(string name)
    {
        var options = new ProjectOptions(("RootNamespace", "Studio"), ("GenDslEmitLineDirectives", "false"));
        Assert.DoesNotContain("/somewhere/", Code(Generate(name, TextOf(name), options)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void HalfAModel_NeverCrashesTheCompiler(string name)
    {
        const int Cuts = 25;
        string text = TextOf(name);
        for (int i = 0; i < Cuts; i++)
        {
            string half = text[..(text.Length * i / Cuts)];
            IEnumerable<string> crashes = Generate(name, half).Diagnostics.Where(d => d.Id == "GEN9001").Select(d => d.ToString());
            Assert.True(!crashes.Any(), $"Cut to {half.Length} characters: {string.Join('\n', crashes)}");
        }
    }

    [Fact]
    public void AllModelsTogether_HaveNoNameTwice()
    {
        var run = new GeneratorRun(
            FileCompiler.Default,
            null,
            LanguageVersion.Latest,
            s_paths.Select(path => new GenText(path, File.ReadAllText(path))).ToArray());
        Assert.Equal(s_paths.Length, run.HintNames.Count());
    }

    private static string TextOf(string name) =>
        File.ReadAllText(s_paths.Single(path => Path.GetFileNameWithoutExtension(path) == name));

    private static GeneratorRun Generate(string name, string text, ProjectOptions? options = null) =>
        new(FileCompiler.Default, options, LanguageVersion.Latest, new GenText($"/somewhere/{name}.gen", text));

    private static string Code(GeneratorRun run) => Assert.Single(run.Result.GeneratedSources).SourceText.ToString();
}
