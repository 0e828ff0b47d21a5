using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.Globalization;
using System.IO;
using System.Linq;
using GenDsl.Runtime.Data.Files;
using GenDsl.Runtime.Media;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>The Free Spoken Digit Dataset: each recording cut, or filled up with silence, to one window.</summary>
internal sealed class SpokenDigits() : DataSet(new DataSetInfo(
    "fsdd",
    "spoken English digits, 8 kHz, 2,700 + 300; columns audio (window of 2,048 samples, @LENGTH for others), label (10 classes), speaker (6 classes)",
    "CC BY-SA 4.0",
    ["train", "test", "validation", "trainall"],
    LengthViews,
    false))
{
    private const int FirstTrainIndex = 5;

    private static readonly string[] Speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];

    protected override Source Read(DataRequest request)
    {
        var path = request.Path(KnownFiles.SpokenDigits);
        var isTest = request.Split == "test";

        // By index first, so that the last twelfth holds every digit and speaker.
        List<Recording> recordings =
        [
            .. PackedFile.Read(path, stream => ReadAll(path, stream)).Where(recording => recording.Index < FirstTrainIndex == isTest)
                .OrderBy(recording => recording.Index).ThenBy(recording => recording.Digit).ThenBy(recording => recording.Speaker),
        ];
        var length = request.Length ?? 2048;
        var samples = new short[recordings.Count * length];
        for (var row = 0; row < recordings.Count; row++)
        {
            var sound = recordings[row].Samples;
            sound.AsSpan(0, Math.Min(length, sound.Length)).CopyTo(samples.AsSpan(row * length));
        }

        return request.Cut(new Source(
            request.Name,
            [
                new Column("audio", ElementKind.Real, 0, -1, 1, tensor(samples, [recordings.Count, length], ScalarType.Int16)) { SampleRate = 8000 },
                new Column("label", ElementKind.Class, 10, tensor(recordings.Select(recording => recording.Digit).ToArray(), ScalarType.Byte)),
                new Column("speaker", ElementKind.Class, Speakers.Length, tensor(recordings.Select(recording => recording.Speaker).ToArray(), ScalarType.Byte))
                    { Vocabulary = Speakers },
            ]));
    }

    private static List<Recording> ReadAll(string path, Stream stream)
    {
        List<Recording> recordings = [];
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".wav", StringComparison.Ordinal))
            {
                continue;
            }

            // {digit}_{speaker}_{index}.wav
            var parts = Path.GetFileNameWithoutExtension(entry.Name).Split('_');
            if (parts.Length != 3 || !byte.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var digit) || digit > 9
                || Array.IndexOf(Speakers, parts[1]) is var speaker && speaker < 0
                || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                throw new GenDslException($"'{path}': the recording '{entry.Name}' is not named {{digit}}_{{speaker}}_{{index}}.wav.");
            }

            using var memory = new MemoryStream();
            entry.DataStream.CopyTo(memory);
            recordings.Add(new Recording(digit, (byte)speaker, index, WavFile.Parse(memory.ToArray(), $"{path}/{entry.Name}").Samples));
        }

        return recordings;
    }

    private sealed record Recording(byte Digit, byte Speaker, int Index, short[] Samples);
}
