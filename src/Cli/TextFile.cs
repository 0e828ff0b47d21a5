using System;
using System.IO;
using GenDsl.Runtime;

namespace GenDsl.Cli;

/// <summary>Texts on disk; what the disk refuses is the user's to mend, and no fault of GenDsl.</summary>
internal static class TextFile
{
    /// <exception cref="GenDslException">The file cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes a file; its folder is made.</summary>
    /// <exception cref="GenDslException">The file cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Writes a file beside its place and then moves it there, so that a reader never sees half of it.</summary>
    /// <exception cref="GenDslException">The file cannot be written.</exception>
    public static void Replace(string path, string text)
    {
        Write(path + ".part", text);
        try
        {
            File.Move(path + ".part", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be written: {error.Message}", error);
        }
    }
}
