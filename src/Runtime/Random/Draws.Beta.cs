using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Draws of a beta distribution.</content>
public readonly partial struct Draws
{
    /// <summary>
    /// Numbers in [0, 1] with density proportional to x^(a - 1) (1 - x)^(b - 1): X / (X + Y) of two gamma draws. They are few, one for each
    /// sample as a rule, and computed on the host in f64, from logarithms: for small parameters X and Y are far below any number of f32.
    /// </summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="shape">How many.</param>
    /// <exception cref="GenDslException">A parameter is not above 0.</exception>
    public Tensor Beta(double a, double b, params long[] shape)
    {
        if (!(a > 0 && b > 0))
        {
            throw new GenDslException(FormattableString.Invariant($"A beta draw needs parameters above 0, not a = {a} and b = {b}."));
        }

        ArgumentNullException.ThrowIfNull(shape);
        long count = 1;
        foreach (var size in shape)
        {
            count *= size;
        }

        var numbers = new double[count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var stream = new GammaStream(DrawKey.Index(_key, i));
            numbers[i] = 1 / (1 + Math.Exp(-(stream.LogGamma(a) - stream.LogGamma(b))));
        }

        using var onHost = tensor(numbers, shape, ScalarType.Float64);
        return onHost.to(_type, Device);
    }
}
