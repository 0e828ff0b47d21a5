using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Threading;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;
using GenDsl.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using TorchSharp;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Accepted programs, compiled to C# and loaded, all in one compilation; each has a namespace of its own.</summary>
internal sealed class CompiledPrograms
{
    private static readonly Lazy<MetadataReference[]> References = new(FindReferences);
    private static int _assemblies;

    private readonly Assembly? _assembly;

    private CompiledPrograms(Assembly? assembly, IReadOnlyDictionary<string, string> failures) => (_assembly, Failures) = (assembly, failures);

    /// <summary>By program: why it does not become C# without warnings. The others are loaded all the same.</summary>
    public IReadOnlyDictionary<string, string> Failures { get; }

    public static CompiledPrograms Of(IEnumerable<CheckedFile> files)
    {
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Diagnose);
        var trees = new Dictionary<string, SyntaxTree>(StringComparer.Ordinal);
        foreach (CheckedFile file in files)
        {
            try
            {
                string code = CSharpEmitter.Emit(file, new GenDsl.Generators.Emit.EmitOptions("Programs", LineDirectives: false));
                trees[file.Source.Name] = CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), options, file.Source.Name);
            }
            catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or ArgumentException or NullReferenceException)
            {
                failures[file.Source.Name] = "the emitter failed: " + error;
            }
        }

        while (trees.Count > 0)
        {
            string name = $"Programs{Interlocked.Increment(ref _assemblies)}";
            var compilation = CSharpCompilation.Create(name, trees.Values, References.Value, Strict());
            using var image = new MemoryStream();
            Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
            if (result.Success)
            {
                image.Position = 0;
                return new CompiledPrograms(new AssemblyLoadContext(name).LoadFromStream(image), failures);
            }

            List<Diagnostic> errors = [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
            List<string> broken = [.. errors.Select(d => d.Location.SourceTree?.FilePath).OfType<string>().Distinct()];
            if (broken.Count == 0)
            {
                throw new InvalidOperationException(string.Join("\n", errors));
            }

            foreach (string program in broken)
            {
                IEnumerable<string> own = errors.Where(d => d.Location.SourceTree?.FilePath == program).Select(d => Show(d, trees[program])).Take(4);
                failures[program] = "C#: " + string.Join("\n", own);
                trees.Remove(program);
            }
        }

        return new CompiledPrograms(null, failures);
    }

    /// <summary>A generated class of a program; <paramref name="name"/> is its C# name.</summary>
    public Type Find(string program, string name) =>
        _assembly?.GetType($"Programs.{MemberName(program)}.{MemberName(name)}") ?? throw new UnsoundException($"There is no class '{name}' in the C# of '{program}'.");

    /// <summary>The member that a name becomes.</summary>
    public static string MemberName(string name) => string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));

    private static CSharpCompilationOptions Strict() => new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Enable,
        warningLevel: 9,
        generalDiagnosticOption: ReportDiagnostic.Error);

    private static string Show(Diagnostic error, SyntaxTree tree)
    {
        var line = error.Location.GetLineSpan().StartLinePosition.Line;
        return $"{error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}\n    {tree.GetText().Lines[line].ToString().Trim()}";
    }

    private static MetadataReference[] FindReferences()
    {
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        // This assembly too, whose functions programs may call.
        string[] ours = [typeof(ITrainer).Assembly.Location, typeof(torch).Assembly.Location, typeof(CompiledPrograms).Assembly.Location];
        return [.. trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll"))
            .Concat(ours)
            .Distinct(StringComparer.Ordinal)
            .Select(path => MetadataReference.CreateFromFile(path))];
    }
}
