using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Benchmarks;

/// <summary>Options of the form <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public static Arguments Parse(string[] words, params string[] known)
    {
        var result = new Arguments();
        for (var i = 0; i < words.Length; i += 2)
        {
            var name = words[i].StartsWith("--", StringComparison.Ordinal) ? words[i][2..] : "";
            if (!known.Contains(name) || i + 1 == words.Length)
            {
                throw new ArgumentException($"'{words[i]}' is not an option with a value. Options: {string.Join(", ", known.Select(option => "--" + option))}.");
            }

            result._values[name] = words[i + 1];
        }

        return result;
    }

    /// <summary>A comma-separated choice among known names; all of them if it is not given.</summary>
    public IReadOnlyList<string> Choice(string name, IReadOnlyList<string> among)
    {
        if (!_values.TryGetValue(name, out var text))
        {
            return among;
        }

        var chosen = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return chosen.FirstOrDefault(item => !among.Contains(item)) is { } unknown
            ? throw new ArgumentException($"--{name}: there is no '{unknown}'. There are: {string.Join(", ", among)}.")
            : chosen;
    }

    public int Number(string name, int otherwise)
    {
        if (!_values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"--{name} takes a whole number above zero, not '{text}'.");
    }
}
