using System.Collections.Generic;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Runtime;

namespace GenDsl.Cli.Compilation;

/// <summary>A program with errors.</summary>
internal sealed class RejectedProgramException(IReadOnlyList<GenDiagnostic> diagnostics)
    : GenDslException($"{diagnostics[0].Source.Path} has errors.")
{
    public IReadOnlyList<GenDiagnostic> Diagnostics { get; } = diagnostics;
}
