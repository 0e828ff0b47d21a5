using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Newton steps inside a bracket that holds the root, for all numbers at once (<c>rtsafe</c>, Press et al., Numerical Recipes): where a step
/// leaves the bracket, or is longer than half the last one, the bracket is halved instead.
/// </summary>
internal sealed class MixtureRootSearch : IDisposable
{
    private const int MostRounds = 64;

    // A look at the result stops the host until the device is done: not in every round.
    private const int RoundsPerLook = 4;

    private readonly LogisticMixture _mixture;
    private readonly Tensor _wanted;
    private readonly double _rounding;
    private Tensor _low;
    private Tensor _high;
    private Tensor _x;
    private Tensor _step;
    private Tensor _isDone;

    public MixtureRootSearch(LogisticMixture mixture, Tensor wanted)
    {
        _mixture = mixture;
        _wanted = wanted;
        _rounding = wanted.dtype == ScalarType.Float64 ? Math.ScaleB(1, -52) : Math.ScaleB(1, -23);
        using var quantiles = mixture.Quantiles(wanted);
        _low = quantiles.amin([1]);
        _high = quantiles.amax([1]);
        _step = _high.sub(_low);
        _isDone = zeros_like(_step, ScalarType.Bool);

        // Inside the bracket, and the root itself where there is one component.
        using var weights = mixture.LogWeights.exp();
        using var terms = quantiles.mul(weights);
        using var mean = terms.sum(1);
        _x = Within(mean);
    }

    /// <summary>The rounds that were run.</summary>
    public int Rounds { get; private set; }

    /// <summary>The root, owned by the caller.</summary>
    public Tensor Run()
    {
        while (Rounds < MostRounds && _x.numel() > 0)
        {
            Advance();
            Rounds++;
            if (Rounds % RoundsPerLook == 0 && AllAreDone())
            {
                break;
            }
        }

        return _x.alias();
    }

    public void Dispose()
    {
        _low.Dispose();
        _high.Dispose();
        _x.Dispose();
        _step.Dispose();
        _isDone.Dispose();
    }

    private void Advance()
    {
        using var standard = _mixture.Standard(_x);
        var (below, above) = _mixture.Tails(standard);
        using var odds = below.sub(above);
        using var excess = odds.sub(_wanted);
        Narrow(excess);
        using var slope = _mixture.SlopeOfLogOdds(standard, below, above);
        below.Dispose();
        above.Dispose();
        using var ratio = excess.div(slope);
        using var newton = _x.sub(ratio);
        using var accepted = IsAccepted(newton, ratio);
        using var width = _high.sub(_low);
        using var half = width.mul(Held.Scalar(0.5));
        using var middle = _low.add(half, Held.Scalar(1));
        using var chosen = where(accepted, newton, middle);

        // A number that has arrived stays: a further step is noise, and halving would throw it far away.
        using var isThere = IsThere(excess, ratio);
        var next = where(isThere, _x, chosen);
        using var change = next.sub(_x);
        Replace(ref _step, change.abs());
        Replace(ref _x, next);
        using var isShort = IsRounding(_step, _x, least: 1e-3, roundings: 2);
        Replace(ref _isDone, isThere.logical_or(isShort));
    }

    // Both ends follow where the root is met exactly.
    private void Narrow(Tensor excess)
    {
        using var isAbove = excess.ge(Held.Scalar(0));
        using var isBelow = excess.le(Held.Scalar(0));
        Replace(ref _high, where(isAbove, _x, _high));
        Replace(ref _low, where(isBelow, _x, _low));
    }

    // Comparisons with NaN are false: a flat place is left by halving.
    private Tensor IsAccepted(Tensor newton, Tensor ratio)
    {
        using var fromLow = newton.ge(_low);
        using var toHigh = newton.le(_high);
        using var length = ratio.abs();
        using var most = _step.mul(Held.Scalar(0.5));
        using var isShorter = length.le(most);
        using var isInside = fromLow.logical_and(toHigh);
        return isInside.logical_and(isShorter);
    }

    private bool AllAreDone()
    {
        using var all = _isDone.all();
        return all.ToBoolean();
    }

    // What is left is rounding: of x, or of the log-odds, which a flat place of the function turns into long steps of x.
    private Tensor IsThere(Tensor excess, Tensor ratio)
    {
        using var isShort = IsRounding(ratio, _x, least: 1e-3, roundings: 0.5);
        using var isMet = IsRounding(excess, _wanted, least: 1, roundings: 4);
        using var isThere = isShort.logical_or(isMet);
        return isThere.logical_or(_isDone);
    }

    private Tensor IsRounding(Tensor change, Tensor number, double least, double roundings)
    {
        using var length = change.abs();
        using var size = number.abs();
        using var scale = size.clamp_min(Held.Scalar(least));
        using var most = scale.mul(Held.Scalar(roundings * _rounding));
        return length.le(most);
    }

    private Tensor Within(Tensor x)
    {
        using var raised = x.maximum(_low);
        return raised.minimum(_high);
    }

    private static void Replace(ref Tensor old, Tensor value)
    {
        old.Dispose();
        old = value;
    }
}
