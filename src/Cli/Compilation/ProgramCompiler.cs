using System;
using System.IO;
using System.Threading;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;

namespace GenDsl.Cli.Compilation;

/// <summary>From a text to trainers, all in memory.</summary>
internal static class ProgramCompiler
{
    /// <summary>Checks a text.</summary>
    /// <exception cref="RejectedProgramException">It has errors.</exception>
    public static CheckedFile Check(GenSource source, ForeignCode foreign, CancellationToken cancel = default)
    {
        var file = GenCompiler.Check(source, foreign.Catalogue, cancel);
        return file.HasErrors ? throw new RejectedProgramException(file.Diagnostics) : file;
    }

    /// <summary>The C# of a text that was checked.</summary>
    public static string Emit(CheckedFile file) => CSharpEmitter.Emit(file, new EmitOptions(LinePath: Path.GetFullPath(file.Source.Path)));

    /// <summary>Compiles and loads a text that was checked.</summary>
    public static LoadedProgram Load(CheckedFile file, ForeignCode foreign, Action<string> note, CancellationToken cancel = default)
    {
        foreign.Load(note);
        return LoadedProgram.Of(file.Source.Path, CSharpAssembly.Compile(file.Source.Name, Emit(file), foreign.References, cancel));
    }
}
