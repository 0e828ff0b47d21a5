using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>A statement of a function or of a step.</summary>
public abstract class IrStatement(TextSpan span)
{
    /// <summary>Where it stands.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>The block inside; null where there is none.</summary>
    public virtual IrBlock? Inner => null;

    /// <summary>True where the block inside is sure to run.</summary>
    public virtual bool IsSure => true;
}

/// <summary>A list of statements.</summary>
public sealed class IrBlock
{
    /// <summary>In order.</summary>
    public List<IrStatement> Statements { get; } = [];

    /// <summary>In order, those of inner blocks behind the statement that has them.</summary>
    public IEnumerable<IrStatement> All => Statements.SelectMany(s => s.Inner is { } inner ? inner.All.Prepend(s) : [s]);

    /// <summary>What moves nets, in order.</summary>
    public IEnumerable<IrMinimize> Minimizes => All.OfType<IrMinimize>();

    /// <summary>Those of its statements that run each time the block does, the statements of inner blocks included.</summary>
    public IEnumerable<IrStatement> Sure => Statements.SelectMany(s => s.Inner is { } inner && s.IsSure ? inner.Sure.Prepend(s) : [s]);
}

/// <summary>An operation.</summary>
public sealed class IrOpStatement(IrOp op) : IrStatement(op.Span)
{
    /// <summary>The operation.</summary>
    public IrOp Op { get; } = op;
}

/// <summary>A name that lives through the rounds of a loop.</summary>
/// <param name="Initial">Its value before the loop.</param>
/// <param name="Round">Its value at the start of a round.</param>
/// <param name="Next">Its value at the end of a round.</param>
/// <param name="Result">Its value after the loop.</param>
public sealed record LoopCarried(IrValue Initial, IrValue Round, IrValue Next, IrValue Result)
{
    /// <summary>True where it starts from 0, a round is sure to come, and all that a round does with it is add to it: the first round needs no 0.</summary>
    public bool IsSum { get; init; }
}

/// <summary><c>for i in from..to</c>.</summary>
public sealed class IrFor(LoopIndex index, IrBlock body, ImmutableArray<LoopCarried> carried, TextSpan span) : IrStatement(span)
{
    /// <summary>The index with its bounds.</summary>
    public LoopIndex Index { get; } = index;

    /// <summary>One round.</summary>
    public IrBlock Body { get; } = body;

    /// <inheritdoc/>
    public override IrBlock Inner => Body;

    /// <inheritdoc/>
    public override bool IsSure => Index.IsSure;

    /// <summary>True where the rounds run from the last to the first.</summary>
    public bool IsBackwards { get; init; }

    /// <summary>Names rebound in the body.</summary>
    public ImmutableArray<LoopCarried> Carried { get; internal set; } = carried;

    /// <summary>How a round is undone, where rounds may be computed again from the loop's result; null where they may not.</summary>
    public IrRoundInverse? Undo { get; set; }
}

/// <summary>The way back through one round of a loop that carries one value, sums aside, and reads no other tensor from around it.</summary>
/// <param name="Body">Its statements.</param>
/// <param name="Next">What is given: the value at the end of a round.</param>
/// <param name="Round">What is found: the value at its start.</param>
public sealed record IrRoundInverse(IrBlock Body, IrValue Next, IrValue Round)
{
    /// <summary>The value carried.</summary>
    public static LoopCarried DataOf(IrFor loop) => loop.Carried.Single(c => !c.IsSum);

    /// <summary>What a round adds to the log-determinant; null where it adds nothing.</summary>
    public static IrValue? TermOf(IrFor loop) => loop.Carried.SingleOrDefault(c => c.IsSum) is { } sum
        ? Accumulators.Addition(loop.Body, sum)!.Inputs.First(i => !ReferenceEquals(i, sum.Round))
        : null;
}

