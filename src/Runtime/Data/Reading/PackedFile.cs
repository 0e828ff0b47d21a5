using System;
using System.IO;
using System.IO.Compression;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>Reads a file that may be packed by gzip, and turns what can go wrong into one error that names the file.</summary>
internal static class PackedFile
{
    public static T Read<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            var packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            if (!packed)
            {
                return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                    ? throw new GenDslException($"'{path}' is not a gzip file, as its name says: it does not start with 1f 8b. Copy or download it again.")
                    : read(file);
            }

            using var stream = new GZipStream(file, CompressionMode.Decompress);
            return read(stream);
        }
        catch (InvalidDataException error)
        {
            throw new GenDslException($"'{path}' is a damaged gzip file: {error.Message} Copy or download it again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The whole file as UTF-8 text.</summary>
    public static string Text(string path) => Read(path, stream =>
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>Fills the span, and says how many bytes there were when they ran out.</summary>
    public static int Fill(Stream stream, Span<byte> target) => stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
}
