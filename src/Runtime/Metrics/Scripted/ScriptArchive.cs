using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.RegularExpressions;

namespace GenDsl.Runtime;

/// <summary>
/// What can be told of a TorchScript file without libtorch. It is asked first: some of what libtorch throws where it reads a file that it does
/// not understand passes through no handler of TorchSharp and ends the process.
/// </summary>
internal static partial class ScriptArchive
{
    /// <summary>Checks that a file is what <c>torch.jit.save</c> writes and calls nothing that libtorch does not bring.</summary>
    /// <exception cref="GenDslException">It is not there, is something else, or calls operations of others.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
        {
            throw new GenDslException($"'{path}' is a folder, not a TorchScript file.");
        }

        if (!File.Exists(path))
        {
            throw new GenDslException($"There is no file '{path}'. A TorchScript file is written by torch.jit.save.");
        }

        try
        {
            using var archive = ZipFile.OpenRead(path);
            Require(path, archive);
        }
        catch (InvalidDataException error)
        {
            throw new GenDslException($"'{path}' is not a TorchScript file, which is an archive that torch.jit.save writes: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static void Require(string path, ZipArchive archive)
    {
        var code = archive.Entries.Where(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal) && entry.Name.EndsWith(".py", StringComparison.Ordinal)).ToArray();
        if (code.Length == 0 || !archive.Entries.Any(entry => entry.Name == "data.pkl"))
        {
            var weights = archive.Entries.Any(entry => entry.Name == "data.pkl") ? " It seems to hold weights without a program, as torch.save writes them." : "";
            throw new GenDslException($"'{path}' is an archive, but not a TorchScript file: it holds no program.{weights} Write it by torch.jit.save(torch.jit.trace(net, pictures), path) or of torch.jit.script(net).");
        }

        foreach (var entry in code)
        {
            using var reader = new StreamReader(entry.Open());
            if (Foreign().Match(reader.ReadToEnd()) is { Success: true } call)
            {
                throw new GenDslException($"'{path}' calls {call.Value}, an operation that libtorch itself does not have. Save the net without it.");
            }
        }
    }

    // libtorch's own stand in the text as torch.NAME or ops.prim.NAME.
    [GeneratedRegex(@"\bops\.(?!aten\b|prim\b|prims\b|quantized\b|_quantized\b|mkldnn\b|mkldnn_prepacked\b|prepacked\b)\w+\.\w+")]
    private static partial Regex Foreign();
}
