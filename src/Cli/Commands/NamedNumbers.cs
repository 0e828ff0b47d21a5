using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary>Options of the form <c>name=1,2,3</c>.</summary>
internal static class NamedNumbers
{
    /// <summary>Several numbers by name.</summary>
    /// <exception cref="GenDslException">An item is of another form, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, long[]> Lists(string[]? items, string option)
    {
        var all = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var item in items ?? [])
        {
            var parts = item.Split('=');
            long[] numbers = parts.Length == 2 ? [.. parts[1].Split(',').Select(n => long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1)] : [];
            if (numbers.Length == 0 || numbers.Any(n => n < 0) || !all.TryAdd(parts[0].Trim(), numbers))
            {
                throw new GenDslException($"{option} takes a name and whole numbers, such as '{option} y=3' or '{option} y=0,1,2', each name once; got '{item}'.");
            }
        }

        return all;
    }

    /// <summary>One number by name.</summary>
    /// <exception cref="GenDslException">An item is of another form, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, long> Single(string[]? items, string option) => Lists(items, option).ToDictionary(
        pair => pair.Key,
        pair => pair.Value is [var only] ? only : throw new GenDslException($"{option} takes one number for '{pair.Key}', not {pair.Value.Length.ToString(CultureInfo.InvariantCulture)}."),
        StringComparer.Ordinal);

    /// <summary>One real number by name, and the one that goes from one value to another, if there is one.</summary>
    /// <exception cref="GenDslException">An item is of another form, a name comes twice, or several numbers move.</exception>
    public static (IReadOnlyDictionary<string, double> Numbers, Sweep? Sweep) Reals(string[]? items, string option)
    {
        var all = new Dictionary<string, double>(StringComparer.Ordinal);
        Sweep? sweep = null;
        foreach (var item in items ?? [])
        {
            var parts = item.Split('=');
            if (parts.Length == 2 && Sweep.Parse(parts[0].Trim(), parts[1]) is { } moving && !all.ContainsKey(moving.Name))
            {
                sweep = moving.From == moving.To ? throw new GenDslException($"{option} moves '{moving.Name}' from a value to another one, but both are {parts[1].Split("..")[0]}.")
                    : sweep is null ? moving
                    : sweep.Name == moving.Name ? throw new GenDslException($"{option} gives '{moving.Name}' twice.")
                    : throw new GenDslException($"{option} moves one number at a time, '{sweep.Name}' or '{moving.Name}'.");
                continue;
            }

            if (parts.Length != 2 || parts[0].Trim() == sweep?.Name || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) || !all.TryAdd(parts[0].Trim(), number))
            {
                throw new GenDslException($"{option} takes a name and a number, such as '{option} truncation=0.5', or a range that it moves through, '{option} truncation=0.2..1', each name once; got '{item}'.");
            }
        }

        return (all, sweep);
    }
}
