using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>
/// The invertible 1x1 convolution, with its weight as <c>P L (U + diag(sign exp(logS)))</c> (Kingma and Dhariwal 2018, Glow, arXiv:1807.03039):
/// L is 1 on its diagonal, U is 0 there, and the determinant is the product of <c>exp(logS)</c>, up to its sign.
/// </content>
public static partial class Bijections
{
    /// <summary>Multiplies the channels of every site by the weight.</summary>
    /// <param name="x">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="permutation">P, <c>[c, c]</c>, of the type of the others.</param>
    /// <param name="lower">L, <c>[c, c]</c>; only what is below the diagonal is read.</param>
    /// <param name="upper">U, <c>[c, c]</c>; only what is above the diagonal is read.</param>
    /// <param name="sign">The signs of the diagonal, 1 or -1, <c>[c]</c>.</param>
    /// <param name="logS">The logarithms of its sizes, <c>[c]</c>.</param>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor InvertibleConv1x1(Tensor x, Tensor permutation, Tensor lower, Tensor upper, Tensor sign, Tensor logS)
    {
        CheckPlu(x, permutation, lower, upper, sign, logS);
        using var columns = Columns(x);
        using var u = UpperFactor(upper, sign, logS);
        using var l = LowerFactor(lower);
        using var permuted = permutation.mm(l);
        using var weight = permuted.mm(u);
        using var y = weight.mm(columns);
        return FromColumns(y, x.shape);
    }

    /// <summary>Undoes <see cref="InvertibleConv1x1"/>, by two triangular systems.</summary>
    /// <param name="y">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="permutation">As <see cref="InvertibleConv1x1"/> takes it.</param>
    /// <param name="lower">As <see cref="InvertibleConv1x1"/> takes it.</param>
    /// <param name="upper">As <see cref="InvertibleConv1x1"/> takes it.</param>
    /// <param name="sign">As <see cref="InvertibleConv1x1"/> takes it.</param>
    /// <param name="logS">As <see cref="InvertibleConv1x1"/> takes it.</param>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor InvertibleConv1x1Inverse(Tensor y, Tensor permutation, Tensor lower, Tensor upper, Tensor sign, Tensor logS)
    {
        CheckPlu(y, permutation, lower, upper, sign, logS);
        using var columns = Columns(y);
        using var back = permutation.t();
        using var permuted = back.mm(columns);
        using var l = LowerFactor(lower);
        using var half = linalg.solve_triangular(l, permuted, upper: false, left: true, unitriangular: true);
        using var u = UpperFactor(upper, sign, logS);
        using var x = linalg.solve_triangular(u, half, upper: true, left: true, unitriangular: false);
        return FromColumns(x, y.shape);
    }

    /// <summary>The log-determinant of <see cref="InvertibleConv1x1"/>.</summary>
    /// <param name="x">Its argument or result, <c>[N, c, sites...]</c>: only the shape is read.</param>
    /// <param name="logS">Shape <c>[c]</c>.</param>
    /// <returns>The number of sites times the sum of <paramref name="logS"/>, <c>[N]</c>.</returns>
    public static Tensor InvertibleConv1x1LogDet(Tensor x, Tensor logS)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(logS);
        return PerSite(x, logS);
    }

    /// <summary>Sets the factors to those of a random orthogonal matrix, uniform over all (Mezzadri 2007, math-ph/0609050): log-determinant 0.</summary>
    /// <param name="permutation">P, <c>[c, c]</c>; written.</param>
    /// <param name="lower">L without its diagonal, <c>[c, c]</c>; written.</param>
    /// <param name="upper">U without its diagonal, <c>[c, c]</c>; written.</param>
    /// <param name="sign">Shape <c>[c]</c>; written.</param>
    /// <param name="logS">Shape <c>[c]</c>; written.</param>
    /// <param name="draws">Where the matrix is drawn.</param>
    internal static void InitialisePlu(Tensor permutation, Tensor lower, Tensor upper, Tensor sign, Tensor logS, Draws draws)
    {
        ArgumentNullException.ThrowIfNull(permutation);
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        ArgumentNullException.ThrowIfNull(sign);
        ArgumentNullException.ThrowIfNull(logS);
        using var frozen = no_grad();
        using var rotation = Rotation(logS.size(0), draws);
        var (p, l, u) = linalg.lu(rotation);
        using (p)
        using (l)
        using (u)
        {
            using var diagonal = u.diagonal();
            using var signs = diagonal.sign();
            using var sizes = diagonal.abs();
            using var logs = sizes.log();
            using var below = l.tril(-1);
            using var above = u.triu(1);
            permutation.copy_(p);
            lower.copy_(below);
            upper.copy_(above);
            sign.copy_(signs);
            logS.copy_(logs);
        }
    }

    // On the CPU in f64, so that a seed means the same matrix, up to rounding, on every device.
    private static Tensor Rotation(long size, Draws draws)
    {
        using var drawn = draws.On(CPU).Normal(size, size);
        using var gaussian = drawn.to(ScalarType.Float64);
        return Initializer.Orthonormal(gaussian);
    }

    private static Tensor LowerFactor(Tensor lower)
    {
        using var below = lower.tril(-1);
        using var one = eye(lower.size(0), dtype: lower.dtype, device: lower.device);
        return below.add(one, Held.Scalar(1));
    }

    private static Tensor UpperFactor(Tensor upper, Tensor sign, Tensor logS)
    {
        using var above = upper.triu(1);
        using var sizes = logS.exp();
        using var signed = sizes.mul(sign);
        using var diagonal = signed.diag();
        return above.add(diagonal, Held.Scalar(1));
    }

    // [N, c, sites...] as [c, N * sites] and back.
    private static Tensor Columns(Tensor x)
    {
        using var channelsFirst = x.transpose(0, 1);
        return channelsFirst.reshape(x.size(1), x.size(0) * Sites(x));
    }

    private static Tensor FromColumns(Tensor columns, long[] shape)
    {
        using var channelsFirst = columns.reshape([shape[1], shape[0], .. shape[2..]]);
        using var rowsFirst = channelsFirst.transpose(0, 1);
        return rowsFirst.contiguous();
    }

    private static void CheckPlu(Tensor x, params Tensor[] factors)
    {
        ArgumentNullException.ThrowIfNull(x);
        var fits = x.dim() >= 2;
        for (var i = 0; i < factors.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(factors[i]);
            long[] wanted = !fits ? [] : i < 3 ? [x.size(1), x.size(1)] : [x.size(1)];
            fits = fits && factors[i].shape.AsSpan().SequenceEqual(wanted);
        }

        if (!fits)
        {
            throw new GenDslException(
                $"An invertible convolution of [N, c, ...] has factors P, L, U of shape [c, c] and sign, log_s of shape [c], but they are {string.Join(", ", factors.Select(ShapeText.Of))} for {ShapeText.Of(x)}.");
        }
    }
}