/// <summary><c>repeat n</c>, <c>accumulate n</c>: rounds with fresh batches.</summary>
public sealed class IrRepeat(HostValue count, string index, ImmutableArray<IrSource> pulls, IrBlock body, TextSpan span) : IrStatement(span)
{
    /// <summary>Number of rounds, read once per step.</summary>
    public HostValue Count { get; } = count;

    /// <summary>A name for the round's number.</summary>
    public string Index { get; } = index;

    /// <summary>Sources that each round takes a fresh batch of.</summary>
    public ImmutableArray<IrSource> Pulls { get; } = pulls;

    /// <summary>One round.</summary>
    public IrBlock Body { get; } = body;

    /// <inheritdoc/>
    public override IrBlock Inner => Body;

    /// <inheritdoc/>
    public override bool IsSure => Count.Range.Low >= 1;

    /// <summary>True for <c>accumulate</c>: the statements inside move at its end, in their order, against the means of their gradients.</summary>
    public bool Accumulates { get; init; }

    /// <summary>The statements that move at its end: those of no inner <c>accumulate</c>.</summary>
    public IEnumerable<IrMinimize> Moves => Accumulates ? MovesOf(Body) : [];

    private static IEnumerable<IrMinimize> MovesOf(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrMinimize minimize => [minimize],
        IrRepeat { Accumulates: true } => [],
        { Inner: { } inner } => MovesOf(inner),
        _ => Enumerable.Empty<IrMinimize>(),
    });
}

/// <summary><c>every n steps</c>: what runs in some steps only.</summary>
public sealed class IrEvery(HostValue count, IrBlock body, TextSpan span) : IrStatement(span)
{
    /// <summary>It runs where the number of the step is a multiple of it.</summary>
    public HostValue Count { get; } = count;

    /// <summary>Sources that are read nowhere around it, and so are pulled when it runs.</summary>
    public ImmutableArray<IrSource> Pulls { get; set; } = [];

    /// <summary>What runs.</summary>
    public IrBlock Body { get; } = body;

    /// <inheritdoc/>
    public override IrBlock Inner => Body;

    /// <inheritdoc/>
    public override bool IsSure => Count.Constant is 1;
}

/// <summary><c>over T with o</c>.</summary>
/// <param name="Optimizer">How they move; its own targets are more where other statements name it too.</param>
/// <param name="Targets">The nets and parts that move.</param>
/// <param name="Spans">Where they stand.</param>
/// <param name="Scales">What the rate of each is multiplied by; null for one that is not scaled.</param>
public sealed record IrMove(IrOptimizer Optimizer, ImmutableArray<IrPart> Targets, ImmutableArray<TextSpan> Spans, ImmutableArray<HostValue?> Scales)
{
    /// <summary>True where it moves all that its optimizer has, at one rate.</summary>
    public bool IsWhole => Scales.All(s => s is null) && Targets.SelectMany(t => t.Places).Count() == Optimizer.Targets.SelectMany(t => t.Places).Distinct().Count();
}

/// <summary><c>minimize L over T with o</c>.</summary>
public sealed class IrMinimize(IrValue objective, ImmutableArray<IrMove> moves, IrReport report, TextSpan span) : IrStatement(span)
{
    /// <summary>The scalar to make small.</summary>
    public IrValue Objective { get; } = objective;

    /// <summary>Who moves, and how; more than one for several optimizers.</summary>
    public ImmutableArray<IrMove> Moves { get; } = moves;

    /// <summary>All nets and parts that move.</summary>
    public IEnumerable<IrPart> Targets => Moves.SelectMany(m => m.Targets);

    /// <summary>Where its value is reported.</summary>
    public IrReport Report { get; } = report;

    /// <summary>True where a later <c>minimize</c> runs through a part of this one's graph.</summary>
    public bool KeepsGraph { get; set; }
}

/// <summary>A scalar added to a reported figure.</summary>
public sealed class IrReportStatement(IrReport report, IrValue value, TextSpan span) : IrStatement(span)
{
    /// <summary>The figure.</summary>
    public IrReport Report { get; } = report;

    /// <summary>The scalar.</summary>
    public IrValue Value { get; } = value;
}
