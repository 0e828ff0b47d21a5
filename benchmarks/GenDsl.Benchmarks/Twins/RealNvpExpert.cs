using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// The Real NVP of models/real_nvp.gen, from the equations: dequantise, logit, three checkerboard couplings, squeeze, three of channels, half
/// factored out, four of checkerboards. A coupling scales and shifts everything by numbers that are 1 and 0 on the part that it leaves alone.
/// </summary>
internal sealed class RealNvpExpert : ITwin
{
    private const double Margin = 0.05;
    private const int Pixels = 28 * 28;

    private static readonly Scalar PerLevel = (1 - (2 * Margin)) / 256;
    private static readonly Scalar Least = Margin;

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly Coupling[] _fine;
    private readonly Coupling[] _mixed;
    private readonly Coupling[] _coarse;
    private readonly Script.Adam _adam;
    private readonly Scalar _perSample;
    private readonly Scalar _constant;

    /// <param name="images">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public RealNvpExpert(Tensor images, long batch, long hidden = 32)
    {
        _data = images;
        _shuffle = new Shuffle(images.size(0), batch);
        _fine = [.. Enumerable.Range(0, 3).Select(i => new Coupling(1, hidden, Checkerboard(28, i)))];
        _mixed = [.. Enumerable.Range(0, 3).Select(i => new Coupling(4, hidden, Channels(4, i)))];
        _coarse = [.. Enumerable.Range(0, 4).Select(i => new Coupling(2, hidden, Checkerboard(14, i)))];
        Weights = [.. _fine.Concat(_mixed).Concat(_coarse).SelectMany(coupling => coupling.Weights)];
        _adam = new Script.Adam(Weights, 1e-3);
        NoiseShape = [batch, 1, 28, 28];
        _perSample = 1.0 / batch;

        // The levels, the margin of the logit, and the constant of the normal densities.
        _constant = Pixels * (Math.Log(256) - Math.Log(1 - (2 * Margin)) + (0.5 * Math.Log(2 * Math.PI)));
    }

    public IReadOnlyList<Tensor> Weights { get; }

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var rows = _shuffle.Next();
        using var noise = rand(NoiseShape);
        Step(rows, noise);
    }

    public void Step(Tensor rows, Tensor noise) => _adam.Minimize(NegativeElbo(rows, noise));

    public double[] ReadLosses() => [_adam.ReadMeanLoss()];

    private Tensor NegativeElbo(Tensor rows, Tensor noise)
    {
        using var picked = _data.index_select(0, rows);
        using var p = picked.to(ScalarType.Float32);
        p.add_(noise);
        p.mul_(PerLevel);
        p.add_(Least);
        using var log = p.log();
        p.neg_();
        p.log1p_();
        var y = log.sub(p);
        log.add_(p);

        // Minus every log-determinant, over the whole batch, and the squares: what is left of minus the log-density but for constants.
        var loss = log.sum();
        foreach (var coupling in _fine)
        {
            y = coupling.Apply(y, loss);
        }

        var squeezed = F.pixel_unshuffle(y, 2);
        y.Dispose();
        y = squeezed;

        foreach (var coupling in _mixed)
        {
            y = coupling.Apply(y, loss);
        }

        var halves = y.chunk(2, 1);
        y.Dispose();
        using var z = halves[0];
        y = halves[1];
        foreach (var coupling in _coarse)
        {
            y = coupling.Apply(y, loss);
        }

        using var last = y;
        using var first = z.square();
        using var second = last.square();
        first.add_(second);
        using var squares = first.sum();
        loss.add_(squares, Scalars.Half);
        loss.mul_(_perSample);
        loss.add_(_constant);
        return loss;
    }

    // Ones on the sites whose row + column is even, or odd.
    private static Tensor Checkerboard(int size, int parity) =>
        tensor([.. from row in Enumerable.Range(0, size) from column in Enumerable.Range(0, size) select (row + column + parity) % 2 == 0 ? 1f : 0f]).view(1, size, size);

    private static Tensor Channels(int count, int parity) =>
        tensor([.. Enumerable.Range(0, count).Select(channel => (channel < count / 2) == (parity % 2 == 0) ? 1f : 0f)]).view(count, 1, 1);

    private sealed class Coupling
    {
        private static readonly long[] One = [1, 1];

        private readonly Tensor _mask;
        private readonly Tensor _rest;
        private readonly Parameter _gain;
        private readonly Parameter[] _weights;
        private readonly Parameter[] _biases;

        public Coupling(long channels, long hidden, Tensor mask)
        {
            _mask = mask;
            _rest = 1 - mask;
            _gain = new Parameter(ones(channels, 1, 1));
            _weights = [Uniform(channels, hidden, channels, 3, 3), Uniform(hidden, hidden, hidden, 3, 3), new Parameter(zeros(2 * channels, hidden, 3, 3))];
            _biases = [Uniform(channels, hidden), Uniform(hidden, hidden), new Parameter(zeros(2 * channels))];
            Weights = [_gain, _weights[0], _biases[0], _weights[1], _biases[1], _weights[2], _biases[2]];
        }

        public Tensor[] Weights { get; }

        /// <summary>Disposes its argument; subtracts its log-determinant from the loss.</summary>
        public Tensor Apply(Tensor x, Tensor loss)
        {
            using var owned = x;
            using var seen = x.mul(_mask);
            using var first = Layers.Conv2d(seen, _weights[0], _biases[0], One, One, One);
            first.relu_();
            using var second = Layers.Conv2d(first, _weights[1], _biases[1], One, One, One);
            second.relu_();
            using var third = Layers.Conv2d(second, _weights[2], _biases[2], One, One, One);
            var parts = third.chunk(2, 1);
            using var raw = parts[0];
            using var shift = parts[1];
            using var bounded = raw.tanh();
            using var gain = _gain.mul(_rest);
            using var logScale = bounded.mul(gain);
            using var logDet = logScale.sum();
            loss.sub_(logDet);
            using var scale = logScale.exp();
            using var masked = shift.mul(_rest);
            return addcmul(masked, x, scale, Scalars.One);
        }

        private static Parameter Uniform(long channels, params long[] shape)
        {
            var bound = 1 / Math.Sqrt(9 * channels);
            return new Parameter(empty(shape).uniform_(-bound, bound));
        }
    }
}
