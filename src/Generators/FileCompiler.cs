using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using GenDsl.Dsl;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;
using GenDsl.Generators.Models;

namespace GenDsl.Generators;

/// <summary>Turns text into C# and findings; may throw, and keeps what it found before it did.</summary>
internal delegate string? CompileText(GenSource source, CatalogueTable catalogue, EmitOptions options, ICollection<GenDiagnostic> found, CancellationToken cancel);

/// <summary>Compiles one file so that no mistake, in the file or in the compiler, can reach the others.</summary>
internal sealed class FileCompiler(CompileText compile)
{
    public static FileCompiler Default { get; } = new(CheckAndEmit);

    public CompiledFile Compile(GenFile file, GenOptions options, CatalogueTable catalogue, CancellationToken cancel)
    {
        var source = new GenSource(file.Path, file.Text ?? "");
        var found = new List<GenDiagnostic>();
        string? code = null;
        if (file.Text is null)
        {
            found.Add(ShellDiagnostics.Unreadable(source));
        }
        else if (file.SameNameAs is not null)
        {
            found.Add(ShellDiagnostics.NameClash(source, file.SameNameAs));
        }
        else
        {
            code = Guarded(source, catalogue, new EmitOptions(options.RootNamespace, options.LineDirectives, file.Path), found, cancel);
        }

        return new(HintName.Of(file.Path), code, new(found.Select(DiagnosticInfo.Of).ToImmutableArray()));
    }

    /// <summary>An exception that left the generator would lose the output of every file, with a mere warning.</summary>
    private string? Guarded(GenSource source, CatalogueTable catalogue, EmitOptions options, List<GenDiagnostic> found, CancellationToken cancel)
    {
        try
        {
            return compile(source, catalogue, options, found, cancel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            found.Add(ShellDiagnostics.Crash(source, exception));
            return null;
        }
    }

    private static string? CheckAndEmit(GenSource source, CatalogueTable catalogue, EmitOptions options, ICollection<GenDiagnostic> found, CancellationToken cancel)
    {
        CheckedFile file = GenCompiler.Check(source, catalogue, cancel);
        foreach (GenDiagnostic diagnostic in file.Diagnostics)
        {
            found.Add(diagnostic);
        }

        cancel.ThrowIfCancellationRequested();

        // Also with errors: without the types that bound, one typo would become a hundred C# errors.
        return CSharpEmitter.Emit(file, options);
    }
}
