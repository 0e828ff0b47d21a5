using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;

namespace GenDsl.Benchmarks.Compiling;

/// <summary>How long the compiler takes from <c>.gen</c> text to C# text, first thing in a process and warmed up.</summary>
internal static class CompileCommand
{
    public const string ChildVerb = "measure-compile";

    private const int ColdRuns = 5;
    private const int WarmUps = 60;
    private const int WarmRuns = 60;

    public static void Run()
    {
        Console.Out.WriteLine($"{Machine.Describe()}. `dotnet run -c Release --project benchmarks/GenDsl.Benchmarks -- compile`");
        Console.Out.WriteLine();
        Console.Out.WriteLine("| file | lines of .gen | lines of C# | cold ms | warm ms |");
        Console.Out.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var file in ModelFiles())
        {
            var runs = Enumerable.Range(0, ColdRuns).Select(_ => Numbers(Ask(file))).ToArray();
            var source = Read(file);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(file)} | {Lines(source.Text)} | {Lines(Compile(source))} | {Statistics.Median(runs.Select(run => run[0])):F0} | {Statistics.Median(runs.Select(run => run[1])):F2} |"));
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"Cold: median of {ColdRuns} processes that compile one file first thing, the runtime's own just-in-time compilation included. Warm: median of {WarmRuns} further compilations.");
    }

    /// <summary>In a process of its own: the first time and the median of later ones, in milliseconds.</summary>
    public static string Measure(string file)
    {
        var source = Read(file);
        var cold = Time(source);
        for (var i = 0; i < WarmUps; i++)
        {
            Compile(source);
        }

        var warm = Statistics.Median(Enumerable.Range(0, WarmRuns).Select(_ => Time(source)));
        return string.Create(CultureInfo.InvariantCulture, $"{cold:R} {warm:R}");
    }

    private static string Ask(string file)
    {
        using var process = new ChildProcess(ChildVerb, file);
        return process.Hear();
    }

    private static double Time(GenSource source)
    {
        var watch = Stopwatch.StartNew();
        Compile(source);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static string Compile(GenSource source)
    {
        var file = GenCompiler.Check(source);
        return file.HasErrors
            ? throw new InvalidOperationException($"{source.Path} has errors: {string.Join("; ", file.Diagnostics.Select(diagnostic => diagnostic.Message))}")
            : CSharpEmitter.Emit(file, new EmitOptions("GenDsl.Models"));
    }

    private static GenSource Read(string file) => new(file, File.ReadAllText(file));

    private static int Lines(string text) => text.AsSpan().Count('\n');

    private static double[] Numbers(string output) =>
        [.. output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    internal static IEnumerable<string> ModelFiles()
    {
        foreach (var start in (string[])[AppContext.BaseDirectory, Directory.GetCurrentDirectory()])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var models = Path.Combine(folder.FullName, "models");
                if (File.Exists(Path.Combine(folder.FullName, "GenDsl.sln")) && Directory.Exists(models))
                {
                    return Directory.EnumerateFiles(models, "*.gen", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
                }
            }
        }

        throw new ArgumentException("The shipped models are above neither this program nor the current folder. Run it inside the repository.");
    }
}
