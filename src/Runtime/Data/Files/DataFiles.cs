using System;
using System.Collections.Concurrent;
using System.IO;

namespace GenDsl.Runtime.Data.Files;

/// <summary>Finds a file in the data folder or the cache, or downloads it, and never hands out one with a wrong checksum.</summary>
internal static class DataFiles
{
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Checked = new();

    public static string Find(DataFile file, DataOptions options)
    {
        var folder = options.Folder ?? Variable("GENDSL_DATA");
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new GenDslException(
                $"The data folder '{folder}' does not exist. Set GENDSL_DATA (or DataOptions.Folder) to a folder that holds '{file.Path}', or leave it unset.");
        }

        if (folder is not null && Below(folder, file) is var given && File.Exists(given))
        {
            RequireChecksum(given, file);
            return given;
        }

        var cached = Below(options.Cache ?? DefaultCache(), file);
        if (File.Exists(cached) && Sum(cached) == file.Sha256)
        {
            return cached;
        }

        // What is damaged in the cache is our own copy: it is fetched again.
        Download.To(cached, file, options, folder);
        return cached;
    }

    private static string Below(string folder, DataFile file) => Path.Combine([folder, .. file.Path.Split('/')]);

    private static void RequireChecksum(string path, DataFile file)
    {
        var sum = Sum(path);
        if (sum != file.Sha256)
        {
            throw new GenDslException(
                $"'{path}' is not the published file: its sha256 is {sum}, expected {file.Sha256}. It may be truncated; copy or download it again.");
        }
    }

    private static string Sum(string path)
    {
        var info = new FileInfo(path);
        return Checked.GetOrAdd((info.FullName, info.Length, info.LastWriteTimeUtc), key => Checksum.Of(key.Path));
    }

    private static string DefaultCache() => Path.Combine(
        Variable("XDG_CACHE_HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "gendsl", "data");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
