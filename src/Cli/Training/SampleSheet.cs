using System;
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
    /// <returns>The files.</returns>
    public static string[] Write(RunFolder folder, ITrainer trainer, OpenSources data, long? step, TensorBoardLog? events) =>
        [.. trainer.Descriptor.Samples.Select((sample, i) =>
        {
            var path = i == 0 ? folder.Samples(step) : $"{folder.Samples(step)}-{sample.Name}";
            return Write(path, sample.Name, new SampleRequest(Count), trainer, data, step is null ? null : events);
        })];

    /// <summary>Writes samples of one name to a file whose extension depends on their space.</summary>
    public static string Write(string path, string name, SampleRequest request, ITrainer trainer, OpenSources data, TensorBoardLog? events = null)
    {
        using var samples = trainer.Sample(name, request, out var space);
        var file = SampleFile.Save(path, samples, space, data.Vocabulary(space));
        if (events is not null && Path.GetExtension(file) == ".png" && space.Shape.Length > 1)
        {
            events.Image(name, ImageGrid.Encode(samples, space), trainer.GlobalStep);
        }

        return file;
    }
}
