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
/// The Glow of models/glow.gen, from the equations: two levels of steps, each an activation normalisation that the first batch sets, an
/// invertible convolution by its LU factors and an affine coupling of halves; a learned prior for the half that is factored out.
/// </summary>
internal sealed class GlowExpert : ITwin
{
    private const int Pixels = 28 * 28;

    private static readonly Scalar PerLevel = 1.0 / 256;
    private static readonly Scalar MinusHalf = -0.5;
    private static readonly long[] One = [1, 1];
    private static readonly long[] None = [0, 0];

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly FlowStep[] _fine;
    private readonly FlowStep[] _coarse;
    private readonly Parameter _priorWeight;
    private readonly Parameter _priorBias;
    private readonly Script.Adam _adam;
    private readonly Scalar _perSample;
    private readonly Scalar _constant;
    private bool _isSet;

    /// <param name="images">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public GlowExpert(Tensor images, long batch, long hidden, int steps)
    {
        _data = images;
        _shuffle = new Shuffle(images.size(0), batch);
        _fine = [.. Enumerable.Range(0, steps).Select(_ => new FlowStep(4, 14 * 14, hidden))];
        _priorWeight = new Parameter(zeros(4, 2, 3, 3));
        _priorBias = new Parameter(zeros(4));
        _coarse = [.. Enumerable.Range(0, steps).Select(_ => new FlowStep(8, 7 * 7, hidden))];
        Tensor[] learned = [.. _fine.SelectMany(step => step.Learned), _priorWeight, _priorBias, .. _coarse.SelectMany(step => step.Learned)];
        Weights = [.. learned, .. _fine.Concat(_coarse).SelectMany(step => step.Constants)];
        _adam = new Script.Adam(learned, 1e-3);
        NoiseShape = [batch, 1, 28, 28];
        _perSample = 1.0 / batch;
        _constant = Pixels * (Math.Log(256) + (0.5 * Math.Log(2 * Math.PI)));
    }

