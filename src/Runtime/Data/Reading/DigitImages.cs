using System;
using System.Globalization;
using GenDsl.Runtime.Data.Files;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>The 8x8 digits of the UCI repository: lines of 64 levels from 0 to 16 and a label.</summary>
internal sealed class DigitImages() : DataSet(new DataSetInfo(
    "digits",
    "handwritten digits 8x8, 3,823 + 1,797; columns image (17 levels), label (10 classes)",
    "CC BY 4.0",
    ["train", "test", "validation", "trainall"],
    BitViews,
    false))
{
    private const int Pixels = 64;

    protected override Source Read(DataRequest request)
    {
        var isTest = request.Split == "test";
        var path = request.Path(isTest ? KnownFiles.DigitsTest : KnownFiles.DigitsTrain);
        var lines = PackedFile.Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var images = new byte[lines.Length * Pixels];
        var labels = new byte[lines.Length];
        for (var row = 0; row < lines.Length; row++)
        {
            labels[row] = ReadLine(path, lines[row], row, images.AsSpan(row * Pixels, Pixels));
        }

        return request.Cut(new Source(
            request.Name,
            [
                new Column("image", ElementKind.Levels, 17, tensor(images, [lines.Length, 8, 8], ScalarType.Byte))
                    { Origin = $"digits/{(isTest ? "test" : "train")}" },
                new Column("label", ElementKind.Class, 10, tensor(labels, ScalarType.Byte)),
            ]));
    }

    private static byte ReadLine(string path, string line, int row, Span<byte> image)
    {
        var field = 0;
        byte label = 0;
        foreach (var range in line.AsSpan().Split(','))
        {
            var most = field == Pixels ? 9 : 16;
            if (field > Pixels || !byte.TryParse(line.AsSpan(range), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > most)
            {
                throw new GenDslException($"'{path}', line {row + 1}, field {field + 1}: '{line.AsSpan(range)}' is not a number from 0 to {most}.");
            }

            if (field < Pixels)
            {
                image[field] = value;
            }
            else
            {
                label = value;
            }

            field++;
        }

        return field == Pixels + 1 ? label : throw new GenDslException($"'{path}', line {row + 1} has {field} fields, expected {Pixels + 1}.");
    }
}
