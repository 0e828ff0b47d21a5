using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Streaming;

/// <summary>A column whose rows stay in their files, seen through a space.</summary>
internal sealed class StreamedReader(Column column, SpaceInfo space) : IColumnReader
{
    public long Rows => column.Rows;

    /// <summary>The columns that readers take from files, each once.</summary>
    public static FileRows[] FilesOf(IEnumerable<IColumnReader> readers) => [.. readers.OfType<StreamedReader>().Select(reader => reader.Files).Distinct()];

    private FileRows Files => column.Files!;

    public Tensor Gather(Tensor indices, Draws draws)
    {
        using var host = indices.cpu();
        long[] rows = [.. host.data<long>()];
        return Convert(Files.Read(rows, () => false), rows, indices.device, draws);
    }

    /// <summary>The rows of a batch that was read ahead of <paramref name="files"/>.</summary>
    public Tensor Gather(ReadBatch batch, IReadOnlyList<FileRows> files, Device device, Draws draws)
    {
        var place = 0;
        while (files[place] != Files)
        {
            place++;
        }

        return Convert(batch.Columns[place].alias(), batch.Rows, device, draws);
    }

    public void Dispose()
    {
    }

    // As rows in memory are converted: what a space makes of a column is said in one place.
    private Tensor Convert(Tensor bytes, long[] rows, Device device, Draws draws)
    {
        var decoded = column.Decoded(bytes, rows);
        try
        {
            using var reader = decoded.As(space);
            using var all = arange(rows.Length, ScalarType.Int64, device);
            return reader.Gather(all, draws);
        }
        finally
        {
            decoded.Release();
        }
    }
}
