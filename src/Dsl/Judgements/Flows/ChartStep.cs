using System.Collections.Immutable;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements.Flows;

/// <summary>A step that can be undone: the numbers of <see cref="From"/> become those of <see cref="To"/>.</summary>
/// <param name="From">Versions of the data before it.</param>
/// <param name="To">Versions after it.</param>
/// <param name="Operands">What else it reads: undoing it needs them again.</param>
/// <param name="Span">Where the text asks for it.</param>
internal abstract record ChartStep(ImmutableArray<IrValue> From, ImmutableArray<IrValue> To, ImmutableArray<IrValue> Operands, TextSpan Span)
{
    /// <summary>log|det| of the step: a value per sample, or a number; null for 0.</summary>
    public IrOperand? LogDet { get; init; }

    /// <summary>True where every number stays at its place, so that a step of another place before it may be undone later.</summary>
    public virtual bool KeepsPlaces => false;
}

/// <summary><c>v += e</c> and its kin.</summary>
/// <param name="Operator">+, -, * or /.</param>
/// <param name="Operand">A tensor, zero at sites that are not v's where it is added, or a number.</param>
internal sealed record UpdateStep(IrValue Old, IrValue New, string Operator, IrOperand Operand, TextSpan Span)
    : ChartStep([Old], [New], Operand.Tensor is { } t ? [t] : [], Span)
{
    /// <summary>True where it changes nothing at sites that are not its place's.</summary>
    public bool IsNeutral { get; init; }

    public override bool KeepsPlaces => true;
}

/// <summary>A bijection of the catalogue applied.</summary>
internal sealed record BijectionStep(CatalogOp Op, IrValue Old, IrValue New, ImmutableArray<IrValue> Others) : ChartStep([Old], [New], Others, Op.Span)
{
    public override bool KeepsPlaces => Op.Access is Catalog.PointwiseAccess;
}

/// <summary>A flow applied.</summary>
internal sealed record FlowStep(InvokeOp Op, IrValue Old, IrValue New, ImmutableArray<IrValue> Others) : ChartStep([Old], [New], Others, Op.Span);

/// <summary>A value in two parts: each half of the first axis, or all sites with zeros at those of the other part.</summary>
/// <param name="Masks">What the parts are read through; null for halves.</param>
internal sealed record SplitStep(IrValue Whole, IrValue First, IrValue Second, (IrValue First, IrValue Second)? Masks, TextSpan Span)
    : ChartStep([Whole], [First, Second], [], Span)
{
    public override bool KeepsPlaces => Masks is not null;
}

/// <summary>The two parts of a value together again.</summary>
internal sealed record MergeStep(IrValue First, IrValue Second, IrValue Whole, (IrValue First, IrValue Second)? Masks, TextSpan Span)
    : ChartStep([First, Second], [Whole], [], Span)
{
    public override bool KeepsPlaces => Masks is not null;
}

/// <summary>A loop whose rounds are steps.</summary>
/// <param name="Rounds">The steps of one round, from the carried values at its start to those at its end.</param>
/// <param name="Carried">The carried values that are versions of the data.</param>
internal sealed record LoopStep(IrFor Loop, Chart Rounds, ImmutableArray<LoopCarried> Carried, ImmutableArray<IrValue> Outside)
    : ChartStep([.. System.Linq.ImmutableArrayExtensions.Select(Carried, c => c.Initial)], [.. System.Linq.ImmutableArrayExtensions.Select(Carried, c => c.Result)], Outside, Loop.Span)
{
    /// <summary>log|det| of one round, a value of the loop's body; null for 0.</summary>
    public IrValue? RoundLogDet { get; init; }
}
