using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// The masked autoregressive flow of models/maf.gen as TorchSharp's examples and the libraries of flows write one: modules, a log-density for each
/// sample, its mean, optim.Adam, a dispose scope per step.
/// </summary>
internal sealed class MafPlain : ITwin
{
    private const int Dims = 2;

    private readonly Tensor _data;
    private readonly Shuffle _shuffle;
    private readonly Flow _model;
    private readonly Adam _optimizer;
    private readonly Tensor _total = zeros(1);
    private long _count;

    /// <param name="points">All rows, f32 of shape <c>[rows, 2]</c>.</param>
    public MafPlain(Tensor points, long batch, int layers = 5, long hidden = 64)
    {
        _data = points;
        _shuffle = new Shuffle(points.size(0), batch);
        _model = new Flow(layers, hidden);
        _optimizer = optim.Adam(_model.parameters(), 1e-3);
        NoiseShape = [batch, 1];
    }

    public IReadOnlyList<Tensor> Weights => [.. _model.parameters()];

    public long[] NoiseShape { get; }

    public void Step()
    {
        using var scope = NewDisposeScope();
        var rows = _shuffle.Next();
        Step(rows, rows);
    }

    public void Step(Tensor rows, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var loss = -_model.call(_data.index_select(0, rows)).mean();

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

    private sealed class Flow : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Made> layers;

        public Flow(int count, long hidden)
            : base("Flow")
        {
            layers = new ModuleList<Made>([.. Enumerable.Range(0, count).Select(_ => new Made(hidden))]);
            RegisterComponents();
        }

        // The log-density of each sample.
        public override Tensor forward(Tensor x)
        {
            var logDet = zeros(x.size(0));
            foreach (var layer in layers)
            {
                var (shift, logScale) = layer.call(x);
                x = ((x - shift) * (-logScale).exp()).flip([1]);
                logDet -= logScale.sum(1);
            }

            var prior = (-0.5 * x.pow(2) - 0.5 * Math.Log(2 * Math.PI)).sum(1);
            return prior + logDet;
        }
    }

    private sealed class Made : Module<Tensor, (Tensor Shift, Tensor LogScale)>
    {
        private readonly MaskedLinear input;
        private readonly MaskedLinear hidden;
        private readonly MaskedLinear output;

        public Made(long units)
            : base("Made")
        {
            var first = zeros(units, Dims);
            first.narrow(1, 0, 1).fill_(1);
            var last = zeros(2 * Dims, units);
            last.narrow(0, 1, 1).fill_(1);
            last.narrow(0, 3, 1).fill_(1);
            input = new MaskedLinear(first);
            hidden = new MaskedLinear(ones(units, units));
            output = new MaskedLinear(last);
            RegisterComponents();
        }

        public override (Tensor Shift, Tensor LogScale) forward(Tensor x)
        {
            var parts = output.call(F.relu(hidden.call(F.relu(input.call(x))))).chunk(2, 1);
            return (parts[0], parts[1]);
        }
    }

    private sealed class MaskedLinear : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly Parameter bias;
        private readonly Tensor mask;

        public MaskedLinear(Tensor mask)
            : base("MaskedLinear")
        {
            var bound = 1 / Math.Sqrt(mask.size(1));
            weight = new Parameter(empty(mask.shape).uniform_(-bound, bound));
            bias = new Parameter(empty(mask.size(0)).uniform_(-bound, bound));
            this.mask = mask;
            register_buffer("mask", mask);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => F.linear(x, weight * mask, bias);
    }
}
