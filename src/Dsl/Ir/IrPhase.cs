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

    /// <summary>What is done in place of a step: a net gets other weights; null for a phase of steps.</summary>
    public IrHandOver? HandOver { get; init; }

    /// <summary>What is done in place of a step: rows are collected; null for a phase of steps.</summary>
    public IrSource? Collected { get; init; }

    /// <summary>The loops of the plan that it stands in, outermost first.</summary>
    public ImmutableArray<LoopIndex> Loops { get; init; } = [];

    /// <summary>The nets that its statements move, or parts of them.</summary>
    public IEnumerable<ModuleInstance> Moved => Solve is { } solve ? [solve.Net] : HandOver is { } hand ? [hand.Net] : Step.Minimizes.SelectMany(m => m.Targets).Select(t => t.Net).Distinct();
}

/// <summary><c>solve W = procrustes(x, y)</c>: a weight that is the best for all rows of a source, or of several.</summary>
/// <param name="Net">The net whose only weight it is.</param>
/// <param name="Reduction">What gathers the rows, and ends in the weight.</param>
/// <param name="Body">What is computed of each batch.</param>
/// <param name="Sources">Where the rows of each input of the reduction are from.</param>
public sealed record IrSolve(ModuleInstance Net, CatalogOp Reduction, IrBlock Body, ImmutableArray<IrSource> Sources);

/// <summary><c>collect s = source { v = e } where c balance k to n</c>: rows of a source that get new columns.</summary>
/// <param name="From">The source.</param>
/// <param name="Body">What is computed of each batch.</param>
/// <param name="Kept">The columns that are those of the source, which come first, by their number there.</param>
/// <param name="Computed">The values of the other columns.</param>
/// <param name="Where">Rows where it is 0 are left out; null where all stay.</param>
/// <param name="Balance">A class of each row, and how many rows of each class there are to be.</param>
/// <param name="Loops">The loops of the plan that it stands in.</param>
public sealed record IrCollect(IrSource From, IrBlock Body, ImmutableArray<int> Kept, ImmutableArray<IrValue> Computed, IrValue? Where, (IrValue Key, HostValue Count)? Balance, ImmutableArray<LoopIndex> Loops)
{
    /// <summary>All that is read of each batch.</summary>
    public IEnumerable<IrValue> Read => Computed.Concat(new[] { Where, Balance?.Key }.OfType<IrValue>()).Distinct();
}

/// <summary><c>T &lt;- S</c>, <c>S &lt;- fresh</c>: all that a net is becomes what another one is, or what it would be if it were born now.</summary>
/// <param name="Net">The net that gets other weights.</param>
/// <param name="From">Whose they are; null for weights that are drawn anew.</param>
public sealed record IrHandOver(ModuleInstance Net, ModuleInstance? From);

/// <summary>A phase, or a loop of them.</summary>
public abstract record IrPlanItem;

/// <summary>A phase in its place.</summary>
public sealed record IrPlannedPhase(IrPhase Phase) : IrPlanItem;

/// <summary><c>for round in 0..n { }</c> around phases.</summary>
public sealed record IrPlanLoop(LoopIndex Index, ImmutableArray<IrPlanItem> Items) : IrPlanItem;
