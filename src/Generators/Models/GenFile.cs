using System.Threading;

namespace GenDsl.Generators.Models;

/// <summary>One <c>.gen</c> file by value.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Text">Its text, or null where it could not be read.</param>
/// <param name="SameNameAs">The path of an earlier file whose generated file has the same name, if there is one.</param>
internal sealed record GenFile(string Path, string? Text, string? SameNameAs)
{
    public static GenFile Read(ListedFile file, CancellationToken cancel) =>
        new(file.Path, file.File.GetText(cancel)?.ToString(), file.SameNameAs);
}
