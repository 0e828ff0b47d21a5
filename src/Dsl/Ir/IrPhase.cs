using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>How long a phase is.</summary>
/// <param name="Count">A number, known at construction.</param>
/// <param name="InEpochs">Passes over the clock of the phase, not steps.</param>
public sealed record IrPhaseLength(HostValue Count, bool InEpochs);

/// <summary>A part of a run with a step of its own.</summary>
/// <param name="Name">As written.</param>
/// <param name="Length">Null where the run says it.</param>
/// <param name="Clock">The source whose passes are its epochs; null where it reads no data.</param>
/// <param name="Step">One step.</param>
/// <param name="Pulls">Sources that the step itself pulls.</param>
public sealed record IrPhase(string Name, string Doc, IrPhaseLength? Length, IrSource? Clock, IrBlock Step, ImmutableArray<IrSource> Pulls, TextSpan Span)
{
    /// <summary>What is done in place of a step: a pass over whole sources; null for a phase of steps.</summary>
    public IrSolve? Solve { get; init; }

    /// <summary>The nets that its statements move, or parts of them.</summary>
    public IEnumerable<ModuleInstance> Moved => Solve is { } solve ? [solve.Net] : Step.Minimizes.SelectMany(m => m.Targets).Select(t => t.Net).Distinct();
}

/// <summary><c>solve W = procrustes(x, y)</c>: a weight that is the best for all rows of a source.</summary>
/// <param name="Net">The net whose only weight it is.</param>
/// <param name="Reduction">What gathers the rows, and ends in the weight.</param>
/// <param name="Body">What is computed of each batch.</param>
/// <param name="Source">Where the rows are from.</param>
public sealed record IrSolve(ModuleInstance Net, CatalogOp Reduction, IrBlock Body, IrSource Source);
