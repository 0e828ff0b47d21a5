using System;
using System.CommandLine;
using System.Linq;

namespace GenDsl.Cli.Commands;

/// <summary>A command line as it can be typed again.</summary>
internal static class CommandText
{
    public static string Of(ParseResult parsed) => "gendsl " + string.Join(" ", parsed.Tokens.Select(token => Quoted(token.Value)));

    // What no shell takes for something else stands as it is.
    private static string Quoted(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,@+%".Contains(c, StringComparison.Ordinal))
        ? text
        : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
