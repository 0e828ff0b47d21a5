using System;

namespace GenDsl.Runtime;

/// <summary>The part of a native error that says what is wrong, without its stack of native frames.</summary>
internal static class NativeMessage
{
    public static string Of(Exception error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var last = Array.FindLast(lines, line => line.StartsWith("RuntimeError:", StringComparison.Ordinal));
        return (last ?? (lines.Length > 0 ? lines[0] : error.Message)).Replace("RuntimeError: ", "", StringComparison.Ordinal);
    }
}
