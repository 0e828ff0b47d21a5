using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;

namespace GenDsl.Dsl.Ir;

/// <summary>Loop-carried values that a round does nothing with but add to them.</summary>
public static class Accumulators
{
    /// <summary>True where the only reader of the carried value is one addition in the body itself.</summary>
    public static bool IsSum(IrBlock body, LoopCarried carried) => Addition(body, carried) is not null;

    /// <summary>That addition; null where there are other readers.</summary>
    public static CatalogOp? Addition(IrBlock body, LoopCarried carried) =>
        Reads(body).Count(v => ReferenceEquals(v, carried.Round)) == 1 && !ReferenceEquals(carried.Next, carried.Round)
            ? body.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>()
                .FirstOrDefault(op => op.Operation.Name == "+" && op.Inputs.Contains(carried.Round) && op.Outputs[0].Type.SameShape(carried.Round.Type)
                    && op.Inputs.All(i => i.Type.SameShape(carried.Round.Type) && Equals(i.Type.Rows, carried.Round.Type.Rows)))
            : null;

    /// <summary>True for an accumulator, before its loop or in a round of it.</summary>
    internal static bool StartsFromNumber(IrValue value) =>
        (value.Producer is CatalogOp fill && fill.Operation == AccumulatorEntries.Fill) || (value.Producer is null && value.MergedFrom.Exists(m => m.Producer is CatalogOp { } start && start.Operation == AccumulatorEntries.Fill));

    /// <summary>True for an accumulator that starts from 0: adding to it changes nothing.</summary>
    internal static bool IsZero(IrValue value) =>
        value.Producer is CatalogOp fill && fill.Operation == AccumulatorEntries.Fill && fill.Attributes["value"] is NumberAttribute { Value.Constant: 0 };

    private static IEnumerable<IrValue> Reads(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement op => op.Op.Inputs,
        IrFor loop => Reads(loop.Body).Concat(loop.Carried.SelectMany(c => new[] { c.Initial, c.Next })),
        { Inner: { } inner } => Reads(inner),
        IrMinimize minimize => [minimize.Objective],
        IrReportStatement report => [report.Value],
        _ => Enumerable.Empty<IrValue>(),
    });
}
