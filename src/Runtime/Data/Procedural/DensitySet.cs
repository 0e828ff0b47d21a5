using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>Vectors from a density that is known in closed form.</summary>
internal sealed class DensitySet : ProceduralSet
{
    private readonly int _size;
    private readonly RowMaker<float[]> _draw;

    private DensitySet(string name, string summary, int size, RowMaker<float[]> draw)
        : base(name, $"{summary}; column point ({size} {(size == 1 ? "real" : "reals")})", [], train: 8_192, test: 2_048, validation: 2_048)
    {
        _size = size;
        _draw = draw;
    }

    /// <summary>0.3 N(-2, 0.5²) + 0.4 N(0, 0.25²) + 0.3 N(2, 0.5²); entropy 1.5224 nats, by quadrature.</summary>
    public static DensitySet Bumps { get; } = new("bumps", "three normal distributions on the line", 1, (ref RowRandom random, int _) =>
    {
        var (mean, deviation) = random.Below(10) switch
        {
            < 3 => (-2, 0.5),
            < 7 => (0, 0.25),
            _ => (2, 0.5),
        };
        return [(float)(mean + deviation * random.Normal())];
    });

    /// <inheritdoc cref="Data.SixD"/>
    public static DensitySet SixD { get; } = new("six-d", "a curved density of known entropy", Data.SixD.Size, (ref RowRandom random, int _) =>
    {
        var x = new double[Data.SixD.Size];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = random.Normal();
        }

        Data.SixD.Map(x);
        return [.. x.Select(value => (float)value)];
    });

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        float[] places = [.. Rows(rows, key, _draw).SelectMany(point => point)];
        return new Source(
            request.Name,
            [new Column("point", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, tensor(places, [rows, _size]))]);
    }
}
