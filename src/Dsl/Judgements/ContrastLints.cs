using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements;

/// <summary>Contrastive losses that run and learn something else: vectors of any length under a temperature, and positives among their own negatives.</summary>
internal static class ContrastLints
{
    // What changes or moves scores and leaves each one what it is.
    private static readonly HashSet<string> Carrying = ["concat", "mask_self", "reshape", "stop"];

    // What hands on rows, or some of them, as they are.
    private static readonly HashSet<string> Keeping = ["stop", "join", "split", "copies", "rows", "enqueue"];

    /// <summary>Looks at a block of a trainer.</summary>
    public static void Check(IrBlock step, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        var written = new Dictionary<IrState, IrValue>();
        var readAfter = new Dictionary<IrValue, IrValue>();
        var compared = new List<CatalogOp>();
        var divided = new HashSet<CatalogOp>();
        var products = new HashSet<(IrValue, IrValue)>();
        foreach (IrStatement statement in step.All)
        {
            switch (statement)
            {
                case IrWriteState write:
                    written[write.State] = write.Value;
                    break;
                case IrOpStatement { Op: ReadStateOp read } when written.TryGetValue(read.State, out IrValue? now):
                    readAfter[read.Outputs[0]] = now;
                    break;
                case IrOpStatement { Op: CatalogOp { Operation.Name: "similarity" } similarity }:
                    compared.Add(similarity);
                    break;
                case IrOpStatement { Op: CatalogOp { Operation.Name: "/s" or "*s" } scaled } when scaled.Attributes["number"] is NumberAttribute { Value.Constant: not 1.0 }:
                    divided.UnionWith(Scores(scaled.Inputs[0]));
                    break;
                case IrOpStatement { Op: CatalogOp { Operation.Name: "*" } product }:
                    products.Add((product.Inputs[0], product.Inputs[1]));
                    products.Add((product.Inputs[1], product.Inputs[0]));
                    break;
            }
        }

        foreach (CatalogOp similarity in compared)
        {
            (IrValue query, IrValue among) = (similarity.Inputs[0], similarity.Inputs[1]);
            if (divided.Contains(similarity) && (!IsUnit(query) || !IsUnit(among)))
            {
                report(similarity.Span, b => b.LengthsUnderTemperature(Free(IsUnit(query) ? among : query).Name));
            }

            if (Enqueued(among, readAfter).FirstOrDefault(row => products.Contains((query, row))) is { } positive)
            {
                report(similarity.Span, b => b.PositiveAmongNegatives(positive.Name));
            }
        }
    }

    // The comparisons that a value holds the scores of.
    private static IEnumerable<CatalogOp> Scores(IrValue value) => value.Producer switch
    {
        CatalogOp { Operation.Name: "similarity" } similarity => [similarity],
        CatalogOp op when Carrying.Contains(op.Operation.Name) => op.Inputs.SelectMany(Scores),
        _ => [],
    };

    // What came into the queue that a value is, in this step.
    private static IEnumerable<IrValue> Enqueued(IrValue value, Dictionary<IrValue, IrValue> readAfter) => value.Producer switch
    {
        CatalogOp { Operation.Name: "enqueue" } op => [op.Inputs[1], .. Enqueued(op.Inputs[0], readAfter)],
        CatalogOp { Operation.Name: "stop" } op => Enqueued(op.Inputs[0], readAfter),
        _ => readAfter.TryGetValue(value, out IrValue? now) ? Enqueued(now, readAfter) : [],
    };

    // What a value that is not of length 1 has this from: the user's own name, not one of the library's.
    private static IrValue Free(IrValue value) =>
        value.Producer is CatalogOp op && Keeping.Contains(op.Operation.Name) && op.Inputs.FirstOrDefault(input => input.Type.SameShape(value.Type) && !IsUnit(input)) is { } input ? Free(input) : value;

    // Rows of length 1. What comes from outside is believed to be.
    private static bool IsUnit(IrValue value) => value.Producer switch
    {
        null => true,
        CatalogOp { Operation.Name: "unit" } => true,
        CatalogOp op when Keeping.Contains(op.Operation.Name) => op.Inputs.Where(input => input.Type.SameShape(value.Type)).All(IsUnit),
        InvokeOp { Function: { } function } call when call.Outputs.IndexOf(value) is var i => IsUnit(function.Results[i]),
        InvokeOp => true,
        ReadStateOp { State.Birth: { } birth } => IsUnit(birth.Results[0]),
        _ => false,
    };
}
