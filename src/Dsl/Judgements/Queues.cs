using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;

namespace GenDsl.Dsl.Judgements;

/// <summary>States that are queues of what was made of a source's rows: how long one may be, only the number of these rows tells.</summary>
public static class Queues
{
    /// <summary>Each queue of a trainer with the first source whose rows enter it.</summary>
    public static IReadOnlyList<(IrState State, IrSource Source)> Of(IrTrainer trainer)
    {
        var queues = new List<(IrState, IrSource)>();
        foreach (IrWriteState write in trainer.Steps.SelectMany(step => step.All).OfType<IrWriteState>())
        {
            if (write.Value.Producer is CatalogOp { Operation.Name: "enqueue" } enqueue
                && queues.All(q => q.Item1 != write.State)
                && trainer.Sources.FirstOrDefault(s => ValueSources.Of([enqueue.Inputs[1]], v => s.Columns.Any(c => c.Batch == v)).Count > 0) is { } source)
            {
                queues.Add((write.State, source));
            }
        }

        return queues;
    }
}
