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
    /// A random matrix with orthonormal rows, or columns where it has more rows than columns; a tensor is read as the matrix of its first axis and
    /// the product of the others (Saxe et al. 2014, arXiv:1312.6120).
    /// </summary>
    public static Initializer Orthogonal() => new OrthogonalFill();

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

    /// <summary>
    /// The mask of a layer [out, in] whose features are in classes: one where the input's class comes before the output's, or is the
    /// same unless <paramref name="strict"/>. Feature k of n is in class k mod c, or floor(k * c / n) where n is smaller than c.
    /// </summary>
    public static Initializer ClassMask(long inputs, long outputs, bool strict) => new ClassFill(inputs, outputs, strict);

    /// <summary>
    /// The mask of a kernel [out, in, taps...] that ends with the row of the site itself: one for whole rows above, then for what is left
    /// of the middle, and at the middle by the classes of channels.
    /// </summary>
    public static Initializer TapMask(long classes, bool strict) => new TapFill(classes, strict);

    /// <summary>The norms of another tensor over all its axes but one: the gain at which a weight-normalised layer starts as its direction says.</summary>
    public static Initializer NormOf(Tensor direction, long axis) => new NormFill(direction, axis);

    /// <summary>
    /// The power vector of a spectrally normalised weight, after 15 iterations from a random direction; afterwards it follows each move of the
    /// weight by one.
    /// </summary>
    public static Initializer PowerOf(Tensor weight, long axis) => new PowerFill(weight, axis);

    /// <summary>
    /// The logarithms of the diagonal of an invertible 1x1 convolution that starts as a random rotation; filling them also sets the other factors,
    /// which were made before (<see cref="Bijections.InitialisePlu"/>).
    /// </summary>
    public static Initializer Plu(Tensor permutation, Tensor lower, Tensor upper, Tensor sign) => new PluFill(permutation, lower, upper, sign);

    /// <summary>Fills a tensor in place; random ones need f32 or f64.</summary>
    public abstract void Fill(Tensor tensor, Draws draws);

    /// <summary>What keeps a tensor at what it was filled with while another one moves; null for all but power vectors.</summary>
    internal virtual PowerIteration? Follows(Tensor tensor) => null;

    /// <summary>The orthonormal factor of a matrix of normal numbers, uniform over all such matrices (Mezzadri 2007, math-ph/0609050).</summary>
    /// <param name="normal">Shape <c>[n, m]</c>, n at least m.</param>
    /// <returns>A new tensor <c>[n, m]</c>, its columns orthonormal.</returns>
    internal static Tensor Orthonormal(Tensor normal)
    {
        var (q, r) = linalg.qr(normal);
        using (r)
        using (var diagonal = r.diagonal())
        using (var signs = diagonal.sign())
        {
            // The factor with a positive diagonal of R is unique, which makes Q uniform.
            return q.mul_(signs);
        }
    }

    private sealed record ConstantFill(double Value) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            tensor.fill_(Held.Scalar(Value));
        }
    }

    private sealed record NormFill(Tensor Direction, long Axis) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            using var norm = linalg.vector_norm(Direction, 2, Layers.Others(Direction, Axis), keepdim: true);
            tensor.copy_(norm);
        }
    }

    private sealed record PowerFill(Tensor Weight, long Axis) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            draws.FillNormal(tensor, 0, 1);
            PowerIteration.Normalise(tensor);
            var power = new PowerIteration(Weight, tensor, Axis);
            for (var i = 0; i < PowerIteration.First; i++)
            {
                power.Advance();
            }
        }

        internal override PowerIteration Follows(Tensor tensor) => new(Weight, tensor, Axis);
    }

    private sealed record PluFill(Tensor Permutation, Tensor Lower, Tensor Upper, Tensor Sign) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws) => Bijections.InitialisePlu(Permutation, Lower, Upper, Sign, tensor, draws);
    }

    private sealed record NormalFill(double Mean, double Std) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            draws.FillNormal(tensor, Mean, Std);
        }
    }

    private sealed record OrthogonalFill : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            var rows = tensor.dim() == 0 ? 1 : tensor.size(0);
            var columns = tensor.numel() / rows;
            using var normal = empty(Math.Max(rows, columns), Math.Min(rows, columns), tensor.dtype, tensor.device);
            draws.FillNormal(normal, 0, 1);
            using var q = Orthonormal(normal);
            using var turned = rows < columns ? q.t() : q.alias();
            using var shaped = turned.reshape(tensor.shape);
            tensor.copy_(shaped);
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

    private sealed record ClassFill(long Inputs, long Outputs, bool Strict) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            using var rows = Classes(tensor.size(0), Outputs, tensor.device);
            using var columns = Classes(tensor.size(1), Inputs, tensor.device);
            using var own = rows.unsqueeze(1);
            using var kept = Strict ? own.gt(columns) : own.ge(columns);
            tensor.copy_(kept);
        }

        private static Tensor Classes(long features, long classes, Device device)
        {
            var of = new long[features];
            for (var k = 0L; k < features; k++)
            {
                of[k] = features >= classes ? k % classes : k * classes / features;
            }

            return tensor(of, device: device);
        }
    }

    private sealed record TapFill(long Channels, bool Strict) : Initializer
    {
        public override void Fill(Tensor tensor, Draws draws)
        {
            using var frozen = no_grad();
            tensor.fill_(Held.Scalar(1));
            using var row = tensor.dim() == 3 ? tensor.alias() : tensor.select(2, tensor.size(2) - 1);
            var middle = tensor.dim() == 3 ? row.size(2) - 1 : row.size(2) / 2;
            using var behind = row.narrow(2, middle, row.size(2) - middle);
            behind.fill_(Held.Scalar(0));
            using var centre = row.select(2, middle);
            ClassMask(Channels, Channels, Strict).Fill(centre, draws);
        }
    }
}
