using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using GenDsl.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace GenDsl.Generators.Tests.Pipeline;

/// <summary>One project under the generator: edited step by step, and run after each edit.</summary>
internal sealed class GeneratorRun
{
    public static ImmutableArray<MetadataReference> Platform { get; } =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToImmutableArray();

    private CSharpCompilation _project;
    private GeneratorDriver _driver;

    public GeneratorRun(FileCompiler compiler, ProjectOptions? options, LanguageVersion language, params AdditionalText[] files)
        : this(compiler, options, language, [], files)
    {
    }

    public GeneratorRun(FileCompiler compiler, ProjectOptions? options, LanguageVersion language, MetadataReference[] references, params AdditionalText[] files)
    {
        var parse = new CSharpParseOptions(language);
        _project = CSharpCompilation.Create(
            "User",
            [CSharpSyntaxTree.ParseText("class Program;", parse)],
            Platform.AddRange(references),
            new(OutputKind.DynamicallyLinkedLibrary));
        _driver = CSharpGeneratorDriver.Create(
            [new ModelGenerator(compiler).AsSourceGenerator()],
            files,
            parse,
            options ?? new ProjectOptions(),
            new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        Run();
    }

    public GeneratorRun(params AdditionalText[] files)
        : this(new FileCompiler(Toy.Compile), null, LanguageVersion.Latest, files)
    {
    }

    public Compilation Output { get; private set; } = null!;

    public GeneratorRunResult Result => Assert.Single(_driver.GetRunResult().Results);

    public ImmutableArray<Diagnostic> Diagnostics => Result.Diagnostics;

    public IEnumerable<string> HintNames => Result.GeneratedSources.Select(source => source.HintName);

    public string Code(string hintName) => Result.GeneratedSources.Single(source => source.HintName == hintName).SourceText.ToString();

    public void EditCSharp(string text)
    {
        SyntaxTree old = _project.SyntaxTrees.Single();
        _project = _project.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)old.Options));
        Run();
    }

    public void Edit(AdditionalText old, AdditionalText now)
    {
        _driver = _driver.ReplaceAdditionalText(old, now);
        Run();
    }

    public void EditOptions(ProjectOptions options)
    {
        _driver = _driver.WithUpdatedAnalyzerConfigOptions(options);
        Run();
    }

    public void Run()
    {
        _driver = _driver.RunGeneratorsAndUpdateCompilation(_project, out Compilation output, out _);
        Output = output;
        Assert.Null(Result.Exception);
    }

    /// <summary>Why each output of a named step is there, in the order of the files.</summary>
    public IEnumerable<IncrementalStepRunReason> Reasons(string step) =>
        Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? runs.SelectMany(run => run.Outputs).OrderBy(output => FileOf(output.Value), StringComparer.Ordinal).Select(output => output.Reason)
            : [];

    public IEnumerable<IncrementalStepRunReason> SourceReasons() =>
        Result.TrackedOutputSteps.Values.SelectMany(runs => runs).SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static string FileOf(object value) => value switch
    {
        GenFile file => file.Path,
        CompiledFile file => file.HintName,
        _ => "",
    };
}
