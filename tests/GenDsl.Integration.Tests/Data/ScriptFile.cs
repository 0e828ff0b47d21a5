using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace GenDsl.Integration.Tests.Data;

/// <summary>
/// Writes TorchScript files without Python: the archive of torch.jit.save, of a net without weights. Its data is the pickled object with its one
/// attribute, its code the text of its class.
/// </summary>
internal static class ScriptFile
{
    /// <summary>Features are means over quarters of the picture, and the logits some of them.</summary>
    public const string Pair = """
        def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
          f = torch.flatten(torch.adaptive_avg_pool2d(x, [2, 2]), 1)
          return (f, torch.mul(torch.slice(f, 1, 0, 3), 4.))
        """;

    /// <summary>Writes a net and returns its path.</summary>
    /// <param name="path">The file.</param>
    /// <param name="forward">The method, without indentation.</param>
    public static string Write(string path, string forward)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var code = new StringBuilder("class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        foreach (var line in forward.ReplaceLineEndings("\n").Replace("(self,", "(self: __torch__.Net,", System.StringComparison.Ordinal).Split('\n'))
        {
            code.Append("  ").Append(line).Append('\n');
        }

        Add(archive, "data.pkl", Pickle());
        Add(archive, "code/__torch__.py", Encoding.UTF8.GetBytes(code.ToString()));

        // An empty tuple.
        Add(archive, "constants.pkl", [0x80, 2, (byte)')', (byte)'.']);
        Add(archive, "version", "3\n"u8.ToArray());
        return path;
    }

    // Protocol 2: an object of __torch__.Net whose state is {'training': False}.
    private static byte[] Pickle()
    {
        List<byte> bytes = [0x80, 2];
        bytes.AddRange("c__torch__\nNet\n"u8.ToArray());
        bytes.AddRange([(byte)')', 0x81, (byte)'}', (byte)'(']);
        bytes.AddRange([(byte)'X', 8, 0, 0, 0, .. "training"u8]);
        bytes.AddRange([0x89, (byte)'u', (byte)'b', (byte)'.']);
        return [.. bytes];
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var entry = archive.CreateEntry("net/" + name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
