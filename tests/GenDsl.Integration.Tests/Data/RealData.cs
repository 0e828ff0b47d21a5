using System;
using System.IO;
using GenDsl.Runtime.Data;

namespace GenDsl.Integration.Tests.Data;

/// <summary>Finds the real data: the folder GENDSL_DATA, or shared/data beside the repository.</summary>
internal static class RealData
{
    public static string? Folder { get; } = Find();

    public static DataOptions Options => new() { Folder = Folder, Download = false };

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GENDSL_DATA") is { Length: > 0 } given)
        {
            return given;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (File.Exists(Path.Combine(data, "mnist", "train-images-idx3-ubyte.gz")))
            {
                // The command, which the tests run in this process, looks where it is told to.
                Environment.SetEnvironmentVariable("GENDSL_DATA", data);
                return data;
            }
        }

        return null;
    }
}
