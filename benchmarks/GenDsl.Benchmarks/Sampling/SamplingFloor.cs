using System;
using System.Diagnostics;
using System.Numerics.Tensors;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace GenDsl.Benchmarks.Sampling;

/// <summary>
/// What this machine could do at best, on one thread: reading the weights that a position needs from where they fit, and multiplying at the rate of
/// a bare product of the same number of rows.
/// </summary>
internal static unsafe class SamplingFloor
{
    private const int Size = 512;

    /// <summary>Seconds per position.</summary>
    public static double Of(SamplerReport report, long rows, long positions)
    {
        var reading = report.WeightBytesRead / (double)positions / Bandwidth(report.WeightBytes);
        var multiplying = report.MultiplyAdds / (double)positions / Rate((int)rows);
        return Math.Max(reading, multiplying);
    }

    /// <summary>Bytes per second of a sum over so many bytes, again and again.</summary>
    public static double Bandwidth(long bytes)
    {
        var numbers = new float[Math.Max(bytes / sizeof(float), 1024)];
        float sum = 0;
        var seconds = Best(() => sum += TensorPrimitives.Sum<float>(numbers));
        GC.KeepAlive(sum);
        return sizeof(float) * (double)numbers.Length / seconds;
    }

    /// <summary>Multiply-adds per second of rows with a matrix of 1 MB, by libtorch or by the sampler's own kernel, whichever is faster.</summary>
    public static double Rate(int rows)
    {
        using var x = ones(rows, Size);
        using var w = ones(Size, Size);
        using var frozen = no_grad();
        var torch = Best(() => x.mm(w).Dispose());
        var input = new float[rows * Size];
        var output = new float[rows * Size];
        double own;
        fixed (float* from = input, to = output)
        {
            var (start, end) = ((nint)from, (nint)to);
            using var packed = new PackedMatrix(MatrixKernel.Best, Size, Size, _ => (float*)start, null);
            own = Best(() => packed.Multiply((float*)start, Size, rows, (float*)end, Size));
        }

        return (double)rows * Size * Size / Math.Min(torch, own);
    }

    // Another program on the machine only ever makes it slower; the first tenths of a second also compile.
    private static double Best(Action action)
    {
        var best = double.PositiveInfinity;
        var all = Stopwatch.StartNew();
        while (all.Elapsed.TotalSeconds < 0.6)
        {
            var repeats = 0;
            var watch = Stopwatch.StartNew();
            do
            {
                action();
                repeats++;
            }
            while (watch.Elapsed.TotalMilliseconds < 2);
            best = Math.Min(best, watch.Elapsed.TotalSeconds / repeats);
        }

        return best;
    }
}
