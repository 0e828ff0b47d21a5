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
    // Ir, Catalog, Semantics and Judgements speak of one another's values (a rule of the catalogue is given values of the IR, an operation
    // of the IR names its entry); what they may know of the text is what parts them.
    private static readonly Dictionary<string, string[]> s_mayKnow = new(StringComparer.Ordinal)
    {
        ["Text"] = [],
        ["Shapes"] = [],
        ["Ranges"] = [],
        ["Syntax"] = ["Text"],
        ["Diagnostics"] = ["Text", "Shapes", "Ranges", "Semantics", "Parsing"],
        ["Parsing"] = ["Text", "Syntax", "Diagnostics"],
        ["Ir"] = ["Text", "Shapes", "Semantics", "Catalog", "Judgements"],
        ["Catalog"] = ["Text", "Shapes", "Ranges", "Semantics", "Ir", "Diagnostics", "Syntax"],
        ["Judgements"] = ["Text", "Shapes", "Semantics", "Ir", "Catalog", "Diagnostics"],
        ["Semantics"] = ["Text", "Shapes", "Ranges", "Syntax", "Parsing", "Diagnostics", "Ir", "Catalog", "Judgements"],
    };

    public static TheoryData<string> Folders => new(s_mayKnow.Keys);

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolder_KnowsNoMoreThanItMay(string folder)
    {
        HashSet<string> known = [.. s_mayKnow[folder], folder];
        Assert.Empty(
            from file in Sources("src", "Dsl", folder)
            from use in Used().Matches(File.ReadAllText(file)).Select(m => m.Groups["layer"].Value)
            where !known.Contains(use)
            select $"{Path.GetFileName(file)} uses {use}");
    }

    [Fact]
    public void EveryFolder_HasItsRule() =>
        Assert.Equal(
            Directory.GetDirectories(Repository.PathOf("src", "Dsl")).Select(d => Path.GetFileName(d)!).Except(["bin", "obj", "Library"]).Order(StringComparer.Ordinal),
            s_mayKnow.Keys.Order(StringComparer.Ordinal));

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
