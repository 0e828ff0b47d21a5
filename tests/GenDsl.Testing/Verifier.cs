using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Tasks;

namespace GenDsl.Testing;

/// <summary>
/// Compares an output with the accepted one, with the files and the behaviour of the library Verify, which would be called
/// here and nowhere else: <c>Snapshots/Test.name.verified.txt</c> is accepted and committed, a differing output is written
/// beside it as <c>.received.</c>
/// </summary>
public static class Verifier
{
    /// <summary>Set to 1, makes every output the accepted one.</summary>
    public const string AcceptVariable = "GENDSL_UPDATE_BASELINES";

    /// <summary>Compares <paramref name="text"/> with the accepted output of that name.</summary>
    /// <param name="text">The output. Line ends count as equal.</param>
    /// <param name="name">Its name, unique within the test file.</param>
    /// <param name="extension">The file type, for colours in editors and reviews.</param>
    /// <param name="testFile">Filled in by the compiler.</param>
    /// <exception cref="VerifyException">The output differs, or none has been accepted yet.</exception>
    public static async Task Verify(string text, string name, string extension = "txt", [CallerFilePath] string testFile = "")
    {
        await VerifyBeside(text, Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots", $"{Path.GetFileNameWithoutExtension(testFile)}.{name}"), extension);
    }

    /// <summary>Compares <paramref name="text"/> with the accepted output that lies beside an input: <c>stem.verified.extension</c>.</summary>
    /// <exception cref="VerifyException">The output differs, or none has been accepted yet.</exception>
    public static async Task VerifyBeside(string text, string stem, string extension)
    {
        string name = Path.GetFileName(stem);
        string verified = $"{stem}.verified.{extension}";
        string received = $"{stem}.received.{extension}";
        string actual = Unify(text);
        string? expected = File.Exists(verified) ? Unify(await File.ReadAllTextAsync(verified)) : null;
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        bool accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1";
        Directory.CreateDirectory(Path.GetDirectoryName(stem)!);
        await File.WriteAllTextAsync(accept ? verified : received, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (accept)
        {
            File.Delete(received);
            return;
        }

        string what = expected is null ? $"'{name}' has no accepted output yet." : $"'{name}' differs from its accepted output.\n{LineDiff.Summarize(expected, actual)}";
        throw new VerifyException(
            $"{what}\nTo accept it:  mv '{received}' '{verified}'\nTo accept all: {AcceptVariable}=1 dotnet test");
    }

    private static string Unify(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
