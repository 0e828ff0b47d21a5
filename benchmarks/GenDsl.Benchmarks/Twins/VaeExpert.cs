using System;
using System.Collections.Generic;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// The Bernoulli VAE of models/vae.gen, from the equations, as fast as TorchSharp allows: -ELBO = E[-log p(x|z)] + KL(q(z|x) || N(0, I)),
/// summed over a sample, averaged over the batch.
/// </summary>
internal sealed class VaeExpert : ITwin
{
    private const long Pixels = 28 * 28;

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly Parameter _encodeHiddenWeight;
    private readonly Parameter _encodeHiddenBias;
    private readonly Parameter _encodeWeight;
    private readonly Parameter _encodeBias;
    private readonly Parameter _decodeHiddenWeight;
    private readonly Parameter _decodeHiddenBias;
    private readonly Parameter _decodeWeight;
    private readonly Parameter _decodeBias;
    private readonly Script.Adam _adam;
    private readonly Scalar _perSample;
    private readonly Scalar _constant;

    /// <param name="bits">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public VaeExpert(Tensor bits, long batch = 128, long latent = 20, long hidden = 500)
    {
        _data = bits.view(-1, Pixels);
        _shuffle = new Shuffle(_data.size(0), batch);
        (_encodeHiddenWeight, _encodeHiddenBias) = Linear(Pixels, hidden);
        (_encodeWeight, _encodeBias) = Linear(hidden, 2 * latent);
        (_decodeHiddenWeight, _decodeHiddenBias) = Linear(latent, hidden);
        (_decodeWeight, _decodeBias) = Linear(hidden, Pixels);
        Weights =
        [
            _encodeHiddenWeight, _encodeHiddenBias, _encodeWeight, _encodeBias,
            _decodeHiddenWeight, _decodeHiddenBias, _decodeWeight, _decodeBias,
        ];
        _adam = new Script.Adam(Weights, 1e-3);
        NoiseShape = [batch, latent];
        _perSample = 1.0 / batch;
        _constant = -0.5 * latent;
    }

    public IReadOnlyList<Tensor> Weights { get; }

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var rows = _shuffle.Next();
        using var noise = randn(NoiseShape);
        Step(rows, noise);
    }

    public void Step(Tensor rows, Tensor noise) => _adam.Minimize(NegativeElbo(rows, noise));

    public double[] ReadLosses() => [_adam.ReadMeanLoss()];

    /// <summary>What the gradient needs is in the graph when this returns; everything else is freed before the backward.</summary>
    private Tensor NegativeElbo(Tensor rows, Tensor noise)
    {
        using var picked = _data.index_select(0, rows);
        using var x = picked.to(ScalarType.Float32);

        // Encoder, on bits moved to -1 and 1.
        using var centred = x.mul(Scalars.Two);
        centred.add_(Scalars.MinusOne);
        using var encodeHidden = F.linear(centred, _encodeHiddenWeight, _encodeHiddenBias);
        encodeHidden.relu_();
        using var encoded = F.linear(encodeHidden, _encodeWeight, _encodeBias);
        var halves = encoded.chunk(2, 1);
        using var mean = halves[0];
        using var logStd = halves[1];
        using var std = logStd.exp();

        // One draw from q(z | x).
        using var z = addcmul(mean, std, noise, Scalars.One);

        // Decoder.
        using var decodeHidden = F.linear(z, _decodeHiddenWeight, _decodeHiddenBias);
        decodeHidden.relu_();
        using var logits = F.linear(decodeHidden, _decodeWeight, _decodeBias);
        using var negativeLogLikelihood = F.binary_cross_entropy_with_logits(logits, x, reduction: nn.Reduction.Sum);

        // KL(N(mean, std^2) || N(0, 1)) = sum of (mean^2 + std^2) / 2 - log std - 1/2.
        using var squares = mean.square();
        using var spread = std.square();
        squares.add_(spread);
        squares.mul_(Scalars.Half);
        squares.sub_(logStd);
        using var kl = squares.sum();

        var loss = negativeLogLikelihood.add(kl);
        loss.mul_(_perSample);
        loss.add_(_constant);
        return loss;
    }

    private static (Parameter Weight, Parameter Bias) Linear(long inputs, long outputs)
    {
        var bound = 1 / Math.Sqrt(inputs);
        return (new Parameter(empty(outputs, inputs).uniform_(-bound, bound)), new Parameter(empty(outputs).uniform_(-bound, bound)));
    }
}
