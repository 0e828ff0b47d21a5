using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Looks once at all values of a column, when it is bound.</summary>
internal static class RangeCheck
{
    /// <summary>Throws where a value is not a number or lies outside the space's range, naming the first such row.</summary>
    public static void Require(Column column, SpaceInfo space)
    {
        // Divided like the readers do it; in f32 both sides, so that a bound such as 0.1 includes its own rounding.
        var scale = Pcm.Is(column) ? (float)Pcm.Scale : 1f;
        var (low, high) = ((float)space.Low, (float)space.High);
        using (var smallest = column.Values.min())
        using (var largest = column.Values.max())
        {
            // NaN compares false, so this also catches it; infinities pass only in unbounded spaces and are caught below.
            var (min, max) = (smallest.ToSingle() / scale, largest.ToSingle() / scale);
            if (min >= low && max <= high && float.IsFinite(min) && float.IsFinite(max))
            {
                return;
            }
        }

        throw Error(column, space, low, high, scale);
    }

    private static GenDslException Error(Column column, SpaceInfo space, float low, float high, float scale)
    {
        using var rows = column.Values.reshape(column.Rows, -1);
        using var flat = rows.to(ScalarType.Float32, CPU);
        var data = flat.data<float>();
        var width = flat.size(1);
        for (var i = 0L; i < data.Count; i++)
        {
            var value = data[i] / scale;
            if (!(value >= low && value <= high && float.IsFinite(value)))
            {
                var text = value.ToString(CultureInfo.InvariantCulture);
                var range = float.IsFinite(low) || float.IsFinite(high)
                    ? string.Create(CultureInfo.InvariantCulture, $"outside [{space.Low}, {space.High}]")
                    : "not finite";
                return new GenDslException(
                    $"Column '{column.Name}', row {i / width}: the value {text} is {range}, the range of space {space.Name}. Correct the data, or widen the range of the space.");
            }
        }

        return new GenDslException($"Column '{column.Name}': its range is outside that of space {space.Name}. Correct the data, or widen the range of the space.");
    }
}
