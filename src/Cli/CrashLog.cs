using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using GenDsl.Cli.Compilation;

namespace GenDsl.Cli;

/// <summary>What the user is told when GenDsl itself is at fault.</summary>
internal static class CrashLog
{
    public static string Write(Exception error, string[] args, bool isVerbose)
    {
        var where = Save(error, args);
        var fault = ForeignCode.FaultOf(error) is { } method ? $"'{method}', which --ops let programs call, failed" : "an internal error, which is a fault of GenDsl and not of your input";
        var stack = isVerbose ? Environment.NewLine + error : "";
        return $"gendsl: {fault}: {error.GetType().Name}: {error.Message}{Environment.NewLine}"
            + $"{where} Please report it with that text {(fault[0] == '\'' ? "to whoever wrote it" : "at https://github.com/gendsl/gendsl/issues")}.{stack}";
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
