using System.CommandLine;
using System.Linq;

namespace GenDsl.Cli.Commands;

/// <summary>A command line as it can be typed again.</summary>
internal static class CommandText
{
    public static string Of(ParseResult parsed) => "gendsl " + string.Join(" ", parsed.Tokens.Select(token => Quoted(token.Value)));

    private static string Quoted(string text) => text.Length == 0 || text.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '$' or '&' or '|' or ';' or '*')
        ? "'" + text.Replace("'", "'\\''", System.StringComparison.Ordinal) + "'"
        : text;
}
