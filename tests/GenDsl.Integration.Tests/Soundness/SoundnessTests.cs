using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using GenDsl.Dsl;
using GenDsl.Dsl.Diagnostics;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>What compiles, runs: random programs that the checker accepts are compiled, run, trained, sampled, evaluated.</summary>
public sealed class SoundnessTests(ITestOutputHelper output)
{
    private const int Batch = 50;

    private static int Programs => int.TryParse(Environment.GetEnvironmentVariable("GENDSL_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 200;

    [Fact]
    public void WhatTheCheckerAccepts_CompilesAndRuns()
    {
        // Tensors this small gain nothing from a second thread, and a busy machine makes threads wait for each other.
        int threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            Run();
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    private void Run()
    {
        var coverage = new Coverage();
        var failures = new List<(int Seed, string Why)>();
        var rejections = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int accepted = 0;
        int seed = 0;
        (double checking, double compiling, double running) = (0, 0, 0);
        long last = Stopwatch.GetTimestamp();
        while (seed < Programs)
        {
            List<(int Seed, CheckedFile File)> files = [];
            for (int i = 0; i < Batch && seed < Programs; i++, seed++)
            {
                CheckedFile file = ProgramTrial.Check("program" + seed.ToString(CultureInfo.InvariantCulture), ProgramGenerator.Program(seed).ToString());
                foreach (string code in file.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code).Distinct())
                {
                    rejections[code] = rejections.GetValueOrDefault(code) + 1;
                }

                if (!file.HasErrors)
                {
                    files.Add((seed, file));
                    coverage.Add(file);
                }
            }

            accepted += files.Count;
            checking += Since(ref last);
            CompiledPrograms programs = CompiledPrograms.Of(files.Select(f => f.File));
            compiling += Since(ref last);
            failures.AddRange(files.Select(f => (f.Seed, ProgramTrial.Failure(programs, f.File))).Where(f => f.Item2 is not null).Select(f => (f.Seed, f.Item2!)));
            running += Since(ref last);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"checking {checking:F1} s, compiling {compiling:F1} s, running {running:F1} s"));
        output.WriteLine($"{accepted} of {Programs} programs accepted, {failures.Count} failed. Rejected by: {string.Join(", ", rejections.OrderByDescending(r => r.Value).Select(r => $"{r.Key} {r.Value}"))}");
        Assert.True(failures.Count == 0, Report(failures));
        Assert.True(accepted >= 0.3 * Programs, $"Only {accepted} of {Programs} programs are accepted: the test says little.");
        Assert.True(Programs < 200 || coverage.Missing.Count == 0, "No accepted program has: " + string.Join(", ", coverage.Missing));
    }

    private static double Since(ref long last)
    {
        long now = Stopwatch.GetTimestamp();
        (long from, last) = (last, now);
        return Stopwatch.GetElapsedTime(from, now).TotalSeconds;
    }

    private static string Report(List<(int Seed, string Why)> failures)
    {
        var report = new StringBuilder($"{failures.Count} accepted programs fail:\n");
        foreach ((int seed, string why) in failures.Take(6))
        {
            ProgramText small = ProgramTrial.Minimise(ProgramGenerator.Program(seed), TimeSpan.FromSeconds(20));
            report.Append(CultureInfo.InvariantCulture, $"--- seed {seed}: {why}\n... minimised: {ProgramTrial.Failure("small", small.ToString())}\n{small}\n");
        }

        foreach ((int seed, string why) in failures.Skip(6).Take(60))
        {
            report.Append(CultureInfo.InvariantCulture, $"--- seed {seed}: {why}\n");
        }

        return report.ToString();
    }
}
