using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GenDsl.Benchmarks.Compiling;

/// <summary>What an editor waits for: the generator after a one-line edit of one file among many, and the check of files of growing size.</summary>
internal static class IncrementalCommand
{
    private const int Files = 100;
    private const int Edits = 60;

    public static void Run()
    {
        string[] models = [.. CompileCommand.ModelFiles().Select(File.ReadAllText)];
        Text[] files = [.. Enumerable.Range(0, Files).Select(i => new Text(string.Create(CultureInfo.InvariantCulture, $"/project/m{i}.gen"), models[i % models.Length]))];
        CSharpCompilation project = CSharpCompilation.Create("Project", [CSharpSyntaxTree.ParseText("class Program;")]);
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator()], files);

        var clock = Stopwatch.StartNew();
        driver = driver.RunGenerators(project);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first run over {Files} files: {clock.Elapsed.TotalMilliseconds:F0} ms"));

        List<double> times = [];
        for (int i = 0; i < Edits; i++)
        {
            int which = i % Files;

            // One line more at the end of a declaration: everything below it moves.
            var edited = new Text(files[which].Path, files[which].Content.Replace("space ", string.Create(CultureInfo.InvariantCulture, $"// edit {i}\nspace "), StringComparison.Ordinal));
            driver = driver.ReplaceAdditionalText(files[which], edited);
            files[which] = edited;
            clock.Restart();
            driver = driver.RunGenerators(project);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after an edit of one file: median {times[Edits / 2]:F1} ms, 90th percentile {times[Edits * 9 / 10]:F1} ms over {Edits} edits"));
        Console.WriteLine("lines of one file, check alone:");
        foreach (int lines in new[] { 100, 1000, 2500, 5000, 10000 })
        {
            string text = Long(lines);
            double best = Enumerable.Range(0, 5).Min(_ =>
            {
                clock.Restart();
                GenCompiler.Check(new GenSource("long.gen", text));
                return clock.Elapsed.TotalMilliseconds;
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {lines,6}: {best,7:F1} ms, {best / lines * 1000,5:F1} us a line"));
        }
    }

    private static string Long(int lines)
    {
        var text = new StringBuilder("gen 1\nspace X = f32[16]\n");
        for (int i = 0; i < lines / 5; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"/// Number {i}.\nnet N{i}(width: int)(x: X) {{\n    h = x |> linear(2 * width) |> relu |> linear(16) |> tanh\n    h + x\n}}\n");
        }

        return text.ToString();
    }

    private sealed class Text(string path, string content) : AdditionalText
    {
        public override string Path { get; } = path;

        public string Content { get; } = content;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(Content, Encoding.UTF8);
    }
}
