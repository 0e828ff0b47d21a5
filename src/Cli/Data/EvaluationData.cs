using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Data;

/// <summary>Runs evaluations on the data of a run.</summary>
internal static class EvaluationData
{
    /// <summary>
    /// The training data of the sources that an evaluation reads: of the source of that name or, for its only one, of the only one where both read something alike.
    /// </summary>
    /// <param name="sources">What the trainer reads.</param>
    /// <param name="training">Their data.</param>
    public static Dictionary<string, string> Of(EvaluationInfo evaluation, IReadOnlyList<SourceInfo> sources, IReadOnlyDictionary<string, string> training) =>
        evaluation.Sources.Count == 1 && training.Count == 1 && evaluation.Sources[0].Columns.Any(column => sources.SelectMany(source => source.Columns).Any(own => AreAlike(column.Space, own.Space)))
            ? new(StringComparer.Ordinal) { [evaluation.Sources[0].Name] = training.Values.Single() }
            : evaluation.Sources.Where(source => training.ContainsKey(source.Name)).ToDictionary(source => source.Name, source => training[source.Name], StringComparer.Ordinal);

    // One space, or the same data seen through two: pictures as reals and as bits. A free size may be any.
    private static bool AreAlike(SpaceInfo a, SpaceInfo b)
    {
        long[] left = [.. a.Shape.SkipWhile(size => size == 1)], right = [.. b.Shape.SkipWhile(size => size == 1)];
        return a.Name == b.Name || (left.Length > 0 && left.Length == right.Length && left.Zip(right).All(sizes => sizes.First == sizes.Second || sizes.First < 0 || sizes.Second < 0));
    }

    /// <summary>What is fitted to the rows that it is tested on says nothing: where no split is named, both would read the same ones.</summary>
    /// <param name="evaluation">What reads.</param>
    /// <param name="asked">The data of its sources as they were given.</param>
    /// <param name="specs">The same with their splits.</param>
    /// <exception cref="GenDslException">Two sources would read the same rows, and one of them did not ask for it.</exception>
    public static void RequireApart(EvaluationInfo evaluation, IReadOnlyDictionary<string, string> asked, IReadOnlyDictionary<string, string> specs)
    {
        string[] read = [.. evaluation.Sources.Select(source => source.Name).Where(asked.ContainsKey)];
        if (read.GroupBy(name => specs[name]).FirstOrDefault(same => same.Count() > 1 && same.Any(name => DataSpec.Parse(asked[name]) is { Split: null } spec && !RunSamples.Is(spec))) is { } twice)
        {
            var (first, second) = (twice.First(), twice.ElementAt(1));
            throw new GenDslException($"'{first}' and '{second}' of the evaluation '{evaluation.Name}' would read the same rows, {twice.Key}. Name the split of each: --data {first}={DataSpec.Parse(asked[first]).Name}:train.");
        }
    }

    /// <summary>The figures of an evaluation, named by it too where there are several.</summary>
    public static IEnumerable<NamedValue> Run(ITrainer trainer, EvaluationInfo evaluation, bool isOneOfSeveral, OpenSources data)
    {
        var values = Apart(() => trainer.Evaluate(evaluation.Name, evaluation.Sources.ToDictionary(source => source.Name, source => data.ByName[source.Name])));
        return values.Select(value => isOneOfSeveral ? value with { Name = $"{evaluation.Name}.{value.Name}" } : value);
    }

    // Not on the main thread: there a long evaluation grew by 150 MB a second, all of it in the heap of glibc 2.36's main arena, with no
    // tensor left alive; on other threads memory stays where it is (both measured; the cause is not known). A thread of its own, not one
    // of the pool, with the number of threads that was asked for: sums are the same from run to run.
    public static T Apart<T>(Func<T> work)
    {
        var threads = TorchRuntime.Threads;
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                TorchRuntime.Threads = threads;
                result = work();
            }
#pragma warning disable CA1031 // Thrown again where the work was asked for.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        { Name = "evaluation" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
