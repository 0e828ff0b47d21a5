using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using TorchSharp;

namespace GenDsl.Runtime;

/// <summary>An open safetensors file whose header has been checked against the file's length.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly IReadOnlyDictionary<string, SafetensorsEntry> _entries;

    private SafetensorsFile(FileStream stream, string path, long dataStart, IReadOnlyDictionary<string, SafetensorsEntry> entries)
    {
        _stream = stream;
        _path = path;
        _dataStart = dataStart;
        _entries = entries;
    }

    public static SafetensorsFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }

        try
        {
            var header = ReadHeader(stream, path);
            var dataStart = stream.Position;
            var entries = SafetensorsHeader.Parse(header, path, stream.Length - dataStart);
            return new SafetensorsFile(stream, path, dataStart, entries);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The names of its tensors.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Throws where its tensors are others than those given.</summary>
    public void CheckFits(IReadOnlyCollection<StateTensor> tensors)
    {
        if (Misfit("", tensors) is { } why)
        {
            throw new GenDslException($"'{_path}' does not fit: {why} Load with the program and the options it was saved with.");
        }
    }

    /// <summary>Why the tensors below a name are others than those given; null where they are the same.</summary>
    /// <param name="name">The name of a net; empty for all tensors of the file.</param>
    /// <param name="tensors">By their names in the file.</param>
    public string? Misfit(string name, IReadOnlyCollection<StateTensor> tensors)
    {
        foreach (var item in tensors)
        {
            if (!_entries.TryGetValue(item.Name, out var entry))
            {
                return $"it has no tensor '{item.Name}', which is expected with shape {ShapeText.Of(item.Tensor)}.";
            }

            if (!entry.Shape.AsSpan().SequenceEqual(item.Tensor.shape) || entry.Type != item.Tensor.dtype)
            {
                return $"'{item.Name}' is {entry.Type}{ShapeText.Of(entry.Shape)} there, and {item.Tensor.dtype}{ShapeText.Of(item.Tensor)} here.";
            }
        }

        var known = tensors.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        return _entries.Keys.FirstOrDefault(key => (name.Length == 0 || key.StartsWith(name + ".", StringComparison.Ordinal)) && !known.Contains(key)) is { } extra
            ? $"it has a tensor '{extra}', which is not expected."
            : null;
    }

    /// <summary>A new tensor like one of the file's, without its numbers.</summary>
    public torch.Tensor Empty(string name, torch.Device device) => _entries.TryGetValue(name, out var entry)
        ? torch.empty(entry.Shape, entry.Type, device).DetachFromDisposeScope()
        : throw new GenDslException($"'{_path}' does not fit: it has no tensor '{name}'. Load with the program and the options it was saved with.");

    public void CopyInto(IReadOnlyCollection<StateTensor> tensors)
    {
        foreach (var item in tensors)
        {
            _stream.Position = _dataStart + _entries[item.Name].Begin;
            TensorBytes.Read(_stream, item.Tensor);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static byte[] ReadHeader(FileStream stream, string path)
    {
        const long largest = 100_000_000;
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw new GenDslException($"'{path}' is not a safetensors file: it has {stream.Length} bytes, fewer than 8.");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > largest || length > stream.Length - 8)
        {
            throw new GenDslException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{path}' is not a safetensors file, or is cut off: it promises a header of {length} bytes, and has {stream.Length - 8} after the length."));
        }

        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }
}
