using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using Microsoft.CodeAnalysis;

namespace GenDsl.Generators.Models;

/// <summary>A diagnostic by value, as the pipeline may keep it.</summary>
internal sealed record DiagnosticInfo(
    string Code,
    DiagnosticSeverity Severity,
    string Message,
    LocationInfo Location,
    EquatableArray<LocationInfo> Related,
    string HelpUri)
{
    public static DiagnosticInfo Of(GenDiagnostic diagnostic) => new(
        diagnostic.Code,
        diagnostic.Severity switch
        {
            Dsl.Diagnostics.Severity.Error => DiagnosticSeverity.Error,
            Dsl.Diagnostics.Severity.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Info,
        },
        diagnostic.Message,
        LocationInfo.Of(diagnostic.Source, diagnostic.Span),
        new(diagnostic.Related.Select(place => LocationInfo.Of(diagnostic.Source, place.Span)).ToImmutableArray()),
        diagnostic.HelpUri);

    // An error that a project could silence would let types through that only throw.
    private static readonly string[] s_fixed = [WellKnownDiagnosticTags.NotConfigurable];

    public Diagnostic ToDiagnostic()
    {
        // The message is an argument and not the format, for it may hold braces.
        var descriptor = new DiagnosticDescriptor(Code, "GenDsl", "{0}", "GenDsl", Severity, isEnabledByDefault: true, helpLinkUri: HelpUri, customTags: Severity == DiagnosticSeverity.Error ? s_fixed : []);
        return Diagnostic.Create(descriptor, Location.ToLocation(), Related.Select(place => place.ToLocation()), Message);
    }
}
