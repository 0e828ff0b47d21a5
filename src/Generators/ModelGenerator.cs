using System.Text;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Semantics;
using GenDsl.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GenDsl.Generators;

/// <summary>Adds the C# of every <c>.gen</c> file among the additional files of a compilation.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    private readonly FileCompiler _compiler;

    /// <summary>The generator as the compiler starts it.</summary>
    public ModelGenerator()
        : this(FileCompiler.Default)
    {
    }

    internal ModelGenerator(FileCompiler compiler)
    {
        _compiler = compiler;
    }

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Only the list is collected, not the texts: below SelectMany an edit of one file does not reach the others.
        IncrementalValuesProvider<GenFile> files = context.AdditionalTextsProvider
            .Where(ListedFile.IsGen)
            .Collect()
            .SelectMany(ListedFile.Each)
            .Select(GenFile.Read)
            .WithTrackingName(TrackingNames.Read);

        IncrementalValueProvider<GenOptions> options = context.AnalyzerConfigOptionsProvider
            .Select(GenOptions.From)
            .WithTrackingName(TrackingNames.Options);

        // Read when the references change, not at every key.
        IncrementalValueProvider<CatalogueTable> catalogue = context.MetadataReferencesProvider
            .Collect()
            .Select((references, cancel) => new EquatableArray<ForeignOperation>(ForeignReader.Read(references, cancel)))
            .WithTrackingName(TrackingNames.Foreign)
            .Select((foreign, _) => foreign.Count == 0 ? CatalogueTable.Standard : ForeignOperations.Bind(foreign));

        IncrementalValuesProvider<CompiledFile> compiled = files
            .Combine(options)
            .Combine(catalogue)
            .Select((input, cancel) => _compiler.Compile(input.Left.Left, input.Left.Right, input.Right, cancel))
            .WithTrackingName(TrackingNames.Compile);

        // Forked, so that a finding that moves generates nothing again.
        IncrementalValuesProvider<EquatableArray<DiagnosticInfo>> diagnostics = compiled
            .Where(file => file.Diagnostics.Count > 0)
            .Select((file, _) => file.Diagnostics)
            .WithTrackingName(TrackingNames.Diagnostics);

        IncrementalValuesProvider<CompiledFile> output = compiled
            .Where(file => file.Code is not null)
            .Select((file, _) => file with { Diagnostics = EquatableArray<DiagnosticInfo>.Empty })
            .WithTrackingName(TrackingNames.Output);

        IncrementalValueProvider<LanguageVersion> language = context.ParseOptionsProvider
            .Select((parse, _) => ((CSharpParseOptions)parse).LanguageVersion)
            .WithTrackingName(TrackingNames.Language);

        context.RegisterSourceOutput(language, ReportOldLanguage);
        context.RegisterSourceOutput(diagnostics, Report);
        context.RegisterSourceOutput(output, Add);
    }

    private static void ReportOldLanguage(SourceProductionContext context, LanguageVersion language)
    {
        if (language < LanguageVersion.CSharp12)
        {
            context.ReportDiagnostic(ShellDiagnostics.OldLanguage(language));
        }
    }

    private static void Report(SourceProductionContext context, EquatableArray<DiagnosticInfo> diagnostics)
    {
        foreach (DiagnosticInfo diagnostic in diagnostics)
        {
            context.ReportDiagnostic(diagnostic.ToDiagnostic());
        }
    }

    private static void Add(SourceProductionContext context, CompiledFile file) =>
        context.AddSource(file.HintName, SourceText.From(file.Code!, Encoding.UTF8));
}
