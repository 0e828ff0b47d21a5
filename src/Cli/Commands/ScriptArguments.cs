using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary>The options of <c>gendsl eval</c> that say what a net of others takes and gives.</summary>
internal sealed class ScriptArguments
{
    private static readonly Dictionary<string, ScriptOutput> Outputs = new(StringComparer.Ordinal)
    {
        ["features"] = ScriptOutput.Features,
        ["logits"] = ScriptOutput.Logits,
        ["probabilities"] = ScriptOutput.Probabilities,
        ["_"] = ScriptOutput.Unused,
    };

    private readonly Option<string?> _range = new("--range") { Description = "Of a TorchScript net: the least and the greatest value of its pictures, such as 0,1.", HelpName = "LOW,HIGH" };
    private readonly Option<string?> _input = new("--input") { Description = "Of a TorchScript net: what it takes, such as 3x299x299 (default: pictures as they are).", HelpName = "CxHxW" };
    private readonly Option<string?> _gives = new("--gives")
    {
        Description = "Of a TorchScript net: its results in order, each features, logits, probabilities or _ (default, for two: features,logits).",
        HelpName = "NAMES",
    };

    private readonly Option<string?> _arguments = new("--arguments") { Description = "Of a TorchScript net: what its forward takes behind the pictures, such as true.", HelpName = "VALUES" };
    private readonly Option<long?> _splits = Numbers.Whole("--splits", "Of a TorchScript net: parts whose Inception scores are averaged (default: 10).", 1);
    private readonly Option<long?> _batch = Numbers.Whole("--batch", "Of a TorchScript net: pictures at once (default: 50).", 1);

    public IEnumerable<Option> All => [_range, _input, _gives, _arguments, _splits, _batch];

    /// <summary>Checks that none is given where a run is evaluated.</summary>
    public void RequireNone(ParseResult parsed)
    {
        if (All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new GenDslException($"'{given.Name}' says something of a TorchScript net, and this is a run, which knows it by itself. Leave it out.");
        }
    }

    public ScriptScoring Scoring(ParseResult parsed, string net)
    {
        var range = parsed.GetValue(_range)
            ?? throw new GenDslException($"'{net}' does not say which values its pictures have, and another range gives another figure. Say it: --range 0,1 (or -1,1, or 0,255).");
        var ends = Parts(range).Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var end) ? end : double.NaN).ToArray();
        if (ends.Length != 2 || ends.Any(double.IsNaN))
        {
            throw new GenDslException($"--range takes two numbers, such as 0,1, but it is '{range}'.");
        }

        return new ScriptScoring(ends[0], ends[1])
        {
            Input = parsed.GetValue(_input) is { } input ? Input(input) : null,
            Gives = parsed.GetValue(_gives) is { } gives ? [.. Parts(gives).Select(Output)] : [],
            Splits = (int)(parsed.GetValue(_splits) ?? 10),
            Batch = (int)(parsed.GetValue(_batch) ?? 50),
        };
    }

    /// <summary>What the net is given behind the pictures.</summary>
    public object[] Arguments(ParseResult parsed) => parsed.GetValue(_arguments) is { } text ? [.. Parts(text).Select(Argument)] : [];

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static long[] Input(string text)
    {
        var sizes = text.Split('x').Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0).ToArray();
        return sizes is [> 0, > 0, > 0] ? sizes : throw new GenDslException($"--input takes channels, rows and columns, such as 3x299x299, but it is '{text}'.");
    }

    private static ScriptOutput Output(string name) => Outputs.TryGetValue(name, out var output) ? output
        : throw new GenDslException($"--gives takes names of results, each one of {string.Join(", ", Outputs.Keys)}, but one is '{name}'.{Meant.Of(name, [.. Outputs.Keys])}");

    private static object Argument(string text) =>
        bool.TryParse(text, out var truth) ? truth
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real
        : throw new GenDslException($"--arguments takes truth values and numbers, such as true,0.5, but one is '{text}'.");
}
