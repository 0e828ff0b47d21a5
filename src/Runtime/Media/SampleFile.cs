using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Media;

/// <summary>Writes samples as what their space says they are: a picture grid, a point plot, a sound, or lines of text.</summary>
public static class SampleFile
{
    /// <summary>Whether samples of a space are written as a grid of pictures.</summary>
    public static bool IsPicture(SpaceInfo space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return !WavFile.IsAudio(space) && PixelBlock.Shows(space);
    }

    /// <summary>Writes samples to a file, replacing it as a whole.</summary>
    /// <param name="pathWithoutExtension">The file; the extension is chosen by the space.</param>
    /// <param name="samples">Shape <c>[n, ...space]</c>.</param>
    /// <param name="space">The space of the samples.</param>
    /// <param name="vocabulary">The texts of classes or codes (<see cref="Column.Vocabulary"/>), where samples are text.</param>
    /// <param name="columns">Pictures per row; 0 for the grid nearest to a square.</param>
    /// <returns>The path of the file: <c>.png</c>, <c>.wav</c> or <c>.txt</c>.</returns>
    /// <exception cref="GenDslException">The file cannot be written, or a picture holds a value that is not a number.</exception>
    public static string Save(string pathWithoutExtension, Tensor samples, SpaceInfo space, IReadOnlyList<string>? vocabulary = null, int columns = 0)
    {
        if (WavFile.IsAudio(space))
        {
            WavFile.Save(pathWithoutExtension + ".wav", samples, space);
            return pathWithoutExtension + ".wav";
        }

        if (PixelBlock.Shows(space))
        {
            ImageGrid.Save(pathWithoutExtension + ".png", samples, space, new ImageGridOptions { Columns = columns });
            return pathWithoutExtension + ".png";
        }

        if (space is { Element: ElementKind.Real, Shape: [2] })
        {
            PointPlot.Save(pathWithoutExtension + ".png", samples);
            return pathWithoutExtension + ".png";
        }

        AtomicFile.Write(pathWithoutExtension + ".txt", Encoding.UTF8.GetBytes(Lines(samples, space, vocabulary)));
        return pathWithoutExtension + ".txt";
    }

    private static string Lines(Tensor samples, SpaceInfo space, IReadOnlyList<string>? vocabulary)
    {
        var text = new StringBuilder();
        var width = (int)(samples.numel() / samples.size(0));
        var isText = space.IsIndex && vocabulary is { Count: > 0 } && (space.FreeCount is not null || vocabulary.Count == space.Count);

        // Characters are joined as they are, words by spaces.
        var separator = isText && vocabulary!.All(entry => entry.Length == 1) ? "" : " ";
        foreach (var row in HostNumbers.Doubles(samples).Chunk(width))
        {
            var fields = row.Select(value => isText
                ? vocabulary![(int)value]
                : value.ToString(space.IsIndex ? "F0" : "G6", CultureInfo.InvariantCulture));
            text.AppendJoin(separator, fields).Append('\n');
        }

        return text.ToString();
    }
}
