using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What is asked of a sample: how many rows, under which conditions, of which sizes.</summary>
/// <param name="Count">Number of rows.</param>
public sealed record SampleRequest(int Count)
{
    /// <summary>Classes by the name of the condition, used in turn: <c>y: [3, 7]</c> makes rows 3, 7, 3, ...; all classes in turn for a condition that is not named.</summary>
    public IReadOnlyDictionary<string, long[]> Classes { get; init; } = new Dictionary<string, long[]>();

    /// <summary>Rows by the name of the condition, as its space holds them and used in turn: pictures that are translated. A condition that is one class needs none.</summary>
    public IReadOnlyDictionary<string, Tensor> Rows { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Sizes by name; the declared default for one that is not named.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>Other numbers by name; the declared default for one that is not named.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>();

    /// <summary>The factor of normal noise: below 1 samples are likelier and more alike.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Which of several requests that belong together: the noise of each is its own.</summary>
    public int Part { get; init; }

    /// <summary>The rows of a condition.</summary>
    /// <param name="name">Its name in the program.</param>
    /// <param name="space">Its space.</param>
    /// <param name="device">Where the rows go.</param>
    /// <returns><see cref="Count"/> rows of the space.</returns>
    /// <exception cref="GenDslException">It is no class and no rows of it are given, the rows are none of the space, or a class is out of range.</exception>
    public Tensor Condition(string name, SpaceInfo space, Device device)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (Rows.TryGetValue(name, out var rows))
        {
            return InTurn(name, space, rows, device);
        }

        if (!space.IsOneClass)
        {
            throw new GenDslException($"The condition '{name}' is {space}, of which rows must be given; only classes are drawn for in turn.");
        }

        var classes = Classes.TryGetValue(name, out var given) ? given : [.. Enumerable.Range(0, space.Count).Select(c => (long)c)];
        if (classes.Length == 0 || classes.Any(c => c < 0 || c >= space.Count))
        {
            throw new GenDslException(FormattableString.Invariant($"'{name}' is one of the classes 0 to {space.Count - 1}, not {(classes.Length == 0 ? "nothing" : string.Join(", ", classes))}."));
        }

        return tensor(Enumerable.Range(0, Count).Select(i => classes[i % classes.Length]).ToArray(), ScalarType.Int64, device);
    }

    private Tensor InTurn(string name, SpaceInfo space, Tensor rows, Device device)
    {
        if (rows.dim() < 1 || rows.size(0) == 0 || !space.Admits(rows.shape[1..]))
        {
            throw new GenDslException($"The condition '{name}' is {space}, but is given {ShapeText.Of(rows.shape)}: rows of {space.ShapeText} are wanted, at least one.");
        }

        Spaces.Check(rows, space);
        using var turn = tensor(Enumerable.Range(0, Count).Select(i => i % rows.size(0)).ToArray(), ScalarType.Int64, rows.device);
        using var chosen = rows.index_select(0, turn);
        return chosen.to(device, copy: true);
    }

    /// <summary>A size: the one asked for, or its default.</summary>
    /// <exception cref="GenDslException">It is below 1.</exception>
    public long Size(string name, long fallback) => !Sizes.TryGetValue(name, out var size) ? fallback
        : size >= 1 ? size
        : throw new GenDslException(FormattableString.Invariant($"The size '{name}' must be 1 or more, not {size}."));

    /// <summary>Another number: the one asked for, or its default.</summary>
    public double Number(string name, double fallback) => Numbers.TryGetValue(name, out var number) ? number : fallback;

    internal void RequireKnown(SampleInfo sample)
    {
        if (!(Temperature >= 0) || double.IsInfinity(Temperature))
        {
            throw new GenDslException(FormattableString.Invariant($"A temperature is a number of 0 or more, not {Temperature}."));
        }

        if (Temperature != 1 && !sample.HasTemperature)
        {
            throw new GenDslException($"The sample '{sample.Name}' has no temperature: its model draws no normal noise that bijections turn into data.");
        }

        if (Classes.Keys.Concat(Rows.Keys).FirstOrDefault(key => sample.Conditions.All(c => c.Name != key)) is { } condition)
        {
            throw Unknown(sample, "condition", condition, sample.Conditions.Select(c => c.Name));
        }

        if (Sizes.Keys.FirstOrDefault(key => !sample.Sizes.Contains(key)) is { } size)
        {
            throw Unknown(sample, "size", size, sample.Sizes);
        }

        if (Numbers.Keys.FirstOrDefault(key => !sample.Numbers.Contains(key)) is { } number)
        {
            throw Unknown(sample, "number", number, sample.Numbers);
        }
    }

    private static GenDslException Unknown(SampleInfo sample, string what, string name, IEnumerable<string> known)
    {
        var names = known.ToArray();
        return new GenDslException($"The sample '{sample.Name}' has no {what} '{name}'.{Spelling.Meant(name, names)} It has: {(names.Length == 0 ? "none" : string.Join(", ", names))}.");
    }
}
