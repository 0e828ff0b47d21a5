using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Draws what a model draws position by position: by a plan of its net, or by running the whole net at every position.</summary>
public static class PositionSampler
{
    /// <summary>Draws.</summary>
    /// <param name="options">How.</param>
    /// <param name="draw">The law of a position.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="sites">Site axes: none, [T] or [H, W].</param>
    /// <param name="channels">Numbers at a site; 0 where there is no axis of channels.</param>
    /// <param name="isOrdered">True where the channels of a site are drawn one by one.</param>
    /// <param name="state">The model's tensors: their type and device are the sampler's.</param>
    /// <param name="draws">The address of the noise.</param>
    /// <param name="trace">Tells a plan what the net is and returns the law's parameters; null where the net has no such form.</param>
    /// <param name="parameters">The whole net: from the numbers drawn so far, of the shape of the result, to the law's parameters at all positions.</param>
    /// <param name="prefix">Given numbers, of the shape of the result; null for none.</param>
    /// <param name="known">Number of positions taken from <paramref name="prefix"/>.</param>
    /// <returns>[count, channels, sites...], or [count, sites...] without an axis of channels, as real numbers.</returns>
    /// <exception cref="GenDslException">There is no such number of known positions.</exception>
    public static Tensor Draw(
        SamplingOptions options, SiteDraw draw, long count, long[] sites, long channels, bool isOrdered, StateTable state, Draws draws,
        Func<SamplerPlan, SiteValue[]>? trace, Func<Tensor, Tensor[]> parameters, Tensor? prefix = null, long known = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(state);
        var positions = sites.Length == 0 && isOrdered ? channels : sites.Aggregate(1L, (product, size) => product * size);
        if (known < 0 || known > positions)
        {
            throw new GenDslException(FormattableString.Invariant($"A sample has {positions} positions, so {known} of them cannot be known."));
        }

        using var frozen = no_grad();
        var (type, device) = (state.Type, state.Device);
        using var plan = new SamplerPlan(count, sites, channels, isOrdered, type, device) { Executor = options.Executor };
        using var noise = plan.Noise(draw, draws);
        using var given = prefix?.to(type, device, copy: true);
        if (options.Method == SamplingMethod.Derived && trace is not null)
        {
            return plan.Sample(draw, trace(plan), noise, given, known, options.Cancellation, options.Progress);
        }

        return NaiveSampler.Sample(WithFeatures, draw, count, sites, channels, isOrdered, type, device, noise, given, known, cancellation: options.Cancellation, progress: options.Progress);

        // Where a site has no axis of channels, a parameter of one number per site has none either.
        Tensor[] WithFeatures(Tensor root) => [.. parameters(root).Select(parameter =>
        {
            if (parameter.dim() != sites.Length + 1 || channels > 0)
            {
                return parameter;
            }

            using (parameter)
            {
                return parameter.unsqueeze(1);
            }
        })];
    }

    /// <summary>A number as a parameter of a law: [1, 1], the same for all rows, features and sites.</summary>
    public static Tensor Number(double value, StateTable state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return full([1, 1], value, state.Type, state.Device);
    }
}
