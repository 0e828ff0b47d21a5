using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What figures of frozen features share: labelled features that something is fitted to, and others that it is tested on, gathered whole.</summary>
/// <remarks>Features are kept on the CPU as f32: 60,000 rows of 512 take 120 MiB.</remarks>
public abstract class FeatureProbe : IMetric
{
    private readonly List<Tensor> _fit = [];
    private readonly List<Tensor> _fitLabels = [];
    private readonly List<Tensor> _test = [];
    private readonly List<Tensor> _testLabels = [];

    /// <inheritdoc/>
    /// <remarks>The share of test rows that are told right, in [0, 1]. NaN without rows of either kind.</remarks>
    /// <exception cref="GenDslException">Features are not finite, or labels lie outside of the classes.</exception>
    public double Value
    {
        get
        {
            if (_fit.Count == 0 || _test.Count == 0)
            {
                return double.NaN;
            }

            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            Tensor fit = cat([.. _fit]), test = cat([.. _test]);
            if (!fit.isfinite().all().ToBoolean() || !test.isfinite().all().ToBoolean())
            {
                throw new GenDslException("The features are not finite, so that nothing can be said of them: the net has diverged, or divides by 0.");
            }

            Tensor said = Predict(fit, cat([.. _fitLabels]), test);
            return said.eq(cat([.. _testLabels])).to(ScalarType.Float64).mean().ToDouble();
        }
    }

    /// <summary>Adds a batch of features that it is fitted to; the tensor stays the caller's.</summary>
    /// <param name="fit">Shape <c>[n, d]</c>.</param>
    public void AddFit(Tensor fit) => Keep(_fit, fit, ScalarType.Float32);

    /// <summary>Adds their labels.</summary>
    /// <param name="fitLabels">Shape <c>[n]</c>, integers from 0.</param>
    public void AddFitLabels(Tensor fitLabels) => Keep(_fitLabels, fitLabels, ScalarType.Int64);

    /// <summary>Adds a batch of features that it is tested on.</summary>
    /// <param name="test">Shape <c>[n, d]</c>.</param>
    public void AddTest(Tensor test) => Keep(_test, test, ScalarType.Float32);

    /// <summary>Adds their labels.</summary>
    /// <param name="testLabels">Shape <c>[n]</c>.</param>
    public void AddTestLabels(Tensor testLabels) => Keep(_testLabels, testLabels, ScalarType.Int64);

    /// <summary>Adds a batch of all four.</summary>
    /// <param name="fit">Shape <c>[n, d]</c>.</param>
    /// <param name="fitLabels">Shape <c>[n]</c>.</param>
    /// <param name="test">Shape <c>[m, d]</c>.</param>
    /// <param name="testLabels">Shape <c>[m]</c>.</param>
    public void Add(Tensor fit, Tensor fitLabels, Tensor test, Tensor testLabels)
    {
        AddFit(fit);
        AddFitLabels(fitLabels);
        AddTest(test);
        AddTestLabels(testLabels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kept in (List<Tensor>[])[_fit, _fitLabels, _test, _testLabels])
        {
            kept.ForEach(tensor => tensor.Dispose());
            kept.Clear();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What is said of each test row, int64.</summary>
    private protected abstract Tensor Predict(Tensor fit, Tensor labels, Tensor test);

    private static void Keep(List<Tensor> kept, Tensor rows, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var scope = NewDisposeScope();
        kept.Add(rows.detach().to(type, CPU, copy: true).DetachFromDisposeScope());
    }
}
