using System;
using System.Collections.Generic;
using System.IO;

namespace GenDsl.Runtime;

/// <summary>The files of one checkpoint, and their checksums in the form that <c>sha256sum -c</c> reads.</summary>
internal static class CheckpointFiles
{
    public const string Model = "model.safetensors";
    public const string Record = "checkpoint.json";
    public const string Sums = "sha256sums";

    public static void WriteSums(string folder)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        foreach (var name in (string[])[Record, Model])
        {
            writer.WriteLine($"{Checksum.Of(Path.Combine(folder, name))}  {name}");
        }

        Durable.WriteText(Path.Combine(folder, Sums), writer.ToString());
    }

    /// <summary>Checks that the files are the ones that were written.</summary>
    public static void Verify(string folder)
    {
        var sums = ReadSums(folder);
        foreach (var name in (string[])[Record, Model])
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                throw new GenDslException($"Checkpoint '{folder}' is incomplete: it has no '{name}'. Load another checkpoint.");
            }

            var found = Checksum.Of(path);
            if (!sums.TryGetValue(name, out var expected) || expected != found)
            {
                throw new GenDslException(
                    $"'{path}' is damaged: its SHA-256 is expected to be {expected ?? "listed in " + Sums}, but is {found}. Load another checkpoint.");
            }
        }
    }

    private static Dictionary<string, string> ReadSums(string folder)
    {
        var path = Path.Combine(folder, Sums);
        if (!File.Exists(path))
        {
            throw new GenDslException($"'{folder}' is not a complete checkpoint: it has no '{Sums}'. Give the folder that holds 'latest', or one of its checkpoints.");
        }

        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadAllLines(path))
        {
            var parts = line.Split("  ", 2);
            if (parts.Length == 2)
            {
                sums[parts[1]] = parts[0];
            }
        }

        return sums;
    }
}
