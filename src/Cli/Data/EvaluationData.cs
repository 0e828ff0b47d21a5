using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Runtime;

namespace GenDsl.Cli.Data;

/// <summary>Runs evaluations on the data of a run.</summary>
internal static class EvaluationData
{
    /// <summary>The training data of each source that an evaluation reads: of the source of that name, or of the only one; null where neither is there.</summary>
    public static Dictionary<string, string>? Of(EvaluationInfo evaluation, IReadOnlyDictionary<string, string> training)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in evaluation.Sources)
        {
            if (training.TryGetValue(source.Name, out var named))
            {
                data[source.Name] = named;
            }
            else if (training.Count == 1)
            {
                data[source.Name] = training.Values.Single();
            }
            else
            {
                return null;
            }
        }

        return data;
    }

    /// <summary>The figures of an evaluation, named by it too where there are several.</summary>
    public static IEnumerable<NamedValue> Run(ITrainer trainer, EvaluationInfo evaluation, bool isOneOfSeveral, OpenSources data)
    {
        // Not on the main thread: in its arena glibc 2.36 finds no use for freed aligned blocks, and a long evaluation grows by 150 MB a
        // second (measured); in those of other threads memory stays where it is.
        var values = Task.Run(() => trainer.Evaluate(evaluation.Name, evaluation.Sources.ToDictionary(source => source.Name, source => data.ByName[source.Name]))).GetAwaiter().GetResult();
        return values.Select(value => isOneOfSeveral ? value with { Name = $"{evaluation.Name}.{value.Name}" } : value);
    }
}
