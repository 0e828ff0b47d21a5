using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace GenDsl.Cli;

/// <summary>What the user is told when GenDsl itself is at fault.</summary>
internal static class CrashLog
{
    public static string Write(Exception error, string[] args, bool isVerbose)
    {
        var where = Save(error, args);
        var stack = isVerbose ? Environment.NewLine + error : "";
        return $"gendsl: an internal error, which is a fault of GenDsl and not of your input: {error.GetType().Name}: {error.Message}{Environment.NewLine}"
            + $"{where} Please report it with that text at https://github.com/gendsl/gendsl/issues.{stack}";
    }

    private static string Save(Exception error, string[] args)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"gendsl-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
        var path = Path.Combine(Path.GetTempPath(), name);
        try
        {
            File.WriteAllText(path, $"""
                gendsl {Versions.GenDsl} {string.Join(" ", args)}
                {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}

                {error}

                """);
            return $"The details are in {path}.";
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            return $"The details could not be written to {path} ({second.Message}); run it again with --verbose.";
        }
    }
}
