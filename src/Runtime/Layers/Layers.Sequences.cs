using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Moving and looking up the values of sites.</content>
public static partial class Layers
{
    /// <summary>A sequence later by a number of steps, zeros in front.</summary>
    /// <param name="x">Shape <c>[..., t]</c>.</param>
    /// <param name="steps">0 or above; from t on, all is zero.</param>
    public static Tensor Delay(Tensor x, long steps)
    {
        var shift = Math.Min(steps, x.size(-1));
        return nn.functional.pad(x, (shift, -shift));
    }

    /// <summary>The rows of a table that labels ask for, as features: <c>[n]</c> to <c>[n, e]</c>, <c>[n, t]</c> to <c>[n, e, t]</c>, <c>[n, c, ...]</c> to <c>[n, e * c, ...]</c>, component before channel.</summary>
    /// <param name="x">Labels, of any integral or real type, in [0, count).</param>
    /// <param name="weight">Shape <c>[count, e]</c>.</param>
    /// <param name="axis">Where the features go: the first axis of a sample.</param>
    public static Tensor Embed(Tensor x, Tensor weight, int axis)
    {
        using var labels = x.to(ScalarType.Int64);
        using var flat = labels.flatten();
        using var rows = weight.index_select(0, flat);
        using var shaped = rows.reshape([.. x.shape, weight.size(1)]);
        var features = shaped.movedim([x.dim()], [axis]);
        if (x.dim() - axis < 2)
        {
            return features;
        }

        using (features)
        {
            return features.flatten(axis, axis + 1);
        }
    }
}
