using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>The compiler accepts only flows that can be undone, by an oracle of numbers, and undoes them right.</summary>
public sealed class RandomFlowTests(ITestOutputHelper output)
{
    private const int Batch = 100;

    private static int Programs => int.TryParse(Environment.GetEnvironmentVariable("GENDSL_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 200;

    [Fact]
    public void WhatIsAccepted_CanBeUndone()
    {
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            Run();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private void Run()
    {
        var failures = new List<string>();
        var others = new SortedDictionary<string, int>(StringComparer.Ordinal);
        (int accepted, int impossible, int stricter) = (0, 0, 0);
        for (int start = 0; start < Programs; start += Batch)
        {
            var trials = new List<(RandomFlow Flow, CheckedFile File)>();
            for (int seed = start; seed < Math.Min(start + Batch, Programs); seed++)
            {
                var flow = new RandomFlow(seed);
                if (Checked(seed, flow, failures) is not { } file)
                {
                    continue;
                }

                string[] errors = [.. file.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code).Distinct()];
                if (errors.Any(e => e != "GEN4101"))
                {
                    others[errors[0]] = others.GetValueOrDefault(errors[0]) + 1;
                    continue;
                }

                trials.Add((flow, file));
            }

            CompiledPrograms programs = CompiledPrograms.Of(trials.Where(t => !t.File.HasErrors).Select(t => t.File));
            failures.AddRange(programs.Failures.Select(f => f.Key + ": " + f.Value));
            foreach ((RandomFlow flow, CheckedFile file) in trials.Where(t => !programs.Failures.ContainsKey(t.File.Source.Name)))
            {
                using var scope = NewDisposeScope();
                var weights = new RandomWeights(flow);
                Tensor x = FlowTensors.Normal("x", 1, flow.Size);
                if (!file.HasErrors)
                {
                    accepted++;
                    failures.AddRange(Trial(programs, flow, file, x, weights).Select(why => $"{file.Source.Name}: {why}\n{flow}"));
                }
                else if (new FlowOracle(flow, x, weights.Of) is var oracle && !oracle.CanBeUndone)
                {
                    impossible++;
                }
                else if (!oracle.CanBeUndoneByUpdates)
                {
                    // Some order of single numbers undoes it, but none of whole updates or of positions: by design.
                    stricter++;
                }
                else
                {
                    failures.Add($"{file.Source.Name}: rejected for no reason: {string.Join(", ", file.Diagnostics)}\n{flow}");
                }
            }
        }

        output.WriteLine($"{accepted} of {Programs} accepted, {impossible} cannot be undone, {stricter} rejected though numbers have an order; other errors: {string.Join(", ", others.Select(o => $"{o.Key} {o.Value}"))}");
        Assert.True(failures.Count == 0, $"{failures.Count} failures:\n{string.Join("\n", failures.Take(12))}");
        Assert.True(accepted >= 0.2 * Programs, $"Only {accepted} of {Programs} programs are accepted: the test says little.");
        Assert.True(impossible >= 0.15 * Programs, $"Only {impossible} of {Programs} programs cannot be undone: the test says little.");
    }

    // An exception of the compiler says nothing of the program that it is about.
    private static CheckedFile? Checked(int seed, RandomFlow flow, List<string> failures)
    {
        try
        {
            return ProgramTrial.Check("flow" + seed.ToString(CultureInfo.InvariantCulture), flow.ToString());
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException or KeyNotFoundException or ArgumentException)
        {
            failures.Add($"flow{seed}: the compiler failed: {error}\n{flow}");
            return null;
        }
    }

    private static IEnumerable<string> Trial(CompiledPrograms programs, RandomFlow program, CheckedFile file, Tensor x, RandomWeights weights)
    {
        using var flow = new CompiledFlow(programs.Find(file.Source.Name, "F"), 1);
        if (weights.Write(flow.State) is { } mismatch)
        {
            yield return mismatch;
            yield break;
        }

        var oracle = new FlowOracle(program, x, weights.Of);
        if (!oracle.CanBeUndone)
        {
            yield return "accepted, but a number needs itself.";
            yield break;
        }

        (Tensor y, Tensor logDet) = flow.Forward(x);
        if (Apart(y, oracle.Result) > 1e-10)
        {
            yield return $"the result differs from the meaning of the text by {Apart(y, oracle.Result)}.";
        }

        double wanted = FlowTensors.LogDets(at => flow.Transform(at), x)[0];
        if (!(Math.Abs(wanted - logDet.ToDouble()) < 1e-8))
        {
            yield return $"the log-determinant is {logDet.ToDouble()}, not {wanted}.";
        }

        (Tensor back, Tensor backwards) = flow.Inverse(y);
        if (!(Apart(x, back) < 1e-8) || !(Apart(x, flow.Invert(y)) < 1e-8))
        {
            yield return $"the inverse is wrong by {Apart(x, back)}.";
        }

        if (!(Math.Abs(wanted + backwards.ToDouble()) < 1e-7))
        {
            yield return $"the inverse's log-determinant is {backwards.ToDouble()}, not {-wanted}.";
        }
    }

    private static double Apart(Tensor a, Tensor b) => (a - b).abs().max().ToDouble();
}
