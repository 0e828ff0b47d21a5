using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>
/// Evaluates on rows held out of the training data and keeps the best checkpoint. The first evaluation of a program whose data are at
/// hand is the one that runs at every epoch; further ones, which may take far longer, are left to <c>gendsl eval</c>, but for those that
/// were given data of their own.
/// </summary>
internal sealed class Validation : IDisposable
{
    private const string Prefix = "validation.";

    private readonly EvaluationInfo? _evaluation;
    private readonly OpenSources? _data;
    private readonly IReadOnlyList<WatchedEvaluation> _watched;

    private Validation(EvaluationInfo? evaluation, OpenSources? data, IReadOnlyList<WatchedEvaluation> watched) => (_evaluation, _data, _watched) = (evaluation, data, watched);

    /// <summary>The smallest figure so far that is both trained and validated; null where there is none.</summary>
    public MetricsLine? Best { get; private set; }

    /// <summary>The name of that figure in the metrics.</summary>
    public string? Figure { get; private set; }

    /// <summary>Null where there is nothing to evaluate: no evaluation, or no rows held out.</summary>
    public static Validation? Open(PreparedRun run, Action<string> note)
    {
        foreach (var evaluation in run.Trainer.Descriptor.Evaluations.Where(evaluation => run.Watched.All(watched => watched.Evaluation != evaluation)))
        {
            var held = EvaluationData.Of(evaluation, run.Trainer.Descriptor.Sources, run.Folder.Record.Data).ToDictionary(pair => pair.Key, pair => Splits.Validation(pair.Value));
            if (held.Count == evaluation.Sources.Count && !held.ContainsValue(null))
            {
                return new Validation(evaluation, OpenSources.Open(held.ToDictionary(pair => pair.Key, pair => pair.Value!), [.. evaluation.Sources], note), run.Watched);
            }
        }

        return run.Watched.Count > 0 ? new Validation(null, null, run.Watched) : null;
    }

    /// <summary>Takes up what was best before a resume.</summary>
    public void Restore(IEnumerable<MetricsLine> lines)
    {
        foreach (var line in lines)
        {
            Consider(line);
        }
    }

    /// <summary>The figures of a report with those of the validation behind.</summary>
    public MetricsLine Extend(ITrainer trainer, MetricsLine line) => line with
    {
        Values =
        [
            .. line.Values,
            .. _evaluation is null ? [] : EvaluationData.Run(trainer, _evaluation, isOneOfSeveral: false, _data!).Select(value => value with { Name = Prefix + value.Name }),
            .. _watched.SelectMany(watched => EvaluationData.Run(trainer, watched.Evaluation, isOneOfSeveral: true, watched.Data)),
        ],
    };

    /// <summary>Saves the trainer if the line is the best so far.</summary>
    public void KeepBest(ITrainer trainer, RunFolder folder, MetricsLine line)
    {
        if (Consider(line))
        {
            trainer.Save(folder.Best);
        }
    }

    public void Dispose() => _data?.Dispose();

    private bool Consider(MetricsLine line)
    {
        Figure ??= line.Values.Select(value => Prefix + value.Name).FirstOrDefault(name => line.Values.Any(value => value.Name == name));
        if (Of(line) is not { } value || !double.IsFinite(value) || (Best is { } best && Of(best) <= value))
        {
            return false;
        }

        Best = line;
        return true;
    }

    private double? Of(MetricsLine line) => line.Values.Where(value => value.Name == Figure).Select(value => (double?)value.Value).FirstOrDefault();
}
