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
    /// <summary>The nets that its statements move, or parts of them.</summary>
    public IEnumerable<ModuleInstance> Moved => Step.Minimizes.SelectMany(m => m.Targets).Select(t => t.Net).Distinct();
}
