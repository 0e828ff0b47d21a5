using System;
using System.Buffers.Binary;
using System.IO;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>The idx format of MNIST: a big-endian magic number 0x0000080D with D axes, D big-endian sizes, then unsigned bytes.</summary>
public static class Idx
{
    private const int ByteMagic = 0x0800;

    /// <summary>Reads a file of unsigned bytes, plain or packed by gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="axes">The number of axes it must have: 1 for labels, 3 for grey images.</param>
    /// <returns>A new u8 tensor of the file's shape on the CPU.</returns>
    /// <exception cref="GenDslException">The file is missing, damaged, of another format or another length; the message names it, what was expected and found.</exception>
    public static Tensor Read(string path, int axes) => PackedFile.Read(path, stream => Read(path, stream, axes));

    private static Tensor Read(string path, Stream stream, int axes)
    {
        var shape = Header(path, stream, axes);
        var values = empty(shape, ScalarType.Byte);
        try
        {
            var data = values.bytes;
            var found = PackedFile.Fill(stream, data);
            if (found < data.Length || stream.ReadByte() >= 0)
            {
                var amount = found < data.Length ? $"only {found}" : "more";
                throw new GenDslException(
                    $"'{path}': the idx header {ShapeText.Of(shape)} announces {data.Length} bytes, found {amount}. Copy or download it again.");
            }

            return values;
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    private static long[] Header(string path, Stream stream, int axes)
    {
        Span<byte> header = stackalloc byte[4 + 4 * axes];
        var found = PackedFile.Fill(stream, header);
        var magic = found < 4 ? 0 : BinaryPrimitives.ReadInt32BigEndian(header);
        if (found >= 4 && magic != ByteMagic + axes)
        {
            throw new GenDslException(
                $"'{path}' is no idx file of bytes with {axes} axes: its magic number is {magic}, expected {ByteMagic + axes}. Check that images and labels are not swapped.");
        }

        if (found < header.Length)
        {
            throw new GenDslException($"'{path}' is no whole idx file: it ends after {found} bytes, its header needs {header.Length}. Copy or download it again.");
        }

        var shape = new long[axes];
        var size = 1L;
        for (var axis = 0; axis < axes; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * axis)..]);
            if (shape[axis] < 1 || (size *= shape[axis]) > int.MaxValue)
            {
                throw new GenDslException($"'{path}': size {axis} of its idx header is {shape[axis]}. Sizes are at least 1 and at most 2 GiB together.");
            }
        }

        return shape;
    }
}
