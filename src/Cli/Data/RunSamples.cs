using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using GenDsl.Cli.Commands;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;

namespace GenDsl.Cli.Data;

/// <summary>
/// What a run draws, as data: <c>RUN[@COUNT][:SAMPLE]</c>, for example <c>runs/dcgan@10000</c>. Conditions go through all classes in
/// turn and are columns too.
/// </summary>
internal static class RunSamples
{
    private const int DefaultCount = 10_000;

    // Drawn at once: what a net computes on the way takes far more memory than what it returns.
    private const int Part = 500;

    /// <summary>True where a specification names a run and no data set.</summary>
    public static bool Is(DataSpec spec) =>
        !DataSets.All.Any(set => string.Equals(set.Name, spec.Name, StringComparison.OrdinalIgnoreCase)) && RunFolder.IsRun(spec.Name);

    /// <summary>Checks the form of a specification, without loading the run.</summary>
    public static void Require(DataSpec spec) => Count(spec);

    /// <summary>Draws the samples.</summary>
    /// <param name="progress">Told what takes time.</param>
    public static Source Open(DataSpec spec, Action<string> progress)
    {
        var run = RunFolder.Open(spec.Name);
        var count = Count(spec);
        var descriptor = RestoredRun.Descriptor(run, [], progress, default);
        var sample = ChosenSample.Of(descriptor, spec.Split);
        progress($"Drawing {count.ToString("N0", CultureInfo.InvariantCulture)} samples of '{run.Path}'.");
        using var trainer = RestoredRun.Load(run, descriptor, Placement.On(null));
        var drawn = new List<torch.Tensor>();
        var conditions = sample.Conditions.ToDictionary(condition => condition.Name, _ => new List<torch.Tensor>());
        try
        {
            for (var from = 0; from < count; from += Part)
            {
                var request = new SampleRequest(Math.Min(Part, count - from)) { Part = from / Part };
                using var part = trainer.Sample(sample.Name, request, out _);
                drawn.Add(Compact(part, sample.Space));
                foreach (var condition in sample.Conditions)
                {
                    conditions[condition.Name].Add(request.Condition(condition.Name, condition.Space, torch.CPU));
                }
            }

            return new Source(
                spec.ToString(),
                [ColumnOf(sample.Name, sample.Space, drawn), .. sample.Conditions.Select(condition => ColumnOf(condition.Name, condition.Space, conditions[condition.Name]))]);
        }
        finally
        {
            foreach (var part in drawn.Concat(conditions.Values.SelectMany(parts => parts)))
            {
                part.Dispose();
            }
        }
    }

    private static Column ColumnOf(string name, SpaceInfo space, List<torch.Tensor> parts) =>
        new(name, space.Element, space.Count, space.Low, space.High, torch.cat(parts, 0));

    private static torch.Tensor Compact(torch.Tensor samples, SpaceInfo space) =>
        samples.to(space.Element is ElementKind.Levels or ElementKind.Bit ? torch.ScalarType.Byte : space.IsIndex ? torch.ScalarType.Int64 : torch.ScalarType.Float32, torch.CPU, copy: true);

    private static int Count(DataSpec spec) => spec.View is null ? DefaultCount
        : int.TryParse(spec.View, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new GenDslException($"'{spec}' asks for '{spec.View}' samples of a run. Behind '@' goes how many: {spec.Name}@{DefaultCount}.");
}
