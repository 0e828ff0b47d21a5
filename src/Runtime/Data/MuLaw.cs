using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>
/// Mu-law companding of audio (ITU-T G.711, in the form of van den Oord et al. 2016, WaveNet, section 2.2):
/// <c>sign(x) ln(1 + mu |x|) / ln(1 + mu)</c> with mu = classes - 1, quantised to that many classes.
/// </summary>
public static class MuLaw
{
    /// <summary>Codes samples.</summary>
    /// <param name="audio">Real samples in [-1, 1], any shape; values outside are clipped.</param>
    /// <param name="classes">The number of classes, at least 2; 256 in the paper.</param>
    /// <returns>A new int64 tensor of the same shape, each in [0, <paramref name="classes"/>).</returns>
    public static Tensor Encode(Tensor audio, int classes)
    {
        double mu = classes - 1;
        using var clipped = audio.clamp(Held.Scalar(-1), Held.Scalar(1));
        using var sign = clipped.sign();
        using var magnitude = clipped.abs();
        using var scaled = magnitude.mul(Held.Scalar(mu));
        using var log = scaled.log1p();
        log.mul_(sign).mul_(Held.Scalar(0.5 * mu / System.Math.Log(1 + mu))).add_(Held.Scalar(0.5 * mu)).round_();
        return log.to(ScalarType.Int64);
    }

    /// <summary>Decodes classes to the middle of what they stand for.</summary>
    /// <param name="codes">Integer classes in [0, <paramref name="classes"/>), any shape.</param>
    /// <param name="classes">The number of classes they were coded with.</param>
    /// <returns>A new f32 tensor of the same shape in [-1, 1].</returns>
    public static Tensor Decode(Tensor codes, int classes)
    {
        double mu = classes - 1;
        using var real = codes.to(ScalarType.Float32);
        real.mul_(Held.Scalar(2 / mu)).sub_(Held.Scalar(1));
        using var sign = real.sign();
        using var power = real.abs();
        power.mul_(Held.Scalar(System.Math.Log(1 + mu)));
        var decoded = power.expm1();
        return decoded.mul_(sign).div_(Held.Scalar(mu));
    }
}
