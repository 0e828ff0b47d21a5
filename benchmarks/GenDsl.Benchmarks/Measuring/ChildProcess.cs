using System;
using System.Diagnostics;
using System.IO;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>This program, run once more with other arguments.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it to its end, on one thread, and returns what it printed.</summary>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Also for threads that a program starts itself: OpenMP counts per thread.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["MKL_NUM_THREADS"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The process to measure did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}:\n{output}{errors.Result}");
    }
}
