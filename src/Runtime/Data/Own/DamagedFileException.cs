using System;

namespace GenDsl.Runtime.Data.Own;

/// <summary>A file of the user cannot be read; the message names it and what is wrong.</summary>
internal sealed class DamagedFileException : Exception
{
    public DamagedFileException(string path, string what)
        : base($"'{path}' {what}") => Path = path;

    public DamagedFileException(string path, string what, Exception inner)
        : base($"'{path}' {what}", inner) => Path = path;

    public string Path { get; }
}
