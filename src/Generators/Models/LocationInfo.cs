using GenDsl.Dsl.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using LinePosition = Microsoft.CodeAnalysis.Text.LinePosition;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace GenDsl.Generators.Models;

/// <summary>A place in a file that is not C#, by value.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo Of(GenSource source, Dsl.Text.TextSpan span) =>
        new(source.Path, new TextSpan(span.Start, span.Length), new(At(source, span.Start), At(source, span.End)));

    /// <summary>The start of a file of which nothing else is known.</summary>
    public static LocationInfo StartOf(string path) => new(path, default, default);

    public Location ToLocation() => Location.Create(Path, Span, Lines);

    private static LinePosition At(GenSource source, int offset)
    {
        Dsl.Text.LinePosition position = source.Lines.PositionOf(offset);
        return new(position.Line, position.Column);
    }
}
