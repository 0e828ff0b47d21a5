using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl;

/// <summary>A file with everything the compiler found out about it.</summary>
/// <param name="Source">The text.</param>
/// <param name="Syntax">Its tree, whole even where the text is broken.</param>
/// <param name="Diagnostics">Ordered by place.</param>
/// <param name="Ir">What it compiles to. With errors it is what bound: enough for the public surface, not to run.</param>
public sealed record CheckedFile(GenSource Source, FileSyntax Syntax, ImmutableArray<GenDiagnostic> Diagnostics, IrFile Ir)
{
    /// <summary>True where the program is rejected.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
