using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Threading;
using GenDsl.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using TorchSharp;

namespace GenDsl.Cli.Compilation;

/// <summary>Compiles C# to an assembly in memory, optimised, with symbols, so that stacks point into the <c>.gen</c> file.</summary>
internal static class CSharpAssembly
{
    private static readonly Lazy<MetadataReference[]> Found = new(FindReferences);

    /// <summary>What every program refers to.</summary>
    public static IEnumerable<MetadataReference> References => Found.Value;

    /// <param name="more">References besides those of all programs.</param>
    /// <exception cref="GeneratedCodeException">The C# does not compile.</exception>
    public static Assembly Compile(string name, string code, IEnumerable<MetadataReference> more, CancellationToken cancel)
    {
        var text = SourceText.From(code, Encoding.UTF8);
        var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), name + ".g.cs", cancel);
        var compilation = CSharpCompilation.Create(
            "GenDsl.Program." + name,
            [tree],
            [.. References, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancel);
        if (!result.Success)
        {
            throw new GeneratedCodeException(name, [.. result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString())]);
        }

        image.Position = 0;
        symbols.Position = 0;
        return new AssemblyLoadContext(name).LoadFromStream(image, symbols);
    }

    private static MetadataReference[] FindReferences()
    {
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        var ours = new[] { typeof(ITrainer).Assembly.Location, typeof(torch).Assembly.Location };
        return [.. trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll"))
            .Concat(ours)
            .Distinct(StringComparer.Ordinal)
            .Select(path => MetadataReference.CreateFromFile(path))];
    }
}
