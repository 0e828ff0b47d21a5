using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Streaming;

/// <summary>Rows that stay where they are until they are asked for. Reading is safe from several threads.</summary>
/// <param name="shape">Of one row.</param>
/// <param name="threads">That read ahead; null for as many as fit the machine.</param>
/// <param name="type">Of their numbers: bytes or 16-bit samples.</param>
internal abstract class FileRows(long[] shape, int? threads, ScalarType type = ScalarType.Byte)
{
    /// <summary>The shape of one row.</summary>
    public long[] Shape { get; } = shape;

    /// <summary>The threads that read ahead.</summary>
    public int Threads { get; } = threads ?? Math.Clamp(Environment.ProcessorCount - 1, 1, 4);

    /// <summary>The bytes of one row.</summary>
    public int Size => checked((int)Shape.Aggregate((long)type.ElementSize(), (product, size) => product * size));

    public abstract long Count { get; }

    /// <summary>Reads one row.</summary>
    /// <exception cref="GenDslException">It cannot be read; the message names the file.</exception>
    public abstract void Read(long row, Span<byte> target);

    public abstract FileRows Take(IReadOnlyList<long> rows);

    public FileRows Slice(long first, long count) => Take([.. Enumerable.Range(0, (int)count).Select(row => first + row)]);

    /// <summary>A tensor with the shape of all rows that takes the memory of one number.</summary>
    public Tensor Shaped()
    {
        using var one = zeros([1], type);
        return one.expand([Count, .. Shape]);
    }

    /// <summary>Reads rows into a new tensor.</summary>
    /// <param name="rows">Their numbers.</param>
    /// <param name="isOver">Asked between two rows; true ends the reading early.</param>
    public Tensor Read(IReadOnlyList<long> rows, Func<bool> isOver)
    {
        var all = empty([rows.Count, .. Shape], type);
        try
        {
            for (var i = 0; i < rows.Count && !isOver(); i++)
            {
                Read(rows[i], all.bytes.Slice(i * Size, Size));
            }

            return all;
        }
        catch
        {
            all.Dispose();
            throw;
        }
    }
}
