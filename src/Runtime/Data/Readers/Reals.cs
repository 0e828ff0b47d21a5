using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

internal static class Reals
{
    /// <summary>The rows in f32; takes ownership of them.</summary>
    public static Tensor From(Tensor rows)
    {
        if (rows.dtype == ScalarType.Float32)
        {
            return rows;
        }

        var real = rows.to(ScalarType.Float32);
        rows.Dispose();
        return real;
    }
}
