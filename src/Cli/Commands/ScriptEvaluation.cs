using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl eval FILE.pt</c>: what a TorchScript net says of generated pictures, in place of the evaluation of a program.</summary>
internal static class ScriptEvaluation
{
    private const string Fake = "fake";
    private const string Real = "real";

    private static readonly string[] Extensions = [".pt", ".pth", ".ts", ".torchscript"];

    // As of an evaluation of a program: DataArguments and RequireApart take no notice of where one comes from.
    private static readonly EvaluationInfo Info = new("scores", [new(Fake, []), new(Real, [])]);

    /// <summary>Whether an argument of the command names such a file, and not a run.</summary>
    public static bool Is(string path) =>
        !RunFolder.IsRun(path) && (File.Exists(path) || (!Directory.Exists(path) && Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)));

    public static EvaluationRecord Run(string path, ScriptScoring how, object[] arguments, string? device, IReadOnlyList<string> given, string command, Action<string> note)
    {
        using var net = ScriptNet.Load(path, device ?? "cpu", arguments);
        var scores = new ScriptScores(net, how);
        var asked = DataArguments.Resolve(given, Info.Sources, net.Name);
        if (!asked.ContainsKey(Fake))
        {
            throw new GenDslException($"{net.Name} scores pictures, and there are none. Give it some: --data {Fake}=RUN@10000, and for the Frechet distance real ones, --data {Real}=NAME.");
        }

        var specs = asked.ToDictionary(pair => pair.Key, pair => Splits.Test(pair.Value));
        EvaluationData.RequireApart(Info, asked, specs);
        using var sources = OpenSources.Open(specs, [.. Info.Sources.Where(source => specs.ContainsKey(source.Name))], note);
        var real = sources.ByName.GetValueOrDefault(Real);
        var shown = sources.ByName.ToDictionary(source => source.Key, source => scores.Shown(source.Value));
        var values = EvaluationData.Apart(() => scores.Of(sources.ByName[Fake], real, note));
        if (real is null)
        {
            note($"Only figures of '{Fake}' alone: a distance needs real pictures too, --data {Real}=NAME.");
        }

        return new EvaluationRecord(0, false, DateTime.UtcNow, command, specs, values.ToDictionary(value => value.Name, value => value.Value))
        {
            Net = net.Name,
            Weights = net.Hash,
            Shown = shown,
            Rows = sources.ByName.ToDictionary(source => source.Key, source => source.Value.Rows),
            Protocols = values.Where(value => value.Protocol is not null).ToDictionary(value => value.Name, value => value.Protocol!),
        };
    }
}
