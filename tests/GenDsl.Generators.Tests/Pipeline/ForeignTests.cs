using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace GenDsl.Generators.Tests.Pipeline;

/// <summary>Functions of referenced assemblies, as the generator finds them.</summary>
public sealed class ForeignTests
{
    // The reader goes by names, so that a runtime of three lines will do.
    private const string Runtime = """
        namespace GenDsl.Runtime
        {
            public sealed class GenOperationAttribute(string signature) : System.Attribute
            {
                public string Signature { get; } = signature;
                public string Range { get; set; } = "";
                public bool CutsGradient { get; set; }
            }
        }
        namespace TorchSharp { public static class torch { public sealed class Tensor; } }
        """;

    private const string Ops = """
        using GenDsl.Runtime;
        using static TorchSharp.torch;
        namespace Acme
        {
            public static class Ops
            {
                [GenOperation("swish(beta: float = 1)(x)", Range = "[-1, inf)")] public static Tensor Swish(Tensor x, double beta) => x;
                [GenOperation("fold(by: int)(x: [by * c]) -> [c]", CutsGradient = true)] public static Tensor Fold(Tensor x, long by) => x;
                [GenOperation("hidden(x)")] internal static Tensor Hidden(Tensor x) => x;
                public static Tensor Mine(Tensor x) => x;
                public static class Inner { [GenOperation("deep(x)")] public static Tensor Deep(Tensor x) => x; }
            }
        }
        """;

    private static readonly Lazy<MetadataReference[]> s_references = new(() =>
    {
        MetadataReference runtime = Compile("GenDsl.Runtime", Runtime);
        return [runtime, Compile("Acme.Ops", Ops, runtime)];
    });

    [Fact]
    public void Calls_AreEmittedByTheirFullNames()
    {
        string code = Code("x |> swish(beta: 3) |> fold(by: 2) |> deep");
        Assert.Contains("global::Acme.Ops.Swish(x, 3", code, StringComparison.Ordinal);
        Assert.Contains("global::Acme.Ops.Fold(", code, StringComparison.Ordinal);
        Assert.Contains("global::Acme.Ops.Inner.Deep(", code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x |> linear(5) |> fold(by: 2)", "GEN3")]
    [InlineData("x |> hidden", "GEN2024")]
    [InlineData("x |> mine", "GEN2001")]
    public void WrongCalls_AreErrorsInTheProgram(string body, string code)
    {
        Diagnostic found = Assert.Single(Run(body).Diagnostics);
        Assert.StartsWith(code, found.Id, StringComparison.Ordinal);
        Assert.Equal("net.gen", found.Location.GetLineSpan().Path);
        if (code == "GEN2024")
        {
            Assert.Contains("not public", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnEditOfCSharp_ReadsNoReferenceAgain()
    {
        GeneratorRun run = Run("x |> swish");
        run.EditCSharp("class Program { int edited; }");
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons(TrackingNames.Foreign));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons(TrackingNames.Compile));
    }

    [Fact]
    public void AReferenceWithoutFunctions_IsNothing() => Assert.Empty(ForeignReader.Read([Compile("Plain", "public class Plain;")], default));

    private static string Code(string body)
    {
        GeneratorRun run = Run(body);
        Assert.Empty(run.Diagnostics);
        return run.Code("net.g.cs");
    }

    private static GeneratorRun Run(string body) =>
        new(FileCompiler.Default, null, LanguageVersion.Latest, s_references.Value, new GenText("net.gen", $"gen 1\nnet N(x: [4]) {{\n    {body}\n}}\n"));

    private static MetadataReference Compile(string name, string text, params MetadataReference[] more)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(text)], [.. GeneratorRun.Platform, .. more], new(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
