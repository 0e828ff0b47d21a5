using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace GenDsl.Runtime;

/// <summary>
/// Reads and writes tensors in the safetensors format: the length of the header in 8 little-endian bytes, a JSON header, and the
/// elements, row-major and little-endian, without gaps.
/// </summary>
public static class Safetensors
{
    private const int Alignment = 8;

    /// <summary>Writes tensors by name.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors; any type the format has, on any device.</param>
    /// <param name="metadata">Free text by name, for the header.</param>
    public static void Write(Stream stream, IReadOnlyCollection<StateTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Safetensors files are written on little-endian machines only.");
        }

        // Wide types first, so that every tensor starts at a multiple of its element size.
        var ordered = tensors
            .OrderByDescending(item => SafetensorsType.Size(item.Tensor.dtype))
            .ThenBy(item => item.Name, StringComparer.Ordinal).ToArray();
        var header = Header(ordered, metadata);
        var padding = (Alignment - header.Length % Alignment) % Alignment;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length + padding);
        stream.Write(length);
        stream.Write(header);
        stream.Write("        "u8[..padding]);
        foreach (var item in ordered)
        {
            TensorBytes.Write(stream, item.Tensor);
        }
    }

    /// <summary>Reads a file into tensors of the same names, types and shapes; nothing is written unless all of them fit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors to fill, on any device.</param>
    /// <exception cref="GenDslException">The file is damaged, or a tensor is missing, unexpected, or of another shape or type.</exception>
    public static void Read(string path, IReadOnlyCollection<StateTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var file = SafetensorsFile.Open(path);
        file.CheckFits(tensors);
        file.CopyInto(tensors);
    }

    private static byte[] Header(StateTensor[] ordered, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach (var item in ordered)
            {
                var end = offset + item.Tensor.numel() * SafetensorsType.Size(item.Tensor.dtype);
                json.WriteStartObject(item.Name);
                json.WriteString("dtype", SafetensorsType.Name(item.Tensor.dtype));
                WriteNumbers(json, "shape", item.Tensor.shape);
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
