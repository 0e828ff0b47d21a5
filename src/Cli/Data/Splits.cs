using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Data;

/// <summary>Which rows of the training data's set serve for validation and for tests.</summary>
internal static class Splits
{
    private const string Train = "train";
    private const string Held = "validation";
    private const string TestSplit = "test";

    /// <summary>The rows held out of the training rows; null where there are none.</summary>
    public static string? Validation(string spec)
    {
        var parsed = DataSpec.Parse(spec);
        if (RunSamples.Is(parsed))
        {
            return null;
        }

        var splits = DataSets.Describe(parsed.Name).Splits;
        return (parsed.Split ?? splits[0]) == Train && splits.Contains(Held) ? At(parsed, Held) : null;
    }

    /// <summary>The test rows of a set, unless a split is named; a run draws what it is asked for.</summary>
    public static string Test(string spec) => DataSpec.Parse(spec) is var parsed && (parsed.Split is not null || RunSamples.Is(parsed)) ? parsed.ToString() : TestOf(spec);

    /// <summary>The test rows of the set that was trained on.</summary>
    /// <exception cref="GenDslException">What was trained on is drawn by a run, of which there are no test rows.</exception>
    public static string TestOf(string spec) => RunSamples.Is(DataSpec.Parse(spec))
        ? throw new GenDslException($"Training read '{spec}', which a run draws: there are no test rows of it. Say what to evaluate on: --data NAME.")
        : At(DataSpec.Parse(spec), TestSplit);

    // Likelihoods are reported on the static draw of bits, whatever was trained on, and on all rows, however few were.
    private static string At(DataSpec spec, string split)
    {
        var own = spec.View?.Split('@').Where(view => !DataViews.All.Any(rows => rows.ChoosesRows && view.Split('=')[0] == rows.Name)).Select(view => view == "random" ? "static" : view).ToArray();
        return (spec with { Split = split, View = own is { Length: > 0 } ? string.Join('@', own) : null }).ToString();
    }
}
