using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>The Bernoulli VAE of models/vae.gen as TorchSharp's examples would write it: modules, optim.Adam, a dispose scope per step.</summary>
internal sealed class VaePlain : ITwin
{
    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly Vae _model;
    private readonly Adam _optimizer;
    private readonly Tensor _total = zeros(1);
    private long _count;

    /// <param name="bits">All rows, u8 of shape <c>[rows, 1, 28, 28]</c>.</param>
    public VaePlain(Tensor bits, long batch = 128, long latent = 20, long hidden = 500)
    {
        _data = bits;
        _shuffle = new Shuffle(bits.size(0), batch);
        _model = new Vae(latent, hidden);
        _optimizer = optim.Adam(_model.parameters(), 1e-3);
        NoiseShape = [batch, latent];
    }

    public IReadOnlyList<Tensor> Weights => [.. _model.parameters()];

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var scope = NewDisposeScope();
        Step(_shuffle.Next(), randn(NoiseShape));
    }

    public void Step(Tensor rows, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var x = _data.index_select(0, rows).to(ScalarType.Float32);
        var (logits, mean, logStd) = _model.call(x, noise);

        var reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction: Reduction.Sum);
        var kl = (0.5 * (mean.pow(2) + (2 * logStd).exp()) - 0.5 - logStd).sum();
        var loss = (reconstruction + kl) / x.size(0);

        _optimizer.zero_grad();
        loss.backward();
        _optimizer.step();

        _total.add_(loss.detach());
        _count++;
    }

    public double[] ReadLosses()
    {
        var mean = _total.item<float>() / (double)_count;
        _total.fill_(0);
        _count = 0;
        return [mean];
    }

    private sealed class Vae : Module<Tensor, Tensor, (Tensor Logits, Tensor Mean, Tensor LogStd)>
    {
        private readonly Sequential encoder;
        private readonly Sequential decoder;

        public Vae(long latent, long hidden)
            : base("Vae")
        {
            encoder = Sequential(
                ("flatten", Flatten()),
                ("hidden", Linear(28 * 28, hidden)),
                ("relu", ReLU()),
                ("out", Linear(hidden, 2 * latent)));
            decoder = Sequential(
                ("hidden", Linear(latent, hidden)),
                ("relu", ReLU()),
                ("out", Linear(hidden, 28 * 28)));
            RegisterComponents();
        }

        public override (Tensor Logits, Tensor Mean, Tensor LogStd) forward(Tensor x, Tensor noise)
        {
            var parts = encoder.call(2 * x - 1).chunk(2, 1);
            var (mean, logStd) = (parts[0], parts[1]);
            var z = mean + logStd.exp() * noise;
            return (decoder.call(z).view(-1, 1, 28, 28), mean, logStd);
        }
    }
}
