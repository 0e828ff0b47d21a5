using System;

namespace GenDsl.Runtime;

/// <summary>Gamma draws from an address, by the squeeze of Marsaglia and Tsang (2000), as logarithms.</summary>
internal struct GammaStream(ulong key)
{
    private long _drawn;

    /// <summary>The logarithm of a draw with density proportional to x^(shape - 1) e^-x.</summary>
    public double LogGamma(double shape)
    {
        // Below 1 it is a draw of shape + 1 times u^(1 / shape).
        if (shape < 1)
        {
            return LogGamma(shape + 1) + (Math.Log(Uniform()) / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var root = 1 + (c * x);
            if (root <= 0)
            {
                continue;
            }

            var logCube = 3 * Math.Log(root);
            if (Math.Log(Uniform()) < (0.5 * x * x) + (d * (1 - (root * root * root) + logCube)))
            {
                return Math.Log(d) + logCube;
            }
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    // In (0, 1), 53 bits.
    private double Uniform() => ((DrawKey.Index(key, _drawn++) >> 11) + 0.5) * Math.Pow(2, -53);
}
