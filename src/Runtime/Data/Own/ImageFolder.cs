using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Runtime.Data.Streaming;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Own;

/// <summary>A folder of pictures, brought to the size of the space that is declared for them.</summary>
internal sealed class ImageFolder(string path, FileTree tree) : DataSet(new DataSetInfo(
    path,
    $"pictures of your own; columns image (256 levels){(tree.Labels.Count == 0 ? "" : $", label ({tree.Labels.Count} classes)")}",
    "",
    tree.Splits,
    FileViews,
    false))
{
    protected override Source Read(DataRequest request)
    {
        var files = tree.Rows(request.Split);
        var heads = new PictureHead[files.Count];
        var damaged = ForEach(files, request.Options, row => heads[row] = PictureDecoder.Head(files[row].Path));
        List<int> rows = [.. Enumerable.Range(0, files.Count).Where(row => !damaged.ContainsKey(row))];
        var size = rows.Count == 0 ? default : SizeOf(request, [.. rows.Select(row => (files[row].Path, heads[row]))]);
        var isStreamed = request.Asked.Contains("stream");
        Tensor? pictures = null;
        if (!isStreamed && rows.Count > 0)
        {
            RequireRoom(request.Name, rows.Count, size);
            pictures = empty([files.Count, .. size.Shape], ScalarType.Byte);
            foreach (var (row, error) in ForEach([.. rows], request.Options, i => PictureDecoder.Decode(files[rows[i]].Path, size, Row(pictures, rows[i]))))
            {
                damaged.Add(rows[row], error);
            }
        }

        try
        {
            Damage.Report(request.Name, [.. damaged.OrderBy(pair => pair.Key).Select(pair => pair.Value)], files.Count, request.Options);
        }
        catch
        {
            pictures?.Dispose();
            throw;
        }

        rows = [.. rows.Where(row => !damaged.ContainsKey(row))];
        List<Column> columns =
        [
            pictures is null
                ? new Column("image", ElementKind.Levels, 256, 0, 255, new ImageRows([.. rows.Select(row => files[row].Path)], size, request.Options.Decoders)) { Origin = "files" }
                : new Column("image", ElementKind.Levels, 256, Of(pictures, rows)) { Origin = "files" },
        ];
        if (tree.Labels.Count > 0)
        {
            columns.Add(new Column("label", ElementKind.Class, tree.Labels.Count, tensor(rows.Select(row => files[row].Label).ToArray(), ScalarType.Int32)) { Vocabulary = tree.Labels });
        }

        return new Source(request.Name, columns);
    }

    // Reading a file is waiting, too: some more threads than processors.
    private static SortedDictionary<int, DamagedFileException> ForEach<T>(IReadOnlyList<T> items, DataOptions options, Action<int> read)
    {
        var damaged = new ConcurrentDictionary<int, DamagedFileException>();
        Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Decoders ?? -1 }, i =>
        {
            try
            {
                read(i);
            }
            catch (DamagedFileException error)
            {
                damaged[i] = error;
            }
        });
        return new(damaged);
    }

    private static Span<byte> Row(Tensor pictures, int row)
    {
        var size = (int)(pictures.numel() / pictures.size(0));
        using var one = pictures.select(0, row);
        return one.bytes;
    }

    private static Tensor Of(Tensor pictures, List<int> rows)
    {
        if (rows.Count == pictures.size(0))
        {
            return pictures;
        }

        using (pictures)
        {
            using var numbers = tensor(rows.Select(row => (long)row).ToArray(), ScalarType.Int64);
            return pictures.index_select(0, numbers);
        }
    }

    private PictureSize SizeOf(DataRequest request, IReadOnlyList<(string Path, PictureHead Head)> heads)
    {
        var channels = ChannelsOf(request, heads);
        var wanted = request.Options.Columns.FirstOrDefault(column => !column.Space.IsIndex && column.Space.Shape.Length is 2 or 3);
        if (wanted is { Space.Shape: [.., > 0 and var height, > 0 and var width] })
        {
            var size = new PictureSize(channels, (int)height, (int)width);
            Require(wanted, size);
            return size;
        }

        var (first, head) = heads[0];
        foreach (var (other, it) in heads)
        {
            if ((it.Width, it.Height) != (head.Width, head.Height))
            {
                var cure = wanted is null ? "Say in DataOptions.Columns what the program declares" : $"Give the space {wanted.Space.Name} its sizes, as in [{channels}, 64, 64]";
                throw new GenDslException($"The pictures of '{Info.Name}' have several sizes: '{first}' is {head.Width}x{head.Height} and '{other}' {it.Width}x{it.Height}. {cure}: they are then scaled and cut to it.");
            }
        }

        return new PictureSize(channels, head.Height, head.Width);
    }

    private int ChannelsOf(DataRequest request, IReadOnlyList<(string Path, PictureHead Head)> heads)
    {
        var (asGrey, asColor) = (request.Asked.Contains("grey"), request.Asked.Contains("color"));
        if (asGrey != asColor)
        {
            return asGrey ? 1 : 3;
        }

        var grey = heads.Count(file => file.Head.IsGrey);
        return grey == heads.Count ? 1
            : grey == 0 ? 3
            : throw new GenDslException(
                $"'{Info.Name}' holds grey pictures ({grey}, as '{heads.First(file => file.Head.IsGrey).Path}') and pictures in colour ({heads.Count - grey}, as '{heads.First(file => !file.Head.IsGrey).Path}'). Say which they shall be: '{Info.Name}@grey' or '{Info.Name}@color'.");
    }

    // What does not fit is said before an hour of decoding, not after.
    private void Require(ColumnBinding wanted, PictureSize size)
    {
        using var one = zeros([1], ScalarType.Byte);
        using var source = new Source(Info.Name, [new Column("image", ElementKind.Levels, 256, one.expand([1, .. size.Shape]))]);
        source.Bind(wanted).Dispose();
    }

    private static void RequireRoom(string name, int rows, PictureSize size)
    {
        var (needed, room) = ((double)rows * size.Channels * size.Height * size.Width, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed > 0.8 * room)
        {
            throw new GenDslException(FormattableString.Invariant(
                $"The {rows} pictures of '{name}' take {needed / (1L << 30):F1} GiB in memory, and there are {room / (double)(1L << 30):F1}. Leave them in their files with '@stream', or take fewer with '@first=N'."));
        }
    }
}
