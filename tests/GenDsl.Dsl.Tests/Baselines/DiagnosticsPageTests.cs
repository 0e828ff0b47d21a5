using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Tests.Catalog;
using GenDsl.Dsl.Text;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>The page that every message links to: it has every code once, and its programs do what it says.</summary>
public sealed partial class DiagnosticsPageTests
{
    /// <summary>Codes of the compiler; those of the shell are about files and projects and have no programs.</summary>
    public static TheoryData<string> OfTheCompiler => new(Codes.Syntactic.Concat(Codes.Semantic));

    [Fact]
    public void ThePage_HasEveryCodeOnce_InOrder()
    {
        IEnumerable<string> known = Codes.Syntactic.Concat(Codes.Semantic).Concat(OfTheShell()).Order(StringComparer.Ordinal);
        Assert.Equal(known, DiagnosticsPage.Sections.Select(s => s.Code));
    }

    [Fact]
    public void EveryMessage_LinksToItsSection() => Assert.All(DiagnosticsPage.Sections, section =>
    {
        var diagnostic = new GenDiagnostic(section.Code, Severity.Error, new GenSource("a.gen", ""), new TextSpan(0, 0), "");
        Assert.EndsWith("/docs/diagnostics.md#" + section.Anchor, diagnostic.HelpUri, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(OfTheCompiler))]
    public void TheBadProgram_RaisesItsCode_AndNoOtherError(string code)
    {
        CheckedFile file = Check(code, 0);
        Assert.Contains(file.Diagnostics, d => d.Code == code);
        Assert.Empty(file.Diagnostics.Where(d => d.Severity == Severity.Error && d.Code != code).Select(d => d.ToString()));
    }

    [Theory]
    [MemberData(nameof(OfTheCompiler))]
    public void TheFixedProgram_IsClean(string code) => Assert.Empty(Check(code, 1).Diagnostics.Select(d => d.ToString()));

    private static CheckedFile Check(string code, int program)
    {
        DiagnosticsSection section = DiagnosticsPage.Of(code);
        Assert.Equal(2, section.Programs.Count);
        return GenCompiler.Check(new GenSource(code.ToLowerInvariant() + ".gen", section.Programs[program]), Acme.Catalogue);
    }

    // The shell hangs on Roslyn, which this project does not reference: its codes are read from the text.
    private static IEnumerable<string> OfTheShell() =>
        ShellCode().Matches(File.ReadAllText(Repository.PathOf("src", "Generators", "ShellDiagnostics.cs"))).Cast<Match>().Select(m => m.Groups["code"].Value).Distinct();

    [GeneratedRegex("""[^/]"(?<code>GEN\d{4})""")]
    private static partial Regex ShellCode();
}
