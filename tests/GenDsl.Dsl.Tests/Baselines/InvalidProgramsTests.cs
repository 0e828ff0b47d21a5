using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Tests.Catalog;
using GenDsl.Dsl.Text;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>Wrong programs with every message they get, at its place. A change of a message is a change of a file here.</summary>
public sealed class InvalidProgramsTests
{
    private static readonly string s_folder = Repository.PathOf("tests", "baselines", "invalid");

    public static TheoryData<string> Programs => new(Names());

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Messages(string name)
    {
        CheckedFile file = Check(name);
        Assert.NotEmpty(file.Diagnostics);
        Assert.All(file.Diagnostics, d => Assert.InRange(d.Span.End, d.Span.Start, file.Source.Text.Length));
        await Verifier.VerifyBeside(AnnotatedSource.WithDiagnostics(file.Source, file.Diagnostics), Path.Combine(s_folder, name + ".diagnostics"), "gen");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void EveryFix_MendsItsMistake(string name)
    {
        CheckedFile file = Check(name);
        foreach (GenDiagnostic diagnostic in file.Diagnostics)
        {
            foreach (Fix fix in diagnostic.Fixes)
            {
                string mended = file.Source.Text[..fix.Span.Start] + fix.Replacement + file.Source.Text[fix.Span.End..];
                IEnumerable<GenDiagnostic> rest = GenCompiler.Check(new GenSource(name + ".gen", mended), Acme.Catalogue).Diagnostics;
                Assert.True(rest.Count(d => d.Message == diagnostic.Message) < file.Diagnostics.Count(d => d.Message == diagnostic.Message), $"{fix.Title}: {diagnostic}");
            }
        }
    }

    [Fact]
    public void EveryCodeOfTheSemanticLayers_IsRaisedByAProgram()
    {
        HashSet<string> raised = [.. Names().SelectMany(n => Check(n).Diagnostics).Select(d => d.Code)];
        IEnumerable<string> silent = Codes.Semantic.Where(c => !raised.Contains(c));
        Assert.Empty(silent);
    }

    [Fact]
    public void TheFolder_IsNotEmpty() => Assert.InRange(Names().Count(), 100, int.MaxValue);

    private static CheckedFile Check(string name) =>
        GenCompiler.Check(new GenSource(name + ".gen", File.ReadAllText(Path.Combine(s_folder, name + ".gen"))), Acme.Catalogue);

    private static IEnumerable<string> Names() => Directory.GetFiles(s_folder, "*.gen")
        .Select(p => Path.GetFileNameWithoutExtension(p)!)
        .Where(n => !n.Contains('.', StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);
}
