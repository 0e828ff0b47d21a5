using System.Collections.Generic;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN403x and GEN451x: models that draw one number after the other.</summary>
public sealed partial class DiagnosticBuilder
{
    public GenDiagnostic DependsOnItself(string name, string example) =>
        Error("GEN4011", $"The law of '{name}' depends on the number that it is the law of: {example}. It may look at what is drawn before: put a layer that shifts or masks in between.");

    public GenDiagnostic Leak(string name, string example, string order, string layer, IReadOnlyList<string> way, string cure) =>
        Error("GEN4030", $"The law of '{name}' sees what is not drawn before: {example}. The order is {order}; numbers say how far ahead of its own place a value looks. "
            + $"The way: '{name}' -> {string.Join(" -> ", way)}. Here '{layer}' lets it in: {cure}.");

    public GenDiagnostic NotDistributed(string name) =>
        Error("GEN4031", $"'{name}' is computed, and a density of what is computed is not one of the data. Left of '~' stands data, or what can be undone: the same numbers in another order or shape, 't = x |> raster', or what flows and bijections make of them, 'y = x |> Flow()'.");

    public GenDiagnostic BlindSpot(string site, long seen, long earlier, string picture) =>
        Warning("GEN4510", $"The law of {site} sees {Number(seen)} of the {Number(earlier)} sites before it, however many layers of these kinds there are: a blind spot. "
            + $"Two stacks see all, one of rows above and one of columns to the left. '#' is seen, '.' is not, 'o' is the site:\n{picture}");

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
