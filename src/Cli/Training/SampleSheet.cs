using System;
using System.Collections.Generic;
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
        [.. trainer.Descriptor.Samples.Select((sample, i) => (sample, i)).Where(of => CanDraw(of.sample.Name, trainer, data, warn)).Select(of =>
        {
            var (sample, i) = of;
            var path = i == 0 ? folder.Samples(step) : $"{folder.Samples(step)}-{sample.Name}";
            return Write(path, sample.Name, new SampleRequest(Count), trainer, data, warn, step is null ? null : events);
        })];

    /// <summary>Writes samples of one name to a file whose extension depends on their space.</summary>
    public static string Write(string path, string name, SampleRequest request, ITrainer trainer, OpenSources data, Action<string> warn, TensorBoardLog? events = null)
    {
        var rows = new Dictionary<string, torch.Tensor>();
        try
        {
            foreach (var condition in Conditions(trainer, name))
            {
                rows[condition.Name] = data.FirstRows(condition, request.Count);

                // What samples were made of is seen beside them.
                SampleFile.Save($"{path}-{condition.Name}", rows[condition.Name], condition.Space, data.Vocabulary(condition.Space));
            }

            return Write(path, name, request with { Rows = rows }, trainer, data, warn, events, out _);
        }
        finally
        {
            foreach (var row in rows.Values)
            {
                row.Dispose();
            }
        }
    }

    private static bool CanDraw(string name, ITrainer trainer, OpenSources data, Action<string> warn)
    {
        if (Conditions(trainer, name).FirstOrDefault(condition => !data.HasRows(condition)) is not { } missing)
        {
            return true;
        }

        warn($"The sample '{name}' is not drawn: its condition '{missing.Name}' is {missing.Space}, and the data of the run has no rows of it.");
        return false;
    }

    /// <summary>The conditions of a sample that are no classes: rows of data take their place.</summary>
    public static IEnumerable<ColumnBinding> Conditions(ITrainer trainer, string name) => trainer.Descriptor.Samples
        .First(sample => sample.Name == name).Conditions.Where(condition => !condition.Space.IsIndex || condition.Space.Shape.Length > 0);

    private static string Write(string path, string name, SampleRequest request, ITrainer trainer, OpenSources data, Action<string> warn, TensorBoardLog? events, out SpaceInfo space)
    {
        using var drawn = trainer.Sample(name, request, out space);
        using var samples = Repaired(drawn, name, space, warn);
        var file = SampleFile.Save(path, samples, space, data.Vocabulary(space));
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
