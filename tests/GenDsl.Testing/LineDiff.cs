using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Testing;

/// <summary>Shows where two texts begin and cease to differ.</summary>
public static class LineDiff
{
    private const int Context = 2;
    private const int Most = 20;

    /// <summary>The lines between the common start and the common end of the texts, old ones with <c>-</c>, new ones with <c>+</c>.</summary>
    public static string Summarize(string expected, string actual)
    {
        string[] old = expected.Split('\n');
        string[] now = actual.Split('\n');
        int shorter = Math.Min(old.Length, now.Length);
        int head = 0;
        while (head < shorter && old[head] == now[head])
        {
            head++;
        }

        int tail = 0;
        while (tail < shorter - head && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        int from = Math.Max(0, head - Context);
        IEnumerable<string> lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"@@ line {head + 1}: {old.Length - tail - head} lines became {now.Length - tail - head} @@"),
            .. old[from..head].Select(line => "  " + line),
            .. Some(old[head..^tail], "- "),
            .. Some(now[head..^tail], "+ "),
            .. old[^tail..].Take(Context).Select(line => "  " + line),
        ];
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Some(string[] lines, string mark) =>
        lines.Length <= Most
            ? lines.Select(line => mark + line)
            : lines.Take(Most).Select(line => mark + line).Append(mark + "...");
}
