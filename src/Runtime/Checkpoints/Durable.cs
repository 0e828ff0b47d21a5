using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace GenDsl.Runtime;

/// <summary>Writes that survive a power cut: data reaches the disk before the names that point to it.</summary>
internal static partial class Durable
{
    public static void Write(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Replaces a file by a new one, so that readers see the old text or the new, never a part.</summary>
    public static void ReplaceText(string path, string temporary, string text)
    {
        WriteText(temporary, text);
        File.Move(temporary, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes renames within a folder durable, where the system needs to be asked.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            return;
        }

        // Some file systems refuse to sync a folder; the rename itself is still atomic there.
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
