using System;
using System.Collections.Generic;
using GenDsl.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// The Wasserstein GAN of models/wgan_gp.gen as fast as TorchSharp allows. One step: five rounds of the critic, each on rows and noise of its
/// own, against D(fake) - D(real) + 10 (|slope| - 1)^2 with the slope at a point of each line between real and fake, then one of the generator
/// against -D(fake).
/// </summary>
internal sealed class WganGpExpert : ITwin
{
    /// <summary>Rounds of the critic in a step.</summary>
    public const int CriticSteps = 5;

    private const long Noise = 100;

    private static readonly Scalar HalfRange = 127.5;
    private static readonly Scalar Slope = 0.2;
    private static readonly Scalar Lambda = 10;
    private static readonly long[] Two = [2, 2];
    private static readonly long[] One = [1, 1];
    private static readonly long[] AllButRows = [1, 2, 3];

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly long _width;
    private readonly Parameter _lift;
    private readonly BatchNorm _liftNorm;
    private readonly Parameter _grow;
    private readonly BatchNorm _growNorm;
    private readonly Parameter _paint;
    private readonly Parameter _paintBias;
    private readonly Parameter _look;
    private readonly Parameter _lookBias;
    private readonly Parameter _shrink;
    private readonly Parameter _shrinkBias;
    private readonly Parameter _judge;
    private readonly Parameter _judgeBias;
    private readonly Script.Adam _adamD;
    private readonly Script.Adam _adamG;
    private readonly Script.Average _average;
    private readonly long[] _latentShape;
    private readonly long[] _placeShape;
    private readonly Tensor _penalties = zeros([]);
    private readonly Tensor _distances = zeros([]);
    private long _rounds;

    /// <param name="images">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public WganGpExpert(Tensor images, long batch = 128, long width = 32)
    {
        _data = images;
        _shuffle = new Shuffle(images.size(0), batch);
        _width = width;
        Batch = batch;
        NoiseShape = [CriticSteps + 1, batch, Noise + 1];
        _latentShape = [batch, Noise];
        _placeShape = [batch, 1, 1, 1];

        _lift = Uniform(Noise, 2 * width * 7 * 7, Noise);
        _liftNorm = new BatchNorm(2 * width);
        _grow = Uniform(width * 16, 2 * width, width, 4, 4);
        _growNorm = new BatchNorm(width);
        _paint = Uniform(16, width, 1, 4, 4);
        _paintBias = new Parameter(zeros(1));

        _look = Uniform(16, width, 1, 4, 4);
        _lookBias = new Parameter(zeros(width));
        _shrink = Uniform(16 * width, 2 * width, width, 4, 4);
        _shrinkBias = new Parameter(zeros(2 * width));
        _judge = Uniform(2 * width * 7 * 7, 1, 2 * width * 7 * 7);
        _judgeBias = new Parameter(zeros(1));

        Tensor[] generator = [_lift, _liftNorm.Gain, _liftNorm.Bias, _grow, _growNorm.Gain, _growNorm.Bias, _paint, _paintBias];
        Tensor[] critic = [_look, _lookBias, _shrink, _shrinkBias, _judge, _judgeBias];
        Weights = [.. generator, .. critic];
        _adamG = new Script.Adam(generator, 1e-4, beta1: 0, beta2: 0.9);
        _adamD = new Script.Adam(critic, 1e-4, beta1: 0, beta2: 0.9);
        _average = new Script.Average([.. generator, _liftNorm.Mean, _liftNorm.Variance, _growNorm.Mean, _growNorm.Variance], 0.99);
    }

    public IReadOnlyList<Tensor> Weights { get; }

    /// <summary>Of each round of the critic, and then of the generator: latents, and a place on the line behind them.</summary>
    public long[] NoiseShape { get; }

    public long Batch { get; }

    public void Step()
    {
        for (var round = 0; round < CriticSteps; round++)
        {
            using var rows = _shuffle.Next();
            using var latent = randn(_latentShape);
            using var place = rand(_placeShape);
            MoveCritic(rows, latent, place);
        }

        using var last = randn(_latentShape);
        MoveGenerator(last);
    }

