using System;
using System.IO;

namespace GenDsl.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, what went wrong to <see cref="Error"/>.</summary>
/// <param name="IsInteractive">Whether somebody watches <see cref="Out"/>, so that a progress bar is of use.</param>
/// <param name="HasColours">Whether escape sequences are understood and wanted.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive = false, bool HasColours = false)
{
    public static Terminal OfProcess()
    {
        var isWatched = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        var wantsColours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(Console.Out, Console.Error, isWatched, isWatched && wantsColours);
    }

    /// <summary>The same, with everything but results written to <see cref="Error"/>.</summary>
    public TextWriter Notes(bool isJson) => isJson ? Error : Out;
}
