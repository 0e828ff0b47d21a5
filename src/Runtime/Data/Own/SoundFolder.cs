using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Streaming;
using GenDsl.Runtime.Media;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Own;

/// <summary>A folder of WAV files, cut into windows without overlap. A sound shorter than a window is filled up with silence; what is left behind the last window is dropped.</summary>
internal sealed class SoundFolder(string path, FileTree tree) : DataSet(new DataSetInfo(
    path,
    $"sounds of your own; columns audio (windows as the program declares them, else of 2,048 samples, @LENGTH for others){(tree.Labels.Count == 0 ? "" : $", label ({tree.Labels.Count} classes)")}",
    "",
    tree.Splits,
    LengthOrFileViews,
    false))
{
    protected override Source Read(DataRequest request)
    {
        var files = tree.Rows(request.Split);
        var length = request.WindowLength(2048);
        var isStreamed = request.Asked.Contains("stream");
        List<DamagedFileException> damaged = [];
        List<SoundWindow> windows = [];
        List<short> samples = [];
        List<int> labels = [];
        (string Path, int Rate)? first = null;
        foreach (var (file, label) in files)
        {
            // The head says how long a sound is; its samples are read now or when they are asked for.
            if (Intact(file, damaged, () => WavFile.Head(file) is { Samples: > 0 } found ? found : throw new GenDslException($"'{file}' has no samples.")) is not { } head
                || (isStreamed ? new WavSound([], head.Format.Rate) : Intact(file, damaged, () => WavFile.Load(file))) is not { } sound)
            {
                continue;
            }

            first ??= (file, sound.Rate);
            if (sound.Rate != first.Value.Rate)
            {
                throw new GenDslException($"The sounds of '{Info.Name}' have several rates: '{first.Value.Path}' has {first.Value.Rate} samples per second and '{file}' {sound.Rate}. Bring them to one, as with: ffmpeg -i IN.wav -ar {first.Value.Rate} OUT.wav");
            }

            for (long window = 0, count = Math.Max(1, head.Samples / length); window < count; window++)
            {
                labels.Add(label);
                if (isStreamed)
                {
                    windows.Add(new SoundWindow(file, window * length));
                    continue;
                }

                var part = sound.Samples.AsSpan((int)Math.Min(window * length, sound.Samples.Length));
                part = part[..Math.Min(length, part.Length)];
                samples.AddRange(part);
                samples.AddRange(new short[length - part.Length]);
            }
        }

        Damage.Report(request.Name, damaged, files.Count, request.Options);
        List<Column> columns =
        [
            isStreamed
                ? new Column("audio", ElementKind.Real, 0, -1, 1, new SoundRows(windows, length, request.Options.Decoders)) { SampleRate = first!.Value.Rate }
                : new Column("audio", ElementKind.Real, 0, -1, 1, tensor(samples.ToArray(), [labels.Count, length], ScalarType.Int16)) { SampleRate = first!.Value.Rate },
        ];
        if (tree.Labels.Count > 0)
        {
            columns.Add(new Column("label", ElementKind.Class, tree.Labels.Count, tensor(labels.ToArray(), ScalarType.Int32)) { Vocabulary = tree.Labels });
        }

        return new Source(request.Name, columns);
    }

    private static T? Intact<T>(string file, List<DamagedFileException> damaged, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (GenDslException error)
        {
            damaged.Add(new DamagedFileException(file, error.Message[(file.Length + 3)..], error));
            return default;
        }
    }
}
