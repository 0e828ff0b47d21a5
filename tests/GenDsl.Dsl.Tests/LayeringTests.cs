using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Dsl.Tests;

/// <summary>One way through the house: what each folder of the compiler may know, and what no folder does.</summary>
public sealed partial class LayeringTests
{
    // From the text upwards: a folder may use those above its line alone.
    private static readonly (string Folder, string[] Uses)[] s_mayKnow =
    [
        ("Text", []),
        ("Shapes", []),
        ("Ranges", []),
        ("Types", ["Text", "Shapes", "Ranges"]),
        ("Syntax", ["Text"]),
        ("Diagnostics", ["Text", "Shapes", "Ranges", "Types", "Syntax"]),
        ("Parsing", ["Text", "Syntax", "Diagnostics"]),
        ("Catalog", ["Text", "Shapes", "Ranges", "Types", "Syntax", "Diagnostics", "Parsing"]),
        ("Ir", ["Text", "Shapes", "Types", "Catalog"]),
        ("Judgements", ["Text", "Shapes", "Types", "Diagnostics", "Catalog", "Ir"]),
        ("Semantics", ["Text", "Shapes", "Ranges", "Types", "Syntax", "Diagnostics", "Parsing", "Catalog", "Ir", "Judgements"]),
    ];

    public static TheoryData<string> Folders => new(s_mayKnow.Select(f => f.Folder));

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolder_KnowsNoMoreThanItMay(string folder)
    {
        HashSet<string> known = [.. s_mayKnow.Single(f => f.Folder == folder).Uses, folder];
        Assert.Empty(
            from file in Sources("src", "Dsl", folder)
            from use in Used().Matches(File.ReadAllText(file)).Select(m => m.Groups["layer"].Value)
            where !known.Contains(use)
            select $"{Path.GetFileName(file)} uses {use}");
    }

    [Fact]
    public void TheFolders_DependOneWay()
    {
        HashSet<string> below = [];
        foreach ((string folder, string[] uses) in s_mayKnow)
        {
            Assert.Empty(uses.Except(below).Select(u => $"{folder} uses {u}, which stands above it"));
            below.Add(folder);
        }
    }

    [Fact]
    public void EveryFolder_HasItsRule() =>
        Assert.Equal(
            Directory.GetDirectories(Repository.PathOf("src", "Dsl")).Select(d => Path.GetFileName(d)!).Except(["bin", "obj", "Library"]).Order(StringComparer.Ordinal),
            s_mayKnow.Select(f => f.Folder).Order(StringComparer.Ordinal));

    [Fact]
    public void TheCompiler_KnowsNeitherRoslynNorTorchSharp() =>
        Assert.DoesNotContain(typeof(GenCompiler).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || a.Name == "TorchSharp");

    [Theory]
    [InlineData("src/Dsl", "Microsoft.CodeAnalysis|using TorchSharp|GenDsl.Runtime;|GenDsl.Generators")]
    [InlineData("src/Generators", "using TorchSharp|using GenDsl.Runtime;|using GenDsl.Cli")]
    [InlineData("src/Generators/Emit", "Microsoft.CodeAnalysis|using GenDsl.Dsl.Syntax|using GenDsl.Dsl.Parsing")]
    [InlineData("src/Runtime", "Microsoft.CodeAnalysis|using GenDsl.Dsl|using GenDsl.Generators|using GenDsl.Cli|System.Reflection.Emit")]
    public void AnAssembly_KnowsNoOtherThanThoseBelowIt(string folder, string forbidden) =>
        Assert.DoesNotContain(Sources(folder.Split('/')), f => Regex.IsMatch(File.ReadAllText(f), forbidden));

    private static IEnumerable<string> Sources(params string[] folder) =>
        Directory.GetFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"^using (static )?GenDsl\.Dsl\.(?<layer>\w+)", RegexOptions.Multiline)]
    private static partial Regex Used();
}
