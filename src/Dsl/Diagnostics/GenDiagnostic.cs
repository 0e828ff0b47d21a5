using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>How bad a diagnostic is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Compiles and runs, but probably does not do what was meant.</summary>
    Warning,

    /// <summary>The program is rejected.</summary>
    Error,
}

/// <summary>A replacement that would mend what a diagnostic complains about.</summary>
/// <param name="Title">What the fix does: capital first letter, no full stop.</param>
/// <param name="Span">The text to replace; empty for an insertion.</param>
/// <param name="Replacement">The new text.</param>
public sealed record Fix(string Title, TextSpan Span, string Replacement);

/// <summary>A second place that explains a diagnostic.</summary>
public sealed record RelatedPlace(TextSpan Span, string Message);

/// <summary>One finding of the compiler at one place of one file.</summary>
/// <param name="Code"><c>GEN</c> and four digits: 1xxx syntax, 2xxx names, 3xxx shapes and ranges, 4xxx training, 9xxx internal.</param>
/// <param name="Severity">Whether it rejects the program.</param>
/// <param name="Source">The file.</param>
/// <param name="Span">The place in the file.</param>
/// <param name="Message">One or more sentences: what was found, what was expected, from where.</param>
public sealed record GenDiagnostic(string Code, Severity Severity, GenSource Source, TextSpan Span, string Message)
{
    /// <summary>Replacements that would mend it.</summary>
    public ImmutableArray<Fix> Fixes { get; init; } = [];

    /// <summary>Other places that explain it.</summary>
    public ImmutableArray<RelatedPlace> Related { get; init; } = [];

    /// <summary>The page that explains the code with a bad and a fixed example.</summary>
    public string HelpUri => $"https://github.com/gendsl/gendsl/blob/main/docs/diagnostics.md#{Code.ToLowerInvariant()}";

    /// <summary>The form that MSBuild, build logs and editors understand: <c>file(line,column): error CODE: message</c>.</summary>
    public override string ToString()
    {
        LinePosition at = Source.Lines.PositionOf(Span.Start);
        string level = Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
        return $"{Source.Path}({at.Line + 1},{at.Column + 1}): {level} {Code}: {Message}";
    }
}

/// <summary>Collects the diagnostics of one compilation, each place and message once, in the order of the text.</summary>
public sealed class DiagnosticBag
{
    private readonly List<GenDiagnostic> _items = [];
    private readonly HashSet<(string Code, TextSpan Span, string Message)> _seen = [];

    /// <summary>True once anything rejects the program.</summary>
    public bool HasErrors => ErrorCount > 0;

    /// <summary>Number of errors so far.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Adds a diagnostic unless the same one is there already.</summary>
    public void Add(GenDiagnostic diagnostic)
    {
        if (_seen.Add((diagnostic.Code, diagnostic.Span, diagnostic.Message)))
        {
            _items.Add(diagnostic);
            ErrorCount += diagnostic.Severity == Severity.Error ? 1 : 0;
        }
    }

    /// <summary>True where an error inside a stretch of text is reported already.</summary>
    public bool HasErrorIn(TextSpan span) => _items.Exists(d => d.Severity == Severity.Error && d.Span.Start >= span.Start && d.Span.End <= span.End);

    /// <summary>Everything so far, ordered by place.</summary>
    public ImmutableArray<GenDiagnostic> ToImmutable() =>
        [.. _items.OrderBy(d => d.Span.Start).ThenBy(d => d.Code, System.StringComparer.Ordinal)];
}
