using System;
using System.Globalization;
using System.IO;
using System.Linq;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using TorchSharp;

namespace GenDsl.Cli.Training;

/// <summary>Draws samples of a run and writes them to its folder.</summary>
internal static class SampleSheet
{
    private const int Count = 64;

    /// <summary>Writes every sample that the trainer declares; those behind the first have their name in the file's.</summary>
    /// <param name="warn">Told where samples had to be repaired.</param>
    /// <returns>The files.</returns>
    public static string[] Write(RunFolder folder, ITrainer trainer, OpenSources data, Action<string> warn, long? step, TensorBoardLog? events) =>
        [.. trainer.Descriptor.Samples.SelectMany((sample, i) =>
        {
            var path = i == 0 ? folder.Samples(step) : $"{folder.Samples(step)}-{sample.Name}";
            return Write(path, sample, new SampleRequest(Count), trainer, data, warn, step is null ? null : events);
        })];

    /// <summary>Writes samples of one name to a file whose extension depends on their space, and the pictures that they were drawn for beside it, at the end of a run.</summary>
    /// <returns>The files, that of the samples first.</returns>
    public static string[] Write(
        string path, SampleInfo sample, SampleRequest request, ITrainer trainer, OpenSources data, Action<string> warn, TensorBoardLog? events = null, Sweep? sweep = null)
    {
        using var rows = ConditionRows.Of(sample, trainer.Descriptor.Sources, data, request.Count);
        var drawn = Write(path, sample.Name, request with { Rows = rows.ByName }, trainer, data, warn, events, sweep);
        return events is not null ? [drawn] : [drawn, .. sample.Conditions.Where(condition => rows.ByName.ContainsKey(condition.Name) && SampleFile.IsPicture(condition.Space)).Select(condition =>
            SampleFile.Save($"{path}-{condition.Name}", rows.ByName[condition.Name], condition.Space, data.Vocabulary(condition.Space)))];
    }

    private static string Write(string path, string name, SampleRequest request, ITrainer trainer, OpenSources data, Action<string> warn, TensorBoardLog? events, Sweep? sweep)
    {
        SpaceInfo space;
        using var drawn = sweep is null ? trainer.Sample(name, request, out space) : sweep.Draw(trainer, name, request, out space);
        using var samples = Repaired(drawn, name, space, warn);
        var file = SampleFile.Save(path, samples, space, data.Vocabulary(space), sweep is null ? 0 : Sweep.Values);
        if (events is not null && Path.GetExtension(file) == ".png" && space.Shape.Length > 1)
        {
            events.Image(name, ImageGrid.Encode(samples, space), trainer.GlobalStep);
        }

        return file;
    }

    // A model that has learned little may overflow on the way back to the data; that is no reason to lose the run.
    private static torch.Tensor Repaired(torch.Tensor samples, string name, SpaceInfo space, Action<string> warn)
    {
        if (!samples.is_floating_point())
        {
            return samples.alias();
        }

        using var finite = samples.isfinite();
        using var flat = finite.reshape(samples.size(0), -1);
        using var whole = flat.all(1);
        using var count = whole.sum();
        var broken = samples.size(0) - count.ToInt64();
        if (broken == 0)
        {
            return samples.alias();
        }

        warn(string.Create(CultureInfo.InvariantCulture, $"{broken} of {samples.size(0)} samples of '{name}' hold values that are not finite numbers; these are shown as the least value of their space."));
        using var least = torch.full_like(samples, double.IsInfinity(space.Low) ? 0 : space.Low);
        return torch.where(finite, samples, least);
    }
}
