using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>Grey pictures from colour and back, only where it is asked for.</summary>
internal static class Channels
{
    private const int Red = 299;
    private const int Green = 587;
    private const int Blue = 114;
    private const int All = Red + Green + Blue;

    /// <summary>The grey level of a colour (ITU-R BT.601), rounded.</summary>
    public static byte Luma(int red, int green, int blue) => (byte)((Red * red + Green * green + Blue * blue + All / 2) / All);

    /// <summary>The view <c>@grey</c>.</summary>
    public static Source Grey(Source source) => Of(source, "grey", 3, 1, static values =>
    {
        using var weights = tensor(new[] { Red, Green, Blue }, [3, 1, 1], ScalarType.Int32, values.device);
        using var integers = values.to(ScalarType.Int32);
        using var weighted = integers.mul(weights);
        using var sum = weighted.sum([1], keepdim: true);
        using var luma = sum.add_(Held.Whole(All / 2)).div_(Held.Whole(All), RoundingMode.floor);
        return luma.to(values.dtype);
    });

    /// <summary>The view <c>@color</c>.</summary>
    public static Source Color(Source source) => Of(source, "color", 1, 3, static values =>
    {
        using var picture = values.dim() == 3 ? values.unsqueeze(1) : values.alias();
        return picture.repeat(1, 3, 1, 1);
    });

    // The bits of a static draw are those of the channels they were drawn from, so the column's name for draws stays.
    private static Source Of(Source source, string view, int from, int to, System.Func<Tensor, Tensor> convert)
    {
        static int Of(Column column) => column.Kind is not ElementKind.Levels ? 0 : column.Shape switch { [_, _] or [1, _, _] => 1, [3, _, _] => 3, _ => 0 };

        if (!source.Columns.Any(column => Of(column) > 0))
        {
            throw new GenDslException($"Source '{source.Name}' has no column of pictures: '@{view}' changes their channels. Its columns: {string.Join("; ", source.Columns)}.");
        }

        return new Source(source.Name, [.. source.Columns.Select(column => Of(column) == from ? column.Of(convert(column.Values)) : column.WithView(column.View))]);
    }
}
