using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The squared Frechet distance of two sets of features as Gaussians, |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)), which is the FID where the features are
/// the Inception net's (Heusel et al. 2017, arXiv:1706.08500), in f64.
/// </summary>
/// <remarks>
/// The root is taken of the symmetric C^(1/2) C' C^(1/2), whose eigenvalues are those of C C' and never negative but for rounding, so that it is
/// right for singular covariances too. The figure depends on the feature net and on the number of rows (few rows make it too large): say them with it.
/// </remarks>
public sealed class FrechetDistance : IMetric
{
    private readonly Moments _first;
    private readonly Moments _second;

    /// <summary>Begins with no rows.</summary>
    /// <param name="features">Numbers of a row.</param>
    public FrechetDistance(long features) => (_first, _second) = (new Moments(features), new Moments(features));

    /// <inheritdoc/>
    /// <remarks>NaN without rows. A single row is a Gaussian without spread.</remarks>
    public double Value
    {
        get
        {
            if (_first.Rows == 0 || _second.Rows == 0)
            {
                return double.NaN;
            }

            using var scope = NewDisposeScope();
            var (mean, covariance) = _first.Fit();
            var (otherMean, otherCovariance) = _second.Fit();
            Tensor root = Root(covariance);
            Tensor both = Root(root.mm(otherCovariance).mm(root));
            Tensor distance = (mean - otherMean).square().sum() + covariance.trace() + otherCovariance.trace() - both.trace().mul(Held.Scalar(2));

            // A distance: what is below 0 is rounding.
            return Math.Max(0, distance.ToDouble());
        }
    }

    /// <summary>The distance of two batches: a new tensor, one number.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="y">Shape <c>[m, d]</c>.</param>
    public static Tensor Of(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var distance = new FrechetDistance(x.size(1));
        distance.Add(x, y);
        return tensor(distance.Value, get_default_dtype(), x.device);
    }

    /// <summary>Adds a batch of each; the tensors stay the caller's.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="y">Shape <c>[m, d]</c>.</param>
    public void Add(Tensor x, Tensor y)
    {
        AddX(x);
        AddY(y);
    }

    /// <summary>Adds a batch of the first; the tensor stays the caller's.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    public void AddX(Tensor x) => _first.Add(x);

    /// <summary>Adds a batch of the second; the tensor stays the caller's.</summary>
    /// <param name="y">Shape <c>[m, d]</c>.</param>
    public void AddY(Tensor y) => _second.Add(y);

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    // Of a symmetric matrix without negative eigenvalues but for rounding.
    private static Tensor Root(Tensor matrix)
    {
        var (values, vectors) = linalg.eigh((matrix + matrix.t()).mul(Held.Scalar(0.5)));
        return (vectors * values.clamp_min(Held.Scalar(0)).sqrt()).mm(vectors.t());
    }

    private sealed class Moments(long features) : IDisposable
    {
        // Squares are summed around the first batch's mean, so that a large mean does not eat the variance.
        private readonly Tensor _sum = zeros([features], ScalarType.Float64).DetachFromDisposeScope();
        private readonly Tensor _squares = zeros([features, features], ScalarType.Float64).DetachFromDisposeScope();
        private Tensor? _centre;

        public long Rows { get; private set; }

        public void Add(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor rows = x.detach().to(ScalarType.Float64, CPU);
            _centre ??= rows.mean([0]).DetachFromDisposeScope();
            Tensor centred = rows - _centre;
            _sum.add_(centred.sum([0]));
            _squares.add_(centred.t().mm(centred));
            Rows += x.size(0);
        }

        public (Tensor Mean, Tensor Covariance) Fit()
        {
            Tensor shift = _sum / Rows;
            return (_centre! + shift, (_squares - (Rows * shift.outer(shift))) / Math.Max(1, Rows - 1));
        }

        public void Dispose()
        {
            _sum.Dispose();
            _squares.Dispose();
            _centre?.Dispose();
        }
    }
}
