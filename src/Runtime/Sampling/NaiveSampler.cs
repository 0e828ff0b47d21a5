using System;
using System.Threading;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Drawing by the whole net at every position: the fallback for nets that have no derived sampler, and the reference for those that have.</summary>
public static class NaiveSampler
{
    /// <summary>Draws positions in order; at each, the net sees what was drawn before and zeros elsewhere.</summary>
    /// <param name="parameters">The net: from [count, channels, sites...] (no channel axis where <paramref name="channels"/> is 0) to the parameters, each [count, numbers · channels, sites...]; the caller frees nothing.</param>
    /// <param name="draw">The distribution of a position.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="sites">None, [T] or [H, W].</param>
    /// <param name="channels">Numbers at a site; 0 where there is no axis for them.</param>
    /// <param name="isOrdered">True where channels are drawn one by one.</param>
    /// <param name="dtype">f32 or f64.</param>
    /// <param name="device">Where the tensors are.</param>
    /// <param name="noise">[count, positions, numbers per position], as <see cref="SamplerPlan.NoiseShape"/> says.</param>
    /// <param name="prefix">Given numbers, of the shape of the result; null for none.</param>
    /// <param name="known">Number of positions given; without sites, number of channels given.</param>
    /// <param name="limit">Stops after so many draws of positions, for timing; -1 for all. What follows stays zero.</param>
    /// <param name="window">With one site axis and a finite receptive field: the net sees only so many of the last sites, the own one included; 0 for all.</param>
    /// <param name="cancellation">Asked at every position.</param>
    /// <param name="progress">Told after every position: how many are done, and of how many.</param>
    /// <returns>[count, channels, sites...], or [count, sites...].</returns>
    public static Tensor Sample(
        Func<Tensor, Tensor[]> parameters, SiteDraw draw, long count, long[] sites, long channels, bool isOrdered, ScalarType dtype, Device device,
        Tensor noise, Tensor? prefix = null, long known = 0, int limit = -1, long window = 0,
        CancellationToken cancellation = default, Action<long, long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentNullException.ThrowIfNull(noise);
        var width = Math.Max(channels, 1);
        var (rows, columns) = SiteShape.Grid(sites);
        var positions = (long)rows * columns;
        long[] shape = channels == 0 ? [count, .. sites] : [count, channels, .. sites];
        if (window != 0 && sites.Length != 1)
        {
            throw new ArgumentException("A window needs one site axis.", nameof(window));
        }

        using var frozen = no_grad();
        var x = zeros(shape, dtype, device);
        using var flat = x.view(count, width, positions);
        using var numbers = noise.to(dtype, device);
        if (prefix is not null && known > 0)
        {
            using var given = prefix.to(dtype, device);
            using var all = given.reshape(count, width, positions);
            using var source = all.narrow(sites.Length == 0 ? 1 : 2, 0, known);
            using var target = flat.narrow(sites.Length == 0 ? 1 : 2, 0, known);
            target.copy_(source);
        }

        // Without sites a prefix counts channels: the variables of a MADE.
        var start = sites.Length == 0 ? 0 : known;
        var last = limit < 0 ? positions : Math.Min(positions, start + limit);
        for (var position = start; position < last; position++)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = window == 0 ? 0 : Math.Max(0, position + 1 - window);
            using var own = numbers.select(1, position);
            for (var step = sites.Length == 0 ? (int)known : 0; step < (isOrdered ? width : 1); step++)
            {
                using var seen = window == 0 ? x.alias() : x.narrow(-1, first, position + 1 - first);
                using var values = At(parameters(seen), draw, own, position - first, window == 0 ? positions : position + 1 - first, isOrdered ? step : -1, (int)width);
                using var site = flat.select(2, position);
                using var target = isOrdered ? site.narrow(1, step, 1) : site.alias();
                target.copy_(values);
            }

            progress?.Invoke(position + 1, positions);
        }

        return x;
    }

    // The draw of a position, or of one channel of it, from the parameters of all; frees these.
    private static Tensor At(Tensor[] parameters, SiteDraw draw, Tensor noise, long position, long positions, int channel, int channels)
    {
        var drawn = channel < 0 ? channels : 1;
        var counts = draw.ParameterCounts(drawn);
        var chosen = new Tensor[parameters.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            using var all = parameters[i];
            using var flat = all.reshape(all.size(0), all.size(1), -1);
            using var site = flat.select(2, flat.size(2) == positions ? position : 0);
            if ((flat.size(2) != positions && flat.size(2) != 1) || (site.size(1) != 1 && site.size(1) * drawn != counts[i] * channels))
            {
                throw new ArgumentException(FormattableString.Invariant($"'{draw.Name}' draws {drawn} channels from {counts[i]} features, but parameter {i} is {ShapeText.Of(all)}."));
            }

            // Parameter j of channel ch is feature j · channels + ch.
            using var own = channel < 0 || site.size(1) == 1 ? site.alias() : site.slice(1, channel, site.size(1), channels);
            chosen[i] = own.expand(noise.size(0), counts[i]);
        }

        var width = draw.NoiseCount(drawn);
        using var numbers = channel < 0 ? noise.alias() : noise.narrow(1, channel * width, width);
        var values = draw.Draw(chosen, numbers);
        Array.ForEach(chosen, tensor => tensor.Dispose());
        return values;
    }
}
