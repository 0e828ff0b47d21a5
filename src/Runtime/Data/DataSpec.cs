using System;

namespace GenDsl.Runtime.Data;

/// <summary>A data set as a command line names it: <c>NAME[@view][:split]</c>, for example <c>mnist@random:train</c>.</summary>
/// <param name="Name">The data set.</param>
/// <param name="View">How it is seen: <c>static</c> or <c>random</c> binarisation, or a window length for text and audio, then views of rows (<see cref="DataViews"/>), each behind an <c>@</c>.</param>
/// <param name="Split">Which rows; the data set's first split where it is left out.</param>
public sealed record DataSpec(string Name, string? View = null, string? Split = null)
{
    /// <summary>Reads a specification.</summary>
    /// <exception cref="GenDslException">It has not the form <c>NAME[@view][:split]</c>.</exception>
    public static DataSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();

        // The letter of a Windows drive is no name in front of a split.
        var drive = trimmed is [>= 'A' and <= 'z', ':', '\\' or '/', ..] ? trimmed[..2] : "";
        var (head, split) = Cut(trimmed[drive.Length..], ':');
        var (name, view) = Cut(drive + head, '@');
        if (name.Length == 0 || view is "" || split is "" || split is not null && split.AsSpan().ContainsAny(":@"))
        {
            throw new GenDslException($"'{text}' names no data. The form is NAME[@view][:split], for example mnist, mnist:test or mnist@random:train.");
        }

        return new DataSpec(name, view, split);
    }

    /// <inheritdoc/>
    public override string ToString() => Name + (View is null ? "" : "@" + View) + (Split is null ? "" : ":" + Split);

    private static (string Before, string? After) Cut(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at].Trim(), text[(at + 1)..].Trim());
    }
}
