using System;
using System.IO;

namespace GenDsl.Testing;

/// <summary>The working copy that the tests were built from.</summary>
public static class Repository
{
    /// <summary>Its root folder: the nearest one above the test assembly that holds GenDsl.sln.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The full path of a file or folder in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GenDsl.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds GenDsl.sln; these tests run from a working copy.");
    }
}
