using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Testing;

namespace GenDsl.Dsl.Tests.Judgements.Mutation;

/// <summary>A shipped program over data so small that every dependence can be computed, and the sizes of its nets there.</summary>
/// <param name="Program">The file in models/.</param>
/// <param name="Spaces">What is written instead of its spaces: sides differ where they may, so that no axis stands for another.</param>
/// <param name="Sizes">Hyperparameters and free sizes.</param>
internal sealed record CausalInstance(string Program, (string From, string To)[] Spaces, Dictionary<string, long> Sizes)
{
    public static IReadOnlyList<CausalInstance> All { get; } =
    [
        new("made", [("bit[1, 28, 28]", "bit[1, 3, 4]")], new() { ["hidden"] = 25 }),
        new("pixel_rnn", [("bit[1, 28, 28]", "bit[1, 5, 6]")], new() { ["hidden"] = 2 }),
        new("pixel_cnn", [("bit[1, 28, 28]", "bit[1, 6, 7]")], new() { ["filters"] = 2, ["blocks"] = 2, ["depth"] = 3 }),
        new("wavenet", [("bit[1, 28, 28]", "bit[1, 5, 6]")], new() { ["channels"] = 2, ["skip_channels"] = 2, ["layers"] = 3, ["blocks"] = 2, ["T"] = 30 }),
        new("char_rnn", [], new() { ["embedding"] = 2, ["hidden"] = 2, ["T"] = 9 }),

        // Two halvings: sides of 8 leave two sites at the bottom.
        new("pixel_cnn_pp", [("level[16][1, 28, 28]", "level[16][1, 8, 8]"), ("u8[3, 32, 32]", "u8[3, 8, 8]")], new() { ["filters"] = 1, ["layers"] = 1, ["mixtures"] = 1 }),
    ];

    public string Text()
    {
        string text = File.ReadAllText(Repository.PathOf($"models/{Program}.gen"));
        foreach ((string from, string to) in Spaces)
        {
            text = text.Contains(from, StringComparison.Ordinal) ? text.Replace(from, to, StringComparison.Ordinal) : throw new InvalidDataException($"{Program}.gen has no '{from}'.");
        }

        // Presets are their models again.
        return string.Join("\n", text.Split('\n').Select(l => l.StartsWith("model Paper", StringComparison.Ordinal) ? "// " + l : l));
    }
}
