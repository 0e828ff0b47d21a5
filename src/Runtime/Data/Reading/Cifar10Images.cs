using System.IO;
using GenDsl.Runtime.Data.Files;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>A part of CIFAR-10 in its binary layout: per record a label byte, then 1,024 bytes each of red, green and blue.</summary>
internal sealed class Cifar10Images() : DataSet(new DataSetInfo(
    "cifar10-subset",
    "colour photographs 32x32, 4,000 + 1,000; columns image (256 levels), label (10 classes)",
    "no explicit licence: for local use",
    ["train", "test", "validation", "trainall"],
    BitViews,
    false))
{
    private const int Record = 1 + 3 * 32 * 32;

    private static readonly string[] Classes =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    protected override Source Read(DataRequest request)
    {
        var isTest = request.Split == "test";
        var path = request.Path(isTest ? KnownFiles.CifarTest : KnownFiles.CifarTrain);
        var bytes = PackedFile.Read(path, stream =>
        {
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        });
        if (bytes.Length == 0 || bytes.Length % Record != 0)
        {
            throw new GenDslException($"'{path}' has {bytes.Length} bytes, expected a multiple of {Record} (one record). Copy or download it again.");
        }

        using var records = tensor(bytes, [bytes.Length / Record, Record], ScalarType.Byte);
        using var labels = records.select(1, 0);
        using var rest = records.narrow(1, 1, Record - 1);
        return request.Cut(new Source(
            request.Name,
            [
                new Column("image", ElementKind.Levels, 256, rest.reshape(-1, 3, 32, 32)) { Origin = $"cifar10/{(isTest ? "test" : "train")}" },
                new Column("label", ElementKind.Class, 10, labels.contiguous()) { Vocabulary = Classes },
            ]));
    }
}
