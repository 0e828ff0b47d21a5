using System;
using System.IO;
using System.IO.Compression;

namespace GenDsl.Integration.Tests.Data;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gendsl-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public string WritePacked(string name, byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return Write(name, memory.ToArray());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
