using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// How often a linear classifier of frozen features is right: multinomial logistic regression on features with mean 0 and deviation 1 over the rows that it
/// is fitted to, with a small penalty on its squared weights, brought to its optimum.
/// </summary>
/// <remarks>
/// The objective is convex and has one optimum, so that the figure needs no learning rate, no seed and no number of epochs. Accelerated gradient steps of
/// 1/L (Nesterov 1983), L a bound on the curvature, that begin anew where they go astray (O'Donoghue and Candes 2015, arXiv:1204.3982).
/// </remarks>
public sealed class LinearProbe : FeatureProbe
{
    private const int MostSteps = 2000;

    // Of the mean loss; where no slope is steeper, accuracies no longer change.
    private const double Flat = 1e-5;

    private readonly long _classes;
    private readonly double _decay;

    /// <summary>Begins with no rows.</summary>
    /// <param name="classes">The number of labels.</param>
    /// <param name="decay">The weight of half the sum of the squared weights beside the mean loss, 0 or above.</param>
    public LinearProbe(long classes, double decay = 1e-3)
    {
        if (!(decay >= 0))
        {
            throw new GenDslException(FormattableString.Invariant($"The penalty of a linear probe must be 0 or above, but it is {decay}."));
        }

        (_classes, _decay) = (classes, decay);
    }

    /// <summary>The figure of one batch: a new tensor, one number.</summary>
    /// <param name="fit">Shape <c>[n, d]</c>.</param>
    /// <param name="fitLabels">Shape <c>[n]</c>.</param>
    /// <param name="test">Shape <c>[m, d]</c>.</param>
    /// <param name="testLabels">Shape <c>[m]</c>.</param>
    /// <param name="classes">The number of labels.</param>
    /// <param name="decay">The weight of the penalty.</param>
    public static Tensor Of(Tensor fit, Tensor fitLabels, Tensor test, Tensor testLabels, long classes, double decay)
    {
        ArgumentNullException.ThrowIfNull(fit);
        using var probe = new LinearProbe(classes, decay);
        probe.Add(fit, fitLabels, test, testLabels);
        return tensor(probe.Value, get_default_dtype(), fit.device);
    }

    /// <inheritdoc/>
    private protected override Tensor Predict(Tensor fit, Tensor labels, Tensor test)
    {
        Tensor mean = fit.mean([0], keepdim: true);

        // A feature that is the same everywhere says nothing, and stays 0.
        Tensor deviation = (fit - mean).square().mean([0], keepdim: true).sqrt();
        Tensor scale = where(deviation.gt(1e-6), deviation.reciprocal(), zeros_like(deviation));
        Tensor x = WithOne((fit - mean) * scale);
        Tensor weights = Fit(x, nn.functional.one_hot(labels, _classes).to(ScalarType.Float32));
        return WithOne((test - mean) * scale).mm(weights).argmax(1);
    }

    private static Tensor WithOne(Tensor x) => cat([x, ones(x.size(0), 1)], 1);

    private Tensor Fit(Tensor x, Tensor targets)
    {
        long n = x.size(0);

        // The bias goes free of the penalty.
        Tensor decay = full([x.size(1), 1], _decay);
        decay[x.size(1) - 1].fill_(0);
        double step = 1 / ((0.5 * LargestEigenvalue(x)) + _decay);
        Tensor weights = zeros(x.size(1), _classes), ahead = weights;
        double momentum = 1;
        for (int i = 0; i < MostSteps; i++)
        {
            using var scope = NewDisposeScope();
            Tensor slope = (x.t().mm(x.mm(ahead).softmax(1) - targets) / n) + (decay * ahead);
            if (slope.abs().max().ToDouble() < Flat)
            {
                break;
            }

            Tensor next = ahead - (step * slope);
            Tensor moved = next - weights;
            if ((slope * moved).sum().ToDouble() > 0)
            {
                momentum = 1;
            }

            double later = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            ahead = (next + ((momentum - 1) / later * moved)).MoveToOuterDisposeScope();
            weights = next.MoveToOuterDisposeScope();
            momentum = later;
        }

        return weights;
    }

    // Of x'x / n, from below by power iteration and a little above that.
    private static double LargestEigenvalue(Tensor x)
    {
        Tensor vector = ones(x.size(1), 1);
        double value = 0;
        for (int i = 0; i < 100; i++)
        {
            using var scope = NewDisposeScope();
            Tensor image = x.t().mm(x.mm(vector)) / x.size(0);
            value = image.norm().ToDouble();
            vector = (image / value).MoveToOuterDisposeScope();
        }

        return 1.05 * value;
    }
}