    /// <summary>What learns, then the constant factors of the convolutions.</summary>
    public IReadOnlyList<Tensor> Weights { get; }

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var rows = _shuffle.Next();
        using var noise = rand(NoiseShape);
        Step(rows, noise);
    }

    public void Step(Tensor rows, Tensor noise)
    {
        if (!_isSet)
        {
            using var frozen = no_grad();
            using var ignored = NegativeElbo(rows, noise, set: true);
            _isSet = true;
        }

        _adam.Minimize(NegativeElbo(rows, noise, set: false));
    }

    public double[] ReadLosses() => [_adam.ReadMeanLoss()];

    private Tensor NegativeElbo(Tensor rows, Tensor noise, bool set)
    {
        using var picked = _data.index_select(0, rows);
        using var image = picked.to(ScalarType.Float32);
        image.add_(noise);
        image.mul_(PerLevel);
        image.add_(MinusHalf);
        var y = F.pixel_unshuffle(image, 2);

        // Minus every log-determinant, over the whole batch, and minus the logarithms of the densities, but for constants.
        var loss = zeros([]);
        foreach (var step in _fine)
        {
            y = step.Apply(y, loss, set);
        }

        var halves = y.chunk(2, 1);
        y.Dispose();
        using (var z = halves[0])
        using (var rest = halves[1])
        {
            using var prior = Layers.Conv2d(rest, _priorWeight, _priorBias, One, One, One);
            var parts = prior.chunk(2, 1);
            using var mean = parts[0];
            using var logStd = parts[1];
            using var negative = logStd.neg();
            negative.exp_();
            using var centred = z.sub(mean);
            using var standard = centred.mul(negative);
            using var squares = standard.square();
            squares.mul_(Scalars.Half);
            squares.add_(logStd);
            using var sum = squares.sum();
            loss.add_(sum);
            y = F.pixel_unshuffle(rest, 2);
        }

        foreach (var step in _coarse)
        {
            y = step.Apply(y, loss, set);
        }

        using var last = y.square();
        y.Dispose();
        using var total = last.sum();
        loss.add_(total, Scalars.Half);
        loss.mul_(_perSample);
        loss.add_(_constant);
        return loss;
    }

    private sealed class FlowStep
    {
        private readonly long _sites;
        private readonly long[] _perChannel;
        private readonly long[] _kernel;
        private readonly Tensor _identity;
        private readonly Parameter _bias;
        private readonly Parameter _logScale;
        private readonly Tensor _permutation;
        private readonly Parameter _lower;
        private readonly Parameter _upper;
        private readonly Tensor _sign;
        private readonly Parameter _logS;
        private readonly Parameter[] _weights;
        private readonly Parameter[] _biases;

        public FlowStep(long channels, long sites, long hidden)
        {
            _sites = sites;
            _perChannel = [channels, 1, 1];
            _kernel = [channels, channels, 1, 1];
            _identity = eye(channels);
            _bias = new Parameter(zeros(channels));
            _logScale = new Parameter(zeros(channels));
            var (q, _) = linalg.qr(randn(channels, channels));
            var (p, l, u) = linalg.lu(q);
            _permutation = p;
            _sign = u.diagonal().sign();
            _lower = new Parameter(l.tril(-1));
            _upper = new Parameter(u.triu(1));
            _logS = new Parameter(u.diagonal().abs().log());
            var half = channels / 2;
            _weights = [Uniform(9 * half, hidden, half, 3, 3), Uniform(hidden, hidden, hidden, 1, 1), new Parameter(zeros(channels, hidden, 3, 3))];
            _biases = [Uniform(9 * half, hidden), Uniform(hidden, hidden), new Parameter(zeros(channels))];
            Learned = [_bias, _logScale, _lower, _upper, _logS, _weights[0], _biases[0], _weights[1], _biases[1], _weights[2], _biases[2]];
            Constants = [_permutation, _sign];
        }

        public Tensor[] Learned { get; }

        public Tensor[] Constants { get; }

        /// <summary>Disposes its argument; subtracts its log-determinant, over the batch, from the loss.</summary>
        public Tensor Apply(Tensor x, Tensor loss, bool set)
        {
            if (set)
            {
                Set(x);
            }

            using var mixed = Mix(x);
            using (var logs = _logScale.add(_logS))
            using (var logDet = logs.sum())
            {
                loss.add_(logDet, -x.size(0) * _sites);
            }

            x.Dispose();
            var halves = mixed.chunk(2, 1);
            using var a = halves[0];
            using var b = halves[1];
            using var first = Layers.Conv2d(a, _weights[0], _biases[0], One, One, One);
            first.relu_();
            using var second = Layers.Conv2d(first, _weights[1], _biases[1], One, None, One);
            second.relu_();
            using var third = Layers.Conv2d(second, _weights[2], _biases[2], One, One, One);
            var parts = third.chunk(2, 1);
            using var raw = parts[0];
            using var shift = parts[1];
            using var opened = raw.add(Scalars.Two);
            using var gate = opened.sigmoid();
            using var logGate = F.logsigmoid(opened);
            using var gateLogDet = logGate.sum();
            loss.sub_(gateLogDet);
            using var shifted = b.add(shift);
            using var scaled = shifted.mul(gate);
            return cat([a, scaled], 1);
        }

        private Tensor Mix(Tensor x)
        {
            using var bias = _bias.view(_perChannel);
            using var scale = _logScale.exp();
            using var perChannel = scale.view(_perChannel);
            using var moved = x.add(bias);
            using var normal = moved.mul(perChannel);

            using var below = _lower.tril(-1);
            using var lower = below.add(_identity);
            using var above = _upper.triu(1);
            using var sizes = _logS.exp();
            using var signed = sizes.mul(_sign);
            using var diagonal = signed.diag();
            using var upper = above.add(diagonal);
            using var permuted = _permutation.mm(lower);
            using var weight = permuted.mm(upper);
            using var kernel = weight.view(_kernel);
            return Layers.Conv2d(normal, kernel, null, One, None, One);
        }

        private void Set(Tensor x)
        {
            using var scope = NewDisposeScope();
            var (std, mean) = std_mean(x, [0, 2, 3], unbiased: false, keepdim: false);
            _bias.copy_(-mean);
            _logScale.copy_(-std.clamp_min(1e-6).log());
        }

        private static Parameter Uniform(long inputs, params long[] shape)
        {
            var bound = 1 / Math.Sqrt(inputs);
            return new Parameter(empty(shape).uniform_(-bound, bound));
        }
    }
}
