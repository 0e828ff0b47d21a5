using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The kernels of <see cref="SamplerPlan.Map"/>. On tensors the feature axis is the last, [..., features].</summary>
public static class SiteKernels
{
    /// <summary>max(x, 0).</summary>
    public static SiteKernel Relu { get; } = new UnaryKernel("relu", x => x.relu(), VectorMath.Relu);

    /// <summary>Hyperbolic tangent.</summary>
    public static SiteKernel Tanh { get; } = new UnaryKernel("tanh", x => x.tanh(), VectorMath.Tanh);

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static SiteKernel Sigmoid { get; } = new UnaryKernel("sigmoid", x => x.sigmoid(), VectorMath.Sigmoid);

    /// <summary>x above 0, exp(x) - 1 below.</summary>
    public static SiteKernel Elu { get; } = new UnaryKernel("elu", x => nn.functional.elu(x, 1.0), VectorMath.Elu);

    /// <summary>x · sigmoid(x).</summary>
    public static SiteKernel Silu { get; } = new UnaryKernel("silu", x => nn.functional.silu(x), VectorMath.Silu);

    /// <summary>log(1 + exp(x)).</summary>
    public static SiteKernel Softplus { get; } = new UnaryKernel("softplus", x => nn.functional.softplus(x), VectorMath.Softplus);

    /// <summary>exp(x).</summary>
    public static SiteKernel Exp { get; } = new UnaryKernel("exp", x => x.exp(), VectorMath.Exp);

    /// <summary>The natural logarithm.</summary>
    public static SiteKernel Log { get; } = new UnaryKernel("log", x => x.log(), VectorMath.Log);

    /// <summary>|x|.</summary>
    public static SiteKernel Abs { get; } = new UnaryKernel("abs", x => x.abs(), VectorMath.Abs);

    /// <summary>-x.</summary>
    public static SiteKernel Negate { get; } = new UnaryKernel("neg", x => x.neg(), VectorMath.Negate);

    /// <summary>exp(x) over its sum, over the features.</summary>
    public static SiteKernel Softmax { get; } = new UnaryKernel("softmax", x => x.softmax(-1), VectorMath.Softmax, SiteKernelKind.Mixing);

    /// <summary>The logarithm of the softmax over the features.</summary>
    public static SiteKernel LogSoftmax { get; } = new UnaryKernel("log_softmax", x => x.log_softmax(-1), VectorMath.LogSoftmax, SiteKernelKind.Mixing);

    /// <summary>The sum of its inputs.</summary>
    public static SiteKernel Add { get; } = new FoldKernel("+", (a, b) => a.add(b, Held.Scalar(1)), VectorMath.Add, VectorMath.Add);

    /// <summary>The first less the others.</summary>
    public static SiteKernel Subtract { get; } = new FoldKernel("-", (a, b) => a.sub(b), VectorMath.Subtract, (a, b, result) => VectorMath.Add(a, -b, result));

    /// <summary>The product of its inputs.</summary>
    public static SiteKernel Multiply { get; } = new FoldKernel("*", (a, b) => a.mul(b), VectorMath.Multiply, VectorMath.Multiply);

    /// <summary>The first over the others.</summary>
    public static SiteKernel Divide { get; } = new FoldKernel("/", (a, b) => a.div(b), VectorMath.Divide, VectorMath.Divide);

    /// <summary>1 where the first is below the second, 0 elsewhere.</summary>
    public static SiteKernel Less { get; } = new FoldKernel("<", Comparisons.Less, VectorMath.Less, VectorMath.Less);

    /// <summary>1 where the first is the second or below it, 0 elsewhere.</summary>
    public static SiteKernel LessOrEqual { get; } = new FoldKernel("<=", Comparisons.LessOrEqual, VectorMath.LessOrEqual, VectorMath.LessOrEqual);

    /// <summary>tanh(a) · sigmoid(b) of the two halves (van den Oord et al. 2016): [2f] to [f].</summary>
    public static SiteKernel Gated { get; } = new HalvesKernel("gated", Gate, VectorMath.Gate);

    /// <summary>a · sigmoid(b) of the two halves (Dauphin et al. 2017): [2f] to [f].</summary>
    public static SiteKernel Glu { get; } = new HalvesKernel("glu", LinearGate, VectorMath.LinearGate);

    /// <summary>elu(x) joined with elu(-x): [f] to [2f].</summary>
    public static SiteKernel ConcatElu { get; } = new ConcatEluKernel();

    /// <summary>factor · x + offset.</summary>
    public static SiteKernel Scale(double factor, double offset = 0) => new ScaleKernel(factor, offset);

    /// <summary>x above 0, slope · x below.</summary>
    public static SiteKernel LeakyRelu(double slope = 0.01)
    {
        var single = (float)slope;
        return new UnaryKernel("leaky_relu", x => nn.functional.leaky_relu(x, slope), (x, result) => VectorMath.LeakyRelu(x, single, result));
    }

    /// <summary>1 where x is below a number, 0 elsewhere.</summary>
    public static SiteKernel Below(double number)
    {
        var (held, single) = (Held.Scalar(number), (float)number);
        return new UnaryKernel("<", x => Comparisons.Less(x, held), (x, result) => VectorMath.Less(x, single, result));
    }

    /// <summary>1 where x is a number or below it, 0 elsewhere.</summary>
    public static SiteKernel AtMost(double number)
    {
        var (held, single) = (Held.Scalar(number), (float)number);
        return new UnaryKernel("<=", x => Comparisons.LessOrEqual(x, held), (x, result) => VectorMath.LessOrEqual(x, single, result));
    }

    /// <summary>1 where x is above a number, 0 elsewhere.</summary>
    public static SiteKernel Above(double number)
    {
        var (held, single) = (Held.Scalar(number), (float)number);
        return new UnaryKernel(">", x => Comparisons.Greater(x, held), (x, result) => VectorMath.Greater(x, single, result));
    }

    /// <summary>1 where x is a number or above it, 0 elsewhere.</summary>
    public static SiteKernel AtLeast(double number)
    {
        var (held, single) = (Held.Scalar(number), (float)number);
        return new UnaryKernel(">=", x => Comparisons.GreaterOrEqual(x, held), (x, result) => VectorMath.GreaterOrEqual(x, single, result));
    }

    /// <summary>x to a power.</summary>
    public static SiteKernel Power(double exponent)
    {
        var held = Held.Scalar(exponent);
        var single = (float)exponent;
        return new UnaryKernel("^", x => x.pow(held), (x, result) => VectorMath.Power(x, single, result));
    }

    /// <summary>Any function of tensors [..., features], which broadcast; it returns a new one and frees its temporaries. Runs by tensor calls only.</summary>
    /// <param name="function">The function.</param>
    /// <param name="kind">How it treats features.</param>
    public static SiteKernel Of(Func<Tensor[], Tensor> function, SiteKernelKind kind = SiteKernelKind.Pointwise)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new TensorKernel(function, kind);
    }

    private static Tensor Gate(Tensor a, Tensor b)
    {
        using var gate = b.sigmoid();
        var value = a.tanh();
        return value.mul_(gate);
    }

    private static Tensor LinearGate(Tensor a, Tensor b)
    {
        var gate = b.sigmoid();
        return gate.mul_(a);
    }
}
