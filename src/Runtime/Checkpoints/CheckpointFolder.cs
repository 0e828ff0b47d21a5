using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>
/// A folder of checkpoints: <c>step-000001000/</c> and so on, and a file <c>latest</c> that names the newest. A checkpoint is written
/// beside its final place and renamed, so that it is there completely or not at all.
/// </summary>
internal static class CheckpointFolder
{
    private const string Latest = "latest";
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished-";

    public static string Write(string folder, CheckpointRecord record, StateTable state, int keep)
    {
        try
        {
            Directory.CreateDirectory(folder);
            RemoveLeftovers(folder);
            var temporary = TemporaryName(folder);
            Directory.CreateDirectory(temporary);
            var metadata = new Dictionary<string, string> { ["format"] = "pt", ["producer"] = "GenDsl", ["trainer"] = record.Trainer };
            Durable.Write(Path.Combine(temporary, CheckpointFiles.Model), stream => Safetensors.Write(stream, state, metadata));
            Durable.Write(Path.Combine(temporary, CheckpointFiles.Record), stream => CheckpointJson.Write(stream, record));
            CheckpointFiles.WriteSums(temporary);
            Durable.SyncFolder(temporary);

            var final = FreeName(folder, record.Step);
            Directory.Move(temporary, final);
            Durable.SyncFolder(folder);
            Durable.ReplaceText(Path.Combine(folder, Latest), TemporaryName(folder), Path.GetFileName(final) + "\n");
            Prune(folder, keep);
            return final;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"The checkpoint could not be written to '{folder}': {error.Message} The checkpoints there are unharmed.", error);
        }
    }

    /// <summary>The checkpoint meant by a path: the folder itself, or the one that its <c>latest</c> names.</summary>
    public static string Resolve(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new GenDslException($"There is no folder '{folder}' to load a checkpoint from.");
        }

        if (File.Exists(Path.Combine(folder, CheckpointFiles.Record)) || File.Exists(Path.Combine(folder, CheckpointFiles.Sums)))
        {
            return folder;
        }

        var pointer = Path.Combine(folder, Latest);
        if (!File.Exists(pointer))
        {
            throw new GenDslException($"'{folder}' holds no checkpoint: it has neither '{Latest}' nor '{CheckpointFiles.Record}'.");
        }

        var name = File.ReadAllText(pointer).Trim();
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name != Path.GetFileName(name) || !Directory.Exists(Path.Combine(folder, name)))
        {
            throw new GenDslException($"'{pointer}' names the checkpoint '{name}', which is not there. Give the folder of one of the others: {Names(folder)}.");
        }

        return Path.Combine(folder, name);
    }

    private static string FreeName(string folder, long step)
    {
        var name = Prefix + step.ToString("D9", CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, name);
        for (var again = 2; Directory.Exists(path); again++)
        {
            path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{again}"));
        }

        return path;
    }

    private static string TemporaryName(string folder) => Path.Combine(folder, Unfinished + Guid.NewGuid().ToString("N"));

    private static void Prune(string folder, int keep)
    {
        var old = Checkpoints(folder)
            .OrderByDescending(path => File.GetLastWriteTimeUtc(Path.Combine(path, CheckpointFiles.Sums)))
            .ThenByDescending(path => path, StringComparer.Ordinal)
            .Skip(keep);
        foreach (var path in old)
        {
            // Renamed first: a half-deleted checkpoint must not look like one.
            var doomed = TemporaryName(folder);
            Directory.Move(path, doomed);
            Directory.Delete(doomed, recursive: true);
        }
    }

    // What is younger may be another process's that is writing now.
    private static void RemoveLeftovers(string folder)
    {
        var longAgo = DateTime.UtcNow.AddHours(-1);
        foreach (var left in new DirectoryInfo(folder).GetFileSystemInfos(Unfinished + "*").Where(left => left.LastWriteTimeUtc < longAgo))
        {
            if (left is DirectoryInfo directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                left.Delete();
            }
        }
    }

    private static IEnumerable<string> Checkpoints(string folder) =>
        Directory.GetDirectories(folder, Prefix + "*").Where(path => File.Exists(Path.Combine(path, CheckpointFiles.Sums)));

    private static string Names(string folder) => string.Join(", ", Checkpoints(folder).Select(Path.GetFileName));
}
