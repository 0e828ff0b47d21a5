using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Functions whose log-determinant is constant.</content>
public static partial class Bijections
{
    /// <summary>
    /// Space to depth (Dinh et al. 2017, arXiv:1605.08803): every 2x2 square becomes four channels. Channel ch at row r, column q of a square is channel
    /// <c>4 ch + 2 r + q</c>, as in <c>pixel_unshuffle</c>. The log-determinant is 0.
    /// </summary>
    /// <param name="x">Shape <c>[N, c, h, w]</c>, h and w even.</param>
    /// <returns>Shape <c>[N, 4 c, h / 2, w / 2]</c>.</returns>
    /// <exception cref="GenDslException">The shape is none of pictures with even sides.</exception>
    public static Tensor Squeeze(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 4 || x.size(2) % 2 != 0 || x.size(3) % 2 != 0)
        {
            throw new GenDslException($"A squeeze takes pictures [N, c, h, w] with even h and w, but this tensor is {ShapeText.Of(x)}.");
        }

        return nn.functional.pixel_unshuffle(x, 2);
    }

    /// <summary>Undoes <see cref="Squeeze"/>.</summary>
    /// <param name="y">Shape <c>[N, 4 c, h, w]</c>.</param>
    /// <returns>Shape <c>[N, c, 2 h, 2 w]</c>.</returns>
    /// <exception cref="GenDslException">The channels are no multiple of four.</exception>
    public static Tensor Unsqueeze(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        if (y.dim() != 4 || y.size(1) % 4 != 0)
        {
            throw new GenDslException($"Undoing a squeeze takes pictures [N, 4 c, h, w], but this tensor is {ShapeText.Of(y)}.");
        }

        return nn.functional.pixel_shuffle(y, 2);
    }
}
