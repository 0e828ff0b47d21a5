using System;
using System.Collections.Generic;
using GenDsl.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// The DCGAN of models/dcgan.gen as fast as TorchSharp allows. One step: a generator forward, shared by both objectives; the discriminator
/// moves against softplus(-D(real)) + softplus(D(fake)), then the generator against softplus(-D(fake)) of the moved discriminator.
/// </summary>
internal sealed class DcganExpert : ITwin
{
    private const long Noise = 100;

    private static readonly Scalar HalfRange = 127.5;
    private static readonly Scalar Slope = 0.2;
    private static readonly long[] Two = [2, 2];
    private static readonly long[] One = [1, 1];

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
    private readonly BatchNorm _shrinkNorm;
    private readonly Parameter _judge;
    private readonly Parameter _judgeBias;
    private readonly Script.Adam _adamD;
    private readonly Script.Adam _adamG;
    private readonly Script.Average _average;

    /// <param name="images">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public DcganExpert(Tensor images, long batch = 128, long width = 64)
    {
        _data = images;
        _shuffle = new Shuffle(images.size(0), batch);
        _width = width;
        NoiseShape = [batch, Noise];

        _lift = Normal(2 * width * 7 * 7, Noise);
        _liftNorm = new BatchNorm(2 * width);
        _grow = Normal(2 * width, width, 4, 4);
        _growNorm = new BatchNorm(width);
        _paint = Normal(width, 1, 4, 4);
        _paintBias = new Parameter(zeros(1));

        _look = Normal(width, 1, 4, 4);
        _lookBias = new Parameter(zeros(width));
        _shrink = Normal(2 * width, width, 4, 4);
        _shrinkNorm = new BatchNorm(2 * width);
        _judge = Normal(1, 2 * width * 7 * 7);
        _judgeBias = new Parameter(zeros(1));

        Tensor[] generator = [_lift, _liftNorm.Gain, _liftNorm.Bias, _grow, _growNorm.Gain, _growNorm.Bias, _paint, _paintBias];
        Tensor[] discriminator = [_look, _lookBias, _shrink, _shrinkNorm.Gain, _shrinkNorm.Bias, _judge, _judgeBias];
        Weights = [.. generator, .. discriminator];
        _adamG = new Script.Adam(generator, 2e-4, beta1: 0.5);
        _adamD = new Script.Adam(discriminator, 2e-4, beta1: 0.5);
        _average = new Script.Average([.. generator, _liftNorm.Mean, _liftNorm.Variance, _growNorm.Mean, _growNorm.Variance], 0.999);
    }

    public IReadOnlyList<Tensor> Weights { get; }

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var rows = _shuffle.Next();
        using var noise = randn(NoiseShape);
        Step(rows, noise);
    }

    public void Step(Tensor rows, Tensor noise)
    {
        using (var fake = Generate(noise))
        {
            _adamD.Minimize(DiscriminatorLoss(rows, fake));
            _adamG.Minimize(GeneratorLoss(fake));
        }

        _average.Update();
    }

    public double[] ReadLosses() => [_adamD.ReadMeanLoss(), _adamG.ReadMeanLoss()];

    private Tensor DiscriminatorLoss(Tensor rows, Tensor fake)
    {
        using var realLogit = JudgeReal(rows);
        realLogit.neg_();
        using var realLosses = F.softplus(realLogit);
        using var realLoss = realLosses.mean();

        using var constant = fake.detach();
        using var fakeLogit = Judge(constant, learn: true);
        using var fakeLosses = F.softplus(fakeLogit);
        using var fakeLoss = fakeLosses.mean();
        return realLoss.add(fakeLoss);
    }

    /// <summary>The moved discriminator is only a path here: its own weights get no gradient and its statistics are not written.</summary>
    private Tensor GeneratorLoss(Tensor fake)
    {
        using var logit = Judge(fake, learn: false);
        logit.neg_();
        using var losses = F.softplus(logit);
        return losses.mean();
    }

    private Tensor JudgeReal(Tensor rows)
    {
        using var picked = _data.index_select(0, rows);
        using var real = picked.to(ScalarType.Float32);
        real.div_(HalfRange);
        real.add_(Scalars.MinusOne);
        return Judge(real, learn: true);
    }

    private Tensor Generate(Tensor noise)
    {
        using var lifted = F.linear(noise, _lift);
        using var small = lifted.view(-1, 2 * _width, 7, 7);
        using var smallNormed = _liftNorm.Learn(small);
        smallNormed.relu_();
        using var middle = Layers.ConvTranspose2d(smallNormed, _grow, null, Two, One, One);
        using var middleNormed = _growNorm.Learn(middle);
        middleNormed.relu_();
        return Layers.ConvTranspose2d(middleNormed, _paint, _paintBias, Two, One, One).tanh_();
    }

    private Tensor Judge(Tensor image, bool learn)
    {
        using var looked = Layers.Conv2d(image, _look, _lookBias, Two, One, One);
        looked.leaky_relu_(Slope);
        using var shrunk = Layers.Conv2d(looked, _shrink, null, Two, One, One);
        using var normed = learn ? _shrinkNorm.Learn(shrunk) : _shrinkNorm.Pass(shrunk);
        normed.leaky_relu_(Slope);
        using var flat = normed.view(normed.size(0), -1);
        return F.linear(flat, _judge, _judgeBias);
    }

    private static Parameter Normal(params long[] shape) => new(empty(shape).normal_(0, 0.02));

    private sealed class BatchNorm(long channels)
    {
        private readonly Tensor _thrownAwayMean = zeros(channels);
        private readonly Tensor _thrownAwayVariance = ones(channels);

        public Parameter Gain { get; } = new(empty(channels).normal_(1, 0.02));

        public Parameter Bias { get; } = new(zeros(channels));

        public Tensor Mean { get; } = zeros(channels);

        public Tensor Variance { get; } = ones(channels);

        public Tensor Learn(Tensor x) => F.batch_norm(x, Mean, Variance, Gain, Bias, training: true);

        /// <summary>Batch statistics without a trace: the running ones that this moves are nobody's.</summary>
        public Tensor Pass(Tensor x) => F.batch_norm(x, _thrownAwayMean, _thrownAwayVariance, Gain, Bias, training: true);
    }
}
