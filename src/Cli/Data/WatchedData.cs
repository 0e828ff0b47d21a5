using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;

namespace GenDsl.Cli.Data;

/// <summary>
/// Data that <c>gendsl train</c> is given for sources that only evaluations read, such as the labelled rows of a probe: what has all of its data runs at every epoch.
/// </summary>
internal static class WatchedData
{
    /// <summary>The sources that evaluations read and training does not.</summary>
    public static IReadOnlyList<SourceInfo> Sources(TrainerDescriptor descriptor) =>
        [.. descriptor.Evaluations.SelectMany(evaluation => evaluation.Sources).DistinctBy(source => source.Name).Where(source => descriptor.Sources.All(own => own.Name != source.Name))];

    /// <summary>Their data, of those that were given some.</summary>
    /// <exception cref="GenDslException">Test rows are asked for, the same rows twice, or an evaluation gets a part of its data.</exception>
    public static Dictionary<string, string> Of(TrainerDescriptor descriptor, IReadOnlyList<string> given)
    {
        var sources = Sources(descriptor);
        var asked = DataArguments.Resolve(given, descriptor.Sources, descriptor.Name, sources).Where(pair => sources.Any(source => source.Name == pair.Key)).ToDictionary();
        var specs = asked.ToDictionary(pair => pair.Key, pair => Splits.Watched(pair.Key, pair.Value));
        foreach (var evaluation in descriptor.Evaluations.Where(evaluation => evaluation.Sources.Any(source => specs.ContainsKey(source.Name))))
        {
            EvaluationData.RequireApart(evaluation, asked, specs);
            if (evaluation.Sources.FirstOrDefault(source => !specs.ContainsKey(source.Name) && sources.Contains(source)) is { } missing)
            {
                throw new GenDslException($"The evaluation '{evaluation.Name}' reads '{missing.Name}' too. Give it data: --data {missing.Name}=NAME.");
            }
        }

        return specs;
    }

    /// <summary>The evaluations that have all of their data, with it open.</summary>
    public static IReadOnlyList<WatchedEvaluation> Open(
        TrainerDescriptor descriptor, IReadOnlyDictionary<string, string> training, IReadOnlyDictionary<string, string> watched, Action<string> note)
    {
        var open = new List<WatchedEvaluation>();
        try
        {
            foreach (var evaluation in descriptor.Evaluations.Where(evaluation => evaluation.Sources.Any(source => watched.ContainsKey(source.Name))))
            {
                var specs = evaluation.Sources.ToDictionary(
                    source => source.Name,
                    source => watched.TryGetValue(source.Name, out var spec) ? spec : Splits.Validation(training[source.Name])
                        ?? throw new GenDslException($"The evaluation '{evaluation.Name}' reads '{source.Name}' too, and no rows of '{training[source.Name]}' are held out."));
                open.Add(new WatchedEvaluation(evaluation, OpenSources.Open(specs, [.. evaluation.Sources], note)));
            }

            return open;
        }
        catch
        {
            open.ForEach(one => one.Dispose());
            throw;
        }
    }
}
