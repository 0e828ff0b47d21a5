using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>How a new state tensor gets its first values.</summary>
public abstract record Initializer
{
    private Initializer()
    {
    }

    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new ConstantFill(0);

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new ConstantFill(1);

    /// <summary>One number everywhere.</summary>
    public static Initializer Constant(double value) => new ConstantFill(value);

    /// <summary>Normal numbers.</summary>
    public static Initializer Normal(double mean, double std) => new NormalFill(mean, std);

    /// <summary>Uniform numbers in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static Initializer Uniform(double low, double high) => new UniformFill(low, high);

    /// <summary>
    /// Uniform numbers in ±1/sqrt(<paramref name="fanIn"/>): PyTorch's default for weights and biases of linear and convolution
    /// layers, where the fan-in is the number of inputs that one output reads.
    /// </summary>
    public static Initializer FanIn(long fanIn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fanIn, 1);
        var bound = 1 / Math.Sqrt(fanIn);
        return new UniformFill(-bound, bound);
    }

    /// <summary>Fills a tensor in place; random ones need f32 or f64.</summary>
    public abstract void Fill(Tensor tensor, Draws draws);

    private sealed record ConstantFill(double Value) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            tensor.fill_(Held.Scalar(Value));
        }
    }

    private sealed record NormalFill(double Mean, double Std) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            draws.FillNormal(tensor, Mean, Std);
        }
    }

    private sealed record UniformFill(double Low, double High) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            draws.FillUniform(tensor, Low, High);
        }
    }
}
