using System;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

public class BijectionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(1e-6)]
    public void Logit_IsInvertible(double alpha)
    {
        using var x = FlowTensors.Uniform("x", 0.01, 0.99, 3, 2, 2);
        FlowTensors.Holds(x, x => Bijections.Logit(x, alpha), y => Bijections.InverseLogit(y, alpha), (_, y) => Bijections.LogitLogDet(y, alpha));
    }

    [Fact]
    public void Sigmoid_IsInvertible()
    {
        using var x = FlowTensors.Normal("x", 3, 4);
        FlowTensors.Holds(x, x => x.sigmoid(), Bijections.InverseSigmoid, (x, _) => Bijections.SigmoidLogDet(x));
    }

    [Theory]
    [InlineData(30.0)]
    [InlineData(-700.0)]
    public void LogDetsOfTheLogistic_AreExactFarOut(double at)
    {
        using var x = tensor([at], ScalarType.Float64);
        using var logDet = Bijections.SigmoidLogDet(x);
        Assert.Equal(-Math.Abs(at) - 2 * Math.Exp(-Math.Abs(at)), logDet.ToDouble(), 1e-14 * Math.Abs(at));
    }

    [Fact]
    public void NormalQuantile_IsInvertible()
    {
        using var u = FlowTensors.Uniform("u", 1e-4, 0.9999, 3, 4);
        FlowTensors.Holds(u, Bijections.NormalQuantile, Bijections.NormalCdf, (_, z) => Bijections.NormalQuantileLogDet(z));
    }

    [Fact]
    public void NormalQuantile_IsAccurateInTheTailsInF32()
    {
        using var u = tensor(new[] { 1e-7f, 1e-4f, 0.3f, 0.999f, 0.9999999f, 0f, 1f });
        using var exactU = u.to(ScalarType.Float64);
        using var z = Bijections.NormalQuantile(u);
        using var exact = Bijections.NormalQuantile(exactU);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(exact[i].ToDouble(), z[i].ToDouble(), 4e-6);
        }

        Assert.Equal(-5.19934, z[0].ToDouble(), 1e-4);
        Assert.InRange(z[5].ToDouble(), -13.1, -12.9);
        Assert.InRange(z[6].ToDouble(), 5.2, 5.5);
        Assert.InRange(exact[5].ToDouble(), -37.6, -37.4);
        Assert.InRange(exact[6].ToDouble(), 8.1, 8.3);
        using var back = Bijections.NormalCdf(z);
        Assert.Equal(1, back[0].ToDouble() / 1e-7, 1e-4);
    }

    [Theory]
    [InlineData(new long[] { 3, 5 })]
    [InlineData(new long[] { 2, 3, 2 })]
    [InlineData(new long[] { 2, 2, 2, 3 })]
    public void Actnorm_IsInvertible(long[] shape)
    {
        using var x = FlowTensors.Normal("x", shape);
        using var bias = FlowTensors.Normal("bias", shape[1]);
        using var logScale = FlowTensors.Normal("scale", shape[1]);
        FlowTensors.Holds(
            x, x => Bijections.Actnorm(x, bias, logScale), y => Bijections.ActnormInverse(y, bias, logScale), (x, _) => Bijections.ActnormLogDet(x, logScale));
    }

    [Fact]
    public void Actnorm_StartsFromData()
    {
        using var drawn = FlowTensors.Normal("x", 20, 3, 4, 4);
        using var x = drawn * 5 + 3;
        x.narrow(1, 2, 1).fill_(4);
        using var bias = ones(3, ScalarType.Float64).requires_grad_();
        using var logScale = ones(3, ScalarType.Float64).requires_grad_();
        using var other = zeros_like(x);
        Assert.Throws<InvalidOperationException>(() => Bijections.InitialiseActnorm(x, bias, logScale));
        using (InitialPass.Begin())
        {
            Bijections.InitialiseActnorm(x, bias, logScale);
            Bijections.InitialiseActnorm(other, bias, logScale);
        }

        using var y = Bijections.Actnorm(x, bias, logScale);
        using var means = y.mean([0, 2, 3]);
        using var variances = y.var([0, 2, 3], unbiased: false);
        for (var channel = 0; channel < 3; channel++)
        {
            Assert.Equal(0, means[channel].ToDouble(), 1e-12);
            Assert.Equal(channel < 2 ? 1 : 0, variances[channel].ToDouble(), 1e-12);
        }

        Assert.Equal(-Math.Log(1e-6), logScale[2].ToDouble(), 1e-9);
    }

    [Theory]
    [InlineData(new long[] { 3, 5 })]
    [InlineData(new long[] { 2, 3, 2 })]
    [InlineData(new long[] { 2, 4, 2, 1 })]
    public void InvertibleConvolution_IsInvertible(long[] shape)
    {
        var c = shape[1];
        using var x = FlowTensors.Normal("x", shape);
        using var p = empty(c, c, ScalarType.Float64);
        using var l = empty_like(p);
        using var u = empty_like(p);
        using var sign = empty(c, ScalarType.Float64);
        using var logS = empty(c, ScalarType.Float64);
        Bijections.InitialisePlu(p, l, u, sign, logS, Draws.Root(1, CPU, ScalarType.Float64));
        using var weight = Weight(p, l, u, sign, logS);
        using var transposed = weight.t();
        using var product = weight.mm(transposed);
        using var one = eye(c, dtype: ScalarType.Float64);
        Runtime.TensorAssert.Close(one, product, 1e-12);
        using var still = Bijections.InvertibleConv1x1LogDet(x, logS);
        Assert.Equal(0, still[0].ToDouble(), 1e-12);

        // What training may make of it; the halves that are not read hold anything.
        using var noise = FlowTensors.Normal("noise", c, c);
        using var shift = FlowTensors.Normal("shift", c);
        l.add_(noise, 0.3);
        u.add_(noise, -0.3);
        logS.add_(shift, 0.5);
        FlowTensors.Holds(
            x,
            x => Bijections.InvertibleConv1x1(x, p, l, u, sign, logS),
            y => Bijections.InvertibleConv1x1Inverse(y, p, l, u, sign, logS),
            (x, _) => Bijections.InvertibleConv1x1LogDet(x, logS));
        Assert.Throws<GenDslException>(() => Bijections.InvertibleConv1x1(x, p, l, u, sign, p));
    }

    [Fact]
    public void InvertibleConvolution_IsTheConvolutionOfItsWeight_AndStartsByItsInitializer()
    {
        var build = new Build(1);
        var p = build.Buffer("permutation", StateRole.Constant, Initializer.Zeros, 6, 6);
        var l = build.Parameter("lower", StateRole.Kernel, Initializer.Zeros, 6, 6);
        var u = build.Parameter("upper", StateRole.Kernel, Initializer.Zeros, 6, 6);
        var sign = build.Buffer("sign", StateRole.Constant, Initializer.Zeros, 6);
        var logS = build.Parameter("log_s", StateRole.Gain, Initializer.Plu(p, l, u, sign), 6);
        using var x = Draws.Root(2, CPU).Normal(2, 6, 3, 3);
        using var weight = Weight(p, l, u, sign, logS);
        using var kernel = weight.reshape(6, 6, 1, 1);
        using var wanted = nn.functional.conv2d(x, kernel);
        using var y = Bijections.InvertibleConv1x1(x, p, l, u, sign, logS);
        Runtime.TensorAssert.Close(wanted, y, 1e-5);
        using var frozen = no_grad();
        using var before = x.square().sum();
        using var after = y.square().sum();
        Assert.Equal(1, after.ToDouble() / before.ToDouble(), 1e-5);
    }

    [Theory]
    [InlineData(new long[] { 4, 5 })]
    [InlineData(new long[] { 3, 2, 2, 2 })]
    public void BatchAffine_IsInvertible(long[] shape)
    {
        const double eps = 1e-5;
        var c = shape[1];
        using var x = FlowTensors.Normal("x", shape);
        using var logGamma = FlowTensors.Normal("gamma", c);
        using var beta = FlowTensors.Normal("beta", c);
        using var mean = FlowTensors.Normal("mean", c);
        using var variance = FlowTensors.Uniform("variance", 0.5, 2, c);
        FlowTensors.Holds(
            x,
            x => Bijections.BatchAffine(x, logGamma, beta, mean, variance, 0.1, eps, Mode.Evaluate),
            y => Bijections.BatchAffineInverse(y, logGamma, beta, mean, variance, eps),
            (x, _) => Bijections.BatchAffineLogDet(x, logGamma, variance, eps, Mode.Evaluate));

        // In training the same with the statistics of the batch, and one move of the running ones.
        long[] others = shape.Length == 2 ? [0] : [0, 2, 3];
        using var batchMean = x.mean(others);
        using var batchVariance = x.var(others, unbiased: false);
        using var wanted = Bijections.BatchAffine(x, logGamma, beta, batchMean, batchVariance, 0.1, eps, Mode.Evaluate);
        using var wantedLogDet = Bijections.BatchAffineLogDet(x, logGamma, batchVariance, eps, Mode.Evaluate);
        using var kept = mean.clone();
        using var moved = kept.lerp(batchMean, 0.1);
        foreach (var mode in new[] { Mode.Train, Mode.Learn })
        {
            using var y = Bijections.BatchAffine(x, logGamma, beta, mean, variance, 0.1, eps, mode);
            using var logDet = Bijections.BatchAffineLogDet(x, logGamma, variance, eps, mode);
            Runtime.TensorAssert.Close(wanted, y, 1e-10);
            Runtime.TensorAssert.Close(wantedLogDet, logDet, 1e-10);
            Runtime.TensorAssert.Close(mode == Mode.Learn ? moved : kept, mean, 1e-12);
        }
    }

    [Fact]
    public void Squeeze_IsInvertible()
    {
        using var x = FlowTensors.Normal("x", 2, 3, 4, 6);
        using var y = Bijections.Squeeze(x);
        using var back = Bijections.Unsqueeze(y);
        Assert.Equal([2, 12, 2, 3], y.shape);
        Runtime.TensorAssert.Same(x, back);
        Assert.Equal(x[1, 2, 3, 4].ToDouble(), y[1, 4 * 2 + 2, 1, 2].ToDouble());
        using var odd = zeros(1, 1, 3, 2);
        Assert.Contains("even h and w", Assert.Throws<GenDslException>(() => Bijections.Squeeze(odd)).Message, StringComparison.Ordinal);
        Assert.Throws<GenDslException>(() => Bijections.Logit(odd, 0.5));
    }

    [Theory]
    [InlineData(new long[] { 2, 3, 2, 2 }, false, 4)]
    [InlineData(new long[] { 2, 3, 2, 2 }, true, 12)]
    [InlineData(new long[] { 2, 3, 5 }, false, 5)]
    [InlineData(new long[] { 2, 3, 5 }, true, 15)]
    [InlineData(new long[] { 2, 7 }, false, 7)]
    [InlineData(new long[] { 2, 7 }, true, 7)]
    public void Positions_CoverASampleOnceInTheirOrder(long[] shape, bool channelsLast, long count)
    {
        using var like = zeros(shape);
        using var order = full(shape[1..], -1, ScalarType.Int64);
        using var positions = Bijections.Positions(like);
        for (var position = 0L; position < count; position++)
        {
            using var mask = Bijections.PositionMask(positions, like, position, channelsLast);
            Assert.True(order.masked_select(mask).eq(-1).all().ToBoolean());
            order.masked_fill_(mask, position);
        }

        using var sites = arange(like[0, 0].numel(), ScalarType.Int64).reshape([1, .. shape[2..]]);
        using var channels = arange(shape[1], ScalarType.Int64).reshape(shape.Length == 2 ? [-1] : shape.Length == 3 ? [-1, 1] : [-1, 1, 1]);
        using var wanted = shape.Length == 2 ? channels : channelsLast ? sites * shape[1] + channels : sites.expand(shape[1..]).clone();
        Runtime.TensorAssert.Same(wanted, order);
        Assert.Throws<GenDslException>(() => Bijections.PositionMask(positions, like, count, channelsLast));
        Assert.Throws<GenDslException>(() => Bijections.PositionMask(positions, like, -1, channelsLast));

        using var here = Bijections.PositionMask(positions, like, 1, channelsLast);
        using var computed = ones_like(like);
        using var taken = Bijections.TakePosition(like, computed, here);
        Assert.Equal(shape[0] * here.sum().ToInt64(), (long)taken.sum().ToDouble());
    }

    [Fact]
    public void ANumberOfVectors_IsPutInPlaceOnlyWhereNoGraphIsRecorded()
    {
        using var estimate = zeros(2, 3);
        using var computed = ones(2, 1).requires_grad_();
        using var wanted = tensor(new float[,] { { 0, 1, 0 }, { 0, 1, 0 } });
        using var recorded = Bijections.PutPosition(estimate, computed, 1);
        Runtime.TensorAssert.Same(wanted, recorded);
        Assert.True(recorded.requires_grad);
        Assert.Equal(0, estimate.sum().ToDouble());
        using var frozen = no_grad();
        using var put = Bijections.PutPosition(estimate, computed, 1);
        Runtime.TensorAssert.Same(wanted, put);
    }

    [Fact]
    public void SecondDerivatives_AreThoseOfFiniteDifferences()
    {
        using var x = FlowTensors.Uniform("x", 0.1, 0.9, 2, 3, 2, 2);
        using var c = FlowTensors.Normal("c", 3);
        using var square = FlowTensors.Normal("square", 3, 3);
        using var one = eye(3, dtype: ScalarType.Float64);
        using var sign = ones(3, ScalarType.Float64);
        using var k = FlowTensors.Uniform("k", 0.2, 1, 4, 3, 2, 2);
        Twice(x, x => Bijections.Logit(x, 0.05));
        Twice(x, x => Bijections.InverseLogit(x, 0.05));
        Twice(x, x => Bijections.LogitLogDet(x, 0.05));
        Twice(x, Bijections.NormalQuantile);
        Twice(x, Bijections.NormalCdf);
        Twice(x, x => Bijections.MixtureCdf(x, k, k, k));
        Twice(x, x => Bijections.MixtureCdfLogDet(x, k, k, k));
        Twice(k, k => Bijections.MixtureCdfLogDet(x, k, k, k));
        Twice(c, c => Bijections.Actnorm(x, x.mean([0, 2, 3]), c));
        Twice(c, c => Bijections.ActnormInverse(x, c, c));
        Twice(c, c => Bijections.InvertibleConv1x1Inverse(x, one, square, square, sign, c));
        Twice(square, square => Bijections.InvertibleConv1x1Inverse(x, one, square, square, sign, c));
        Twice(x, x => Bijections.BatchAffine(x, c, c, c, sign, 0.1, 1e-5, Mode.Train));
        Twice(x, x => Bijections.BatchAffineLogDet(x, c, sign, 1e-5, Mode.Train));
        Twice(x, x => Bijections.Squeeze(x));

        static void Twice(Tensor start, Func<Tensor, Tensor> function)
        {
            using var scope = NewDisposeScope();
            var direction = FlowTensors.Normal("direction", start.shape);
            (Tensor At, Tensor Slope) Slope(double step)
            {
                var at = (start + step * direction).detach().requires_grad_();
                var y = function(at);
                var weights = FlowTensors.Normal("weights", y.shape);
                return (at, Gradients.Of((y.square() * weights).sum(), [at], differentiable: true)[0]!);
            }

            var (at, slope) = Slope(0);
            var probe = FlowTensors.Normal("probe", start.shape);
            var second = Gradients.Of((slope * probe).sum(), [at])[0]!;
            var wanted = ((Slope(1e-5).Slope - Slope(-1e-5).Slope) * probe).sum().ToDouble() / 2e-5;
            Assert.Equal(wanted, (second * direction).sum().ToDouble(), 1e-5 * Math.Max(1, Math.Abs(wanted)));
        }
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        using var x = Draws.Root(1, CPU).Uniform(0.1, 0.9, 2, 4, 2, 2);
        using var c = ones(4);
        using var square = eye(4);
        using var k = ones(3, 4, 2, 2).requires_grad_();
        using var kN = Draws.Root(1, CPU).Uniform(0.1, 0.9, 2, 3, 4, 2, 2);
        using var points = zeros(2, 6);
        using var positions = Bijections.Positions(x);
        using var mask = Bijections.PositionMask(positions, x, 1, true);
        using var pass = InitialPass.Begin();
        var draws = Draws.Root(1, CPU);
        void All()
        {
            Bijections.Logit(x, 0.05).Dispose();
            Bijections.Logit(x, 0).Dispose();
            Bijections.InverseLogit(x, 0.05).Dispose();
            Bijections.LogitLogDet(x, 0.05).Dispose();
            Bijections.SigmoidLogDet(x).Dispose();
            Bijections.NormalQuantile(x).Dispose();
            Bijections.NormalCdf(x).Dispose();
            Bijections.NormalQuantileLogDet(x).Dispose();
            Bijections.MixtureCdf(x, k, k, k).Dispose();
            Bijections.MixtureCdfLogDet(x, kN, kN, kN).Dispose();
            Bijections.MixtureCdfInverse(x, k, kN, kN).Dispose();
            Bijections.MixtureCdfInverse(x, kN, kN, kN).Dispose();
            Bijections.Squeeze(x).Dispose();
            Bijections.Actnorm(x, c, c).Dispose();
            Bijections.ActnormInverse(x, c, c).Dispose();
            Bijections.ActnormLogDet(x, c).Dispose();
            using (var logScale = zeros(4))
            {
                Bijections.InitialiseActnorm(x, c, logScale);
            }

            Bijections.InitialisePlu(square, square, square, c, c, draws);
            square.fill_(1);
            c.fill_(1);
            Bijections.InvertibleConv1x1(x, square, square, square, c, c).Dispose();
            Bijections.InvertibleConv1x1Inverse(x, square, square, square, c, c).Dispose();
            Bijections.InvertibleConv1x1LogDet(x, c).Dispose();
            Bijections.BatchAffine(x, c, c, c, c, 0.1, 1e-5, Mode.Train).Dispose();
            Bijections.BatchAffineLogDet(x, c, c, 1e-5, Mode.Train).Dispose();
            Bijections.BatchAffineLogDet(x, c, c, 1e-5, Mode.Evaluate).Dispose();
            Bijections.BatchAffineInverse(x, c, c, c, c, 1e-5).Dispose();
            Bijections.Positions(x).Dispose();
            Bijections.PositionMask(positions, x, 1, false).Dispose();
            Bijections.TakePosition(x, x, mask).Dispose();
            foreach (var kind in Enum.GetValues<PartitionKind>())
            {
                Partitions.Mask(kind, 1, x.shape[1..], x).Dispose();
            }

            Dequantization.Dequantize(x, x, 256).Dispose();
            Dequantization.Quantize(x, 256).Dispose();
            SixD.LogProb(points).Dispose();
        }

        All();

        // What finalizers still hold of earlier tests may go meanwhile: it only lowers the count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        All();
        Assert.InRange(Tensor.TotalCount, 0, before);
    }

    private static Tensor Weight(Tensor p, Tensor l, Tensor u, Tensor sign, Tensor logS)
    {
        using var scope = NewDisposeScope();
        var lower = l.tril(-1) + eye(l.size(0), dtype: l.dtype);
        var upper = u.triu(1) + (sign * logS.exp()).diag();
        return p.mm(lower).mm(upper).detach().MoveToOuterDisposeScope();
    }
}