    public void Step(Tensor rows, Tensor noise)
    {
        using var scope = NewDisposeScope();
        for (var round = 0; round < CriticSteps; round++)
        {
            var mine = noise[round];
            MoveCritic(rows.narrow(0, round * Batch, Batch), mine.narrow(1, 0, Noise).contiguous(), mine.narrow(1, Noise, 1).reshape(_placeShape));
        }

        MoveGenerator(noise[CriticSteps].narrow(1, 0, Noise).contiguous());
    }

    public double[] ReadLosses()
    {
        double[] means = [_penalties.item<float>() / (double)_rounds, _distances.item<float>() / (double)_rounds, _adamD.ReadMeanLoss(), _adamG.ReadMeanLoss()];
        _penalties.fill_(Scalars.Zero);
        _distances.fill_(Scalars.Zero);
        _rounds = 0;
        return means;
    }

    private void MoveCritic(Tensor rows, Tensor latent, Tensor place)
    {
        Tensor fake;
        using (no_grad())
        {
            fake = Generate(latent, learn: false);
        }

        var real = Real(rows);
        var loss = Mean(real);
        using (var ofFake = Mean(fake))
        {
            loss.sub_(ofFake);
        }

        using var mix = real.lerp(fake, place);
        real.Dispose();
        fake.Dispose();
        using (no_grad())
        {
            _distances.add_(loss);
        }

        using (var penalty = Penalty(mix))
        {
            using (no_grad())
            {
                _penalties.add_(penalty);
            }

            loss.neg_();
            loss.add_(penalty, Lambda);
        }

        _rounds++;
        _adamD.Minimize(loss);
    }

    private Tensor Penalty(Tensor mix)
    {
        mix.requires_grad_(true);
        using var judged = Judge(mix);
        using var sum = judged.sum();
        using var slopes = Script.Slope(sum, mix);
        using var steepness = linalg.vector_norm(slopes, 2, AllButRows);
        using var excess = steepness.sub(Scalars.One);
        using var squares = excess.square();
        return squares.mean();
    }

    private void MoveGenerator(Tensor latent)
    {
        Tensor loss;
        using (var fake = Generate(latent, learn: true))
        {
            loss = Mean(fake);
        }

        loss.neg_();
        _adamG.Minimize(loss);
        _average.Update();
    }

    private Tensor Real(Tensor rows)
    {
        using var picked = _data.index_select(0, rows);
        var real = picked.to(ScalarType.Float32);
        real.div_(HalfRange);
        real.add_(Scalars.MinusOne);
        return real;
    }

    private Tensor Generate(Tensor latent, bool learn)
    {
        using var lifted = F.linear(latent, _lift);
        using var small = lifted.view(-1, 2 * _width, 7, 7);
        using var smallNormed = _liftNorm.Normalise(small, learn);
        smallNormed.relu_();
        using var middle = Layers.ConvTranspose2d(smallNormed, _grow, null, Two, One, One);
        using var middleNormed = _growNorm.Normalise(middle, learn);
        middleNormed.relu_();
        return Layers.ConvTranspose2d(middleNormed, _paint, _paintBias, Two, One, One).tanh_();
    }

    private Tensor Mean(Tensor image)
    {
        using var judged = Judge(image);
        return judged.mean();
    }

    private Tensor Judge(Tensor image)
    {
        using var looked = Layers.Conv2d(image, _look, _lookBias, Two, One, One);
        looked.leaky_relu_(Slope);
        using var shrunk = Layers.Conv2d(looked, _shrink, _shrinkBias, Two, One, One);
        shrunk.leaky_relu_(Slope);
        using var flat = shrunk.view(shrunk.size(0), -1);
        return F.linear(flat, _judge, _judgeBias);
    }

    private static Parameter Uniform(long fanIn, params long[] shape) => new(empty(shape).uniform_(-1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn)));

    private sealed class BatchNorm(long channels)
    {
        public Parameter Gain { get; } = new(ones(channels));

        public Parameter Bias { get; } = new(zeros(channels));

        public Tensor Mean { get; } = zeros(channels);

        public Tensor Variance { get; } = ones(channels);

        /// <summary>By the statistics of the batch, which only the generator's own step writes down.</summary>
        public Tensor Normalise(Tensor x, bool learn) => F.batch_norm(x, learn ? Mean : null, learn ? Variance : null, Gain, Bias, training: true);
    }
}
