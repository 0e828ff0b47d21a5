using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// The DCGAN of models/dcgan.gen as TorchSharp's examples would write it: modules, optim.Adam, a dispose scope per step. Two things that
/// modules do not offer differ from the expert twin, in work rather than in losses: the generator's backward also computes the gradients of
/// the discriminator, and its pass through the discriminator moves the running statistics there.
/// </summary>
internal sealed class DcganPlain : ITwin
{
    private const double Decay = 0.999;

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly Generator _generator;
    private readonly Generator _average;
    private readonly Discriminator _discriminator;
    private readonly Adam _optimizerG;
    private readonly Adam _optimizerD;
    private readonly Tensor _totalD = zeros(1);
    private readonly Tensor _totalG = zeros(1);
    private long _count;

    /// <param name="images">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public DcganPlain(Tensor images, long batch = 128, long width = 64)
    {
        _data = images;
        _shuffle = new Shuffle(images.size(0), batch);
        NoiseShape = [batch, 100];
        _generator = new Generator(width);
        _discriminator = new Discriminator(width);
        _average = new Generator(width);
        _average.load_state_dict(_generator.state_dict());
        _optimizerG = optim.Adam(_generator.parameters(), 2e-4, 0.5, 0.999);
        _optimizerD = optim.Adam(_discriminator.parameters(), 2e-4, 0.5, 0.999);
    }

    public IReadOnlyList<Tensor> Weights => [.. _generator.parameters(), .. _discriminator.parameters()];

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var scope = NewDisposeScope();
        Step(_shuffle.Next(), randn(NoiseShape));
    }

    public void Step(Tensor rows, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var real = _data.index_select(0, rows).to(ScalarType.Float32) / 255 * 2 - 1;
        var fake = _generator.call(noise);

        _optimizerD.zero_grad();
        var lossD = F.softplus(-_discriminator.call(real)).mean() + F.softplus(_discriminator.call(fake.detach())).mean();
        lossD.backward();
        _optimizerD.step();

        _optimizerG.zero_grad();
        var lossG = F.softplus(-_discriminator.call(fake)).mean();
        lossG.backward();
        _optimizerG.step();

        Average();
        _totalD.add_(lossD.detach());
        _totalG.add_(lossG.detach());
        _count++;
    }

    public double[] ReadLosses()
    {
        double[] means = [_totalD.item<float>() / (double)_count, _totalG.item<float>() / (double)_count];
        _totalD.fill_(0);
        _totalG.fill_(0);
        _count = 0;
        return means;
    }

    private void Average()
    {
        using var frozen = no_grad();
        foreach (var (average, current) in _average.parameters().Zip(_generator.parameters()))
        {
            average.mul_(Decay).add_(current, 1 - Decay);
        }

        foreach (var ((name, average), (_, current)) in _average.named_buffers().Zip(_generator.named_buffers()))
        {
            if (name.Contains("running"))
            {
                average.mul_(Decay).add_(current, 1 - Decay);
            }
        }
    }

    private static void Initialize(Module module)
    {
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (parameter.dim() > 1)
            {
                init.normal_(parameter, 0, 0.02);
            }
            else if (name.EndsWith("norm.weight", System.StringComparison.Ordinal))
            {
                init.normal_(parameter, 1, 0.02);
            }
            else
            {
                init.zeros_(parameter);
            }
        }
    }

    private sealed class Generator : Module<Tensor, Tensor>
    {
        private readonly Sequential layers;

        public Generator(long width)
            : base("Generator")
        {
            layers = Sequential(
                ("linear", Linear(100, 2 * width * 7 * 7, hasBias: false)),
                ("unflatten", Unflatten(1, [2 * width, 7, 7])),
                ("linear_norm", BatchNorm2d(2 * width)),
                ("linear_relu", ReLU()),
                ("grow", new WholeConv(2 * width, width, isTransposed: true, hasBias: false)),
                ("grow_norm", BatchNorm2d(width)),
                ("grow_relu", ReLU()),
                ("paint", new WholeConv(width, 1, isTransposed: true)),
                ("tanh", Tanh()));
            RegisterComponents();
            Initialize(this);
        }

        public override Tensor forward(Tensor z) => layers.call(z);
    }

    private sealed class Discriminator : Module<Tensor, Tensor>
    {
        private readonly Sequential layers;

        public Discriminator(long width)
            : base("Discriminator")
        {
            layers = Sequential(
                ("look", new WholeConv(1, width, isTransposed: false)),
                ("look_relu", LeakyReLU(0.2)),
                ("shrink", new WholeConv(width, 2 * width, isTransposed: false, hasBias: false)),
                ("shrink_norm", BatchNorm2d(2 * width)),
                ("shrink_relu", LeakyReLU(0.2)),
                ("flatten", Flatten()),
                ("judge", Linear(2 * width * 7 * 7, 1)));
            RegisterComponents();
            Initialize(this);
        }

        public override Tensor forward(Tensor x) => layers.call(x);
    }
}
