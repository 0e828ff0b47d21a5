using System;
using System.IO;
using GenDsl.Runtime;

namespace GenDsl.Cli.Runs;

/// <summary>Keeps a second process out of a run's folder. The system frees it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    public static RunLock Take(string folder)
    {
        try
        {
            return new RunLock(new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"The run '{folder}' cannot be written: another process is training it, or the folder is read-only ({error.Message}).", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
