using System;
using System.IO;

namespace GenDsl.Runtime.Media;

/// <summary>Writes a whole file beside its place and then moves it there, so that a reader never sees half of it.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        var part = $"{full}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            try
            {
                File.WriteAllBytes(part, content);
                File.Move(part, full, overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be written: {error.Message}", error);
        }
    }
}
