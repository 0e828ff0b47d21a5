using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>
/// Which loops may compute their rounds again from their result instead of keeping them: those that carry one value of data, whose rounds read
/// no other tensor from around them, and whose way back is the same function in training as the way there.
/// </summary>
internal static class RoundInverses
{
    /// <summary>The way back through a round; null where there is none that is exact in training.</summary>
    /// <param name="body">Where the loop stands.</param>
    /// <param name="step">The loop, its log-determinant included.</param>
    /// <param name="steps">The steps of a round.</param>
    public static IrRoundInverse? Of(BodyElaborator body, LoopStep step, ImmutableArray<ChartStep> steps)
    {
        IrFor loop = step.Loop;
        if (body.IsTrial || loop.IsBackwards || step.Carried.Length != 1 || loop.Carried.Count(c => !c.IsSum) != 1 || loop.Carried.Length > 2
            || (loop.Index.To - loop.Index.From).LowerBound < 1 || ValueSources.Outside(loop).Any()
            || !IsPlain(loop.Body) || steps.Any(s => s is LoopStep) || !steps.All(IsExact) || !DrawsOnce([loop.Body]))
        {
            return null;
        }

        LoopCarried carried = step.Carried[0];
        var graph = new NeedGraph(step.Rounds, steps);
        if (carried.Round.Type.Rows is null || ReferenceEquals(carried.Next, carried.Round) || graph.Offence() is not null)
        {
            return null;
        }

        var block = new IrBlock();
        BodyElaborator target = body.Inner(block, new Scope(null), loop.Index);
        var cloner = new OpCloner(target, OpCloner.LoopsOf(loop.Body), null);
        IrValue next = cloner.Twin(carried.Next);
        cloner.Map(carried.Next, next);
        cloner.Like = next;
        var inversion = new Inversion(step.Rounds, graph, cloner);
        inversion.Run();
        IrValue round = cloner.Get(carried.Round);

        // Noise has an address: drawn again at the same one it is the same.
        return Draws(block) && (inversion.Passes.Value != 0 || !DrawsOnce([block])) ? null : new IrRoundInverse(block, next, round);
    }

    // Operations on tensors, layers, nets and flows; nothing that draws data and no loop.
    private static bool IsPlain(IrBlock block) => block.Statements.All(s => s is IrOpStatement { Op: CatalogOp or ReadParameterOp or InvokeOp });

    // What undoes a step is exact unless it goes by running statistics where the step goes by those of the batch.
    private static bool IsExact(ChartStep step) => step switch
    {
        BijectionStep bijection => !GoesByStatistics(bijection.Op),
        FlowStep { Op: { Module.Module: IrFlow flow } op } => IsExact(flow, op.IsInverse),
        _ => true,
    };

    private static bool IsExact(IrFlow flow, bool isInverse) => flow is { Forward: { } forward, Inverse: { } inverse }
        && Operations(forward.Body).All(op => op switch
        {
            CatalogOp bijection => !GoesByStatistics(bijection),
            InvokeOp { Module.Module: IrFlow inner } call => IsExact(inner, call.IsInverse),
            _ => true,
        })
        && (!flow.UsesDraws || (!isInverse && flow.Passes.Value == 1 && DrawsOnce([forward.Body]) && DrawsOnce([inverse.Body])));

    private static bool GoesByStatistics(CatalogOp op) => op.Operation.Inverse is not null
        && (op.Operation.Undoes ?? op.Operation) is { UsesMode: true, InitialisesFromData: false };

    private static IEnumerable<IrOp> Operations(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: { } op } => [op],
        IrFor loop => Operations(loop.Body),
        _ => Enumerable.Empty<IrOp>(),
    });

    private static bool Draws(IrBlock block) => Drawing(block).Any();

    // A net or layer that is applied twice draws anew the second time; which one comes first, the two ways may not agree.
    private static bool DrawsOnce(IEnumerable<IrBlock> blocks) => blocks.SelectMany(Drawing).GroupBy(name => name).All(g => g.Count() == 1);

    private static IEnumerable<string> Drawing(IrBlock block) => Operations(block).Select(op => op switch
    {
        CatalogOp { Operation.UsesDraws: true, Layer: { } layer } => layer.Name,
        InvokeOp { Module: { Module.UsesDraws: true } module } => module.Name,
        _ => null,
    }).OfType<string>();
}
