using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>Writes a space as a value type over a tensor.</summary>
internal static class SpaceEmitter
{
    public static void Write(CodeWriter writer, SpaceSymbol space)
    {
        string name = CSharpNames.Pascal(space.Name);
        string kind = space.Element switch { Element.Level => "Levels", Element.Discrete or Element.Index or Element.Truth => "Real", var e => e.ToString() };
        string shape = string.Join(", ", space.Shape.Select(d => d.Value is { } size ? CSharpNames.Number(size) : "-1"));
        string free = Free(space);
        long count = space.Element == Element.Bit ? 2 : space.Count.Value ?? -1;
        Docs.Summary(writer, (space.Doc.Length > 0 ? space.Doc + "\n" : "") + $"A batch of {space.TypeOf(null)}.");
        using (writer.Braces($"public readonly partial record struct {name}(Tensor Tensor) : ISpace<{name}>"))
        {
            writer.Line("/// <summary>Element, shape and range.</summary>");
            writer.Line($"public static SpaceInfo Info {{ get; }} = new({CSharpNames.Literal(space.Name)}, ElementKind.{kind}, {CSharpNames.Number(count)}, [{shape}], {CSharpNames.Number(space.Range.Low)}, {CSharpNames.Number(space.Range.High)}){free};");
            writer.Blank();
            writer.Line("/// <summary>Takes a tensor as a batch of this space.</summary>");
            writer.Line("/// <exception cref=\"GenDslException\">Its shape, element type or range is another.</exception>");
            writer.Line($"public static {name} From(Tensor tensor) => new(Spaces.Check(tensor, Info));");
        }
    }

    private static string Free(SpaceSymbol space)
    {
        List<string> free = [];
        if (space.Shape.Any(d => d.Value is null))
        {
            free.Add($"FreeSizes = [{string.Join(", ", space.Shape.Select(d => d.AsVariable).OfType<DimVariable>().Select(v => CSharpNames.Literal(v.Name)))}]");
        }

        if (space.FreeCount is { } count)
        {
            free.Add($"FreeCount = {CSharpNames.Literal(count.Name)}");
        }

        return free.Count > 0 ? $" {{ {string.Join(", ", free)} }}" : "";
    }
}
