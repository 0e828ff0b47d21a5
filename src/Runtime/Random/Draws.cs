using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// A splittable address of randomness: a seed followed by sites and indices. It has no hidden state: the same address gives the
/// same numbers, whenever and however often it is asked, so a resumed run needs no generator state and an added draw shifts no other.
/// </summary>
/// <remarks>
/// Addresses are 64-bit hashes; torch's CPU generator reads only the low 32 bits of a seed, so two of <c>n</c> addresses give the same
/// stream with probability about <c>n² / 2³³</c>.
/// </remarks>
public readonly partial struct Draws
{
    private readonly ulong _key;
    private readonly Device _device;
    private readonly ScalarType _type;

    private Draws(ulong key, Device device, ScalarType type)
    {
        _key = key;
        _device = device;
        _type = type;
    }

    /// <summary>The device the draws are made on.</summary>
    public Device Device => _device ?? CPU;

    /// <summary>The element type of real-valued draws: f32 or f64.</summary>
    public ScalarType Type => _type;

    /// <summary>The 64-bit hash of the address.</summary>
    internal ulong Key => _key;

    /// <summary>The address that all randomness under a seed starts from.</summary>
    public static Draws Root(ulong seed, Device device, ScalarType type = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(device);
        TorchRuntime.Initialize();
        return new Draws(DrawKey.Root(seed), device, type);
    }

    /// <summary>An address that torch's own generator chooses: for calls outside of a trainer, which have none.</summary>
    public static Draws Fresh(Device device)
    {
        using var seed = torch.randint(long.MaxValue, 1, ScalarType.Int64);
        return Root(unchecked((ulong)seed.ToInt64()), device);
    }

    /// <summary>The address of a named place below this one.</summary>
    public Draws At(string site) => new(DrawKey.Site(_key, site), _device, _type);

    /// <summary>The address of a numbered place (a step, a loop index) below this one.</summary>
    public Draws At(long index) => new(DrawKey.Index(_key, index), _device, _type);

    /// <summary>The same address on another device.</summary>
    public Draws On(Device device) => new(_key, device, _type);

    /// <summary>Standard normal numbers.</summary>
    public Tensor Normal(params long[] shape)
    {
        using var generator = NewGenerator();
        var result = empty(shape, _type, Device);
        result.normal_(0, 1, generator);
        return result;
    }

    /// <summary>
    /// Standard normal numbers in [<paramref name="low"/>, <paramref name="high"/>]: those of <see cref="Normal"/> at this address where they
    /// lie inside, and others, drawn anew, in place of those that do not.
    /// </summary>
    /// <remarks>What is drawn anew comes by the inverse of the distribution function, in f64, so that a narrow interval costs no more than a wide one.</remarks>
    /// <exception cref="GenDslException"><paramref name="low"/> is not below <paramref name="high"/>.</exception>
    public Tensor NormalWithin(double low, double high, params long[] shape)
    {
        if (!(low < high))
        {
            throw new GenDslException(FormattableString.Invariant($"A normal draw needs low < high, not low = {low} and high = {high}: what 'within' says must be above 0."));
        }

        using Scalar least = low, most = high;
        using var drawn = Normal(shape);
        using var below = drawn.lt(least);
        using var above = drawn.gt(most);
        using var outside = below.logical_or(above);
        using var anew = QuantilesWithin(low, high, shape);
        return where(outside, anew, drawn);
    }

    /// <summary>Numbers uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public Tensor Uniform(double low, double high, params long[] shape)
    {
        if (!(low < high))
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, "A uniform draw needs low < high.");
        }

        using var generator = NewGenerator();
        var result = empty(shape, _type, Device);
        result.uniform_(low, high, generator);
        return result;
    }

    /// <summary>Zeros and ones of the shape and type of <paramref name="probabilities"/>, which lie in [0, 1]. Carries no gradient.</summary>
    public Tensor Bernoulli(Tensor probabilities)
    {
        using var generator = NewGenerator();
        using var frozen = no_grad();
        return probabilities.bernoulli(generator);
    }

    /// <summary>Class indices (int64) for logits of shape <c>[..., classes]</c>, by the Gumbel-max trick; shape <c>[...]</c>.</summary>
    public Tensor Categorical(Tensor logits)
    {
        using var generator = NewGenerator();
        using var frozen = no_grad();
        using var noise = empty_like(logits);
        noise.exponential_(1, generator);
        noise.log_();
        using var scores = logits - noise;
        return scores.argmax(-1);
    }

    /// <summary>Integers (int64) uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public Tensor Integers(long low, long high, params long[] shape)
    {
        if (low >= high)
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, "An integer draw needs low < high.");
        }

        using var generator = NewGenerator();
        var result = empty(shape, ScalarType.Int64, Device);
        result.random_(low, high, generator);
        return result;
    }

    /// <summary>A permutation of 0 .. <paramref name="n"/> - 1 (int64).</summary>
    public Tensor Permutation(long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        using var generator = NewGenerator();
        return randperm(n, ScalarType.Int64, Device, generator: generator);
    }

    /// <summary>Fills <paramref name="tensor"/> with normal numbers.</summary>
    internal void FillNormal(Tensor tensor, double mean, double std)
    {
        using var generator = NewGenerator();
        tensor.normal_(mean, std, generator);
    }

    /// <summary>Fills <paramref name="tensor"/> with uniform numbers.</summary>
    internal void FillUniform(Tensor tensor, double low, double high)
    {
        using var generator = NewGenerator();
        tensor.uniform_(low, high, generator);
    }

    /// <summary>Fills <paramref name="tensor"/> with ones of probability <paramref name="p"/>, and zeros.</summary>
    internal void FillKeep(Tensor tensor, double p)
    {
        using var generator = NewGenerator();
        tensor.bernoulli_(p, generator);
    }

    // Of what lies above 0 the mirror image: the distribution function is exact far below 0, not far above.
    private Tensor QuantilesWithin(double low, double high, long[] shape)
    {
        bool isMirrored = low > 0;
        (low, high) = isMirrored ? (-high, -low) : (low, high);
        using var ends = tensor(new[] { low, high }, ScalarType.Float64);
        using var probabilities = Bijections.NormalCdf(ends);
        double[] p = [.. probabilities.data<double>()];
        using var u = new Draws(At("within")._key, _device, ScalarType.Float64).Uniform(0, 1, shape);
        using Scalar width = p[1] - p[0], start = p[0], least = low, most = high;
        u.mul_(width).add_(start);
        using var quantiles = Bijections.NormalQuantile(u);
        quantiles.clamp_(least, most);
        if (isMirrored)
        {
            quantiles.neg_();
        }

        return quantiles.to(_type);
    }

    private torch.Generator NewGenerator() => new(_key, Device);
}
