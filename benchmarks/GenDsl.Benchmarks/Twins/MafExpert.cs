using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>The masked autoregressive flow of models/maf.gen in the plane, from the equations: <c>(x - m) exp(-a)</c> by MADE, order reversed, five times.</summary>
internal sealed class MafExpert : ITwin
{
    private const int Dims = 2;

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly Layer[] _layers;
    private readonly Script.Adam _adam;
    private readonly Scalar _perSample;
    private readonly Scalar _constant = 0.5 * Dims * Math.Log(2 * Math.PI);

    /// <param name="points">All rows, f32 of shape <c>[rows, 2]</c>.</param>
    public MafExpert(Tensor points, long batch, int layers = 5, long hidden = 64)
    {
        _data = points;
        _shuffle = new Shuffle(points.size(0), batch);
        _layers = [.. Enumerable.Range(0, layers).Select(_ => new Layer(hidden))];
        Weights = [.. _layers.SelectMany(layer => layer.Weights)];
        _adam = new Script.Adam(Weights, 1e-3);
        NoiseShape = [batch, 1];
        _perSample = 1.0 / batch;
    }

    public IReadOnlyList<Tensor> Weights { get; }

    /// <summary>None is needed; the check reads the batch from it.</summary>
    public long[] NoiseShape { get; }

    public void Step()
    {
        using var rows = _shuffle.Next();
        Step(rows, rows);
    }

    public void Step(Tensor rows, Tensor noise) => _adam.Minimize(NegativeLogProb(rows));

    public double[] ReadLosses() => [_adam.ReadMeanLoss()];

    private Tensor NegativeLogProb(Tensor rows)
    {
        var u = _data.index_select(0, rows);
        var loss = zeros([]);
        foreach (var layer in _layers)
        {
            u = layer.Apply(u, loss);
        }

        using var squares = u.square();
        u.Dispose();
        using var sum = squares.sum();
        loss.add_(sum, Scalars.Half);
        loss.mul_(_perSample);
        loss.add_(_constant);
        return loss;
    }

    private sealed class Layer
    {
        private static readonly long[] LastAxis = [1];

        private readonly Tensor[] _masks;
        private readonly Parameter[] _weights;
        private readonly Parameter[] _biases;

        public Layer(long hidden)
        {
            // The hidden units of a plane's MADE see the first number; they are seen by shift and log-scale of the second.
            _masks = [zeros(hidden, Dims), ones(hidden, hidden), zeros(2 * Dims, hidden)];
            _masks[0].narrow(1, 0, 1).fill_(1);
            _masks[2].narrow(0, 1, 1).fill_(1);
            _masks[2].narrow(0, 3, 1).fill_(1);
            _weights = [Uniform(Dims, hidden, Dims), Uniform(hidden, hidden, hidden), Uniform(hidden, 2 * Dims, hidden)];
            _biases = [Uniform(Dims, hidden), Uniform(hidden, hidden), Uniform(hidden, 2 * Dims)];
            Weights = [_weights[0], _biases[0], _weights[1], _biases[1], _weights[2], _biases[2]];
        }

        public Tensor[] Weights { get; }

        /// <summary>Disposes its argument; subtracts its log-determinant, over the batch, from the loss.</summary>
        public Tensor Apply(Tensor x, Tensor loss)
        {
            using var owned = x;
            using var first = Masked(x, 0);
            first.relu_();
            using var second = Masked(first, 1);
            second.relu_();
            using var third = Masked(second, 2);
            var parts = third.chunk(2, 1);
            using var shift = parts[0];
            using var logScale = parts[1];
            using var sum = logScale.sum();
            loss.add_(sum);
            using var scale = logScale.neg();
            scale.exp_();
            using var moved = x.sub(shift);
            using var scaled = moved.mul(scale);
            return scaled.flip(LastAxis);
        }

        private Tensor Masked(Tensor x, int layer)
        {
            using var weight = _weights[layer].mul(_masks[layer]);
            return F.linear(x, weight, _biases[layer]);
        }

        private static Parameter Uniform(long inputs, params long[] shape)
        {
            var bound = 1 / Math.Sqrt(inputs);
            return new Parameter(empty(shape).uniform_(-bound, bound));
        }
    }
}
