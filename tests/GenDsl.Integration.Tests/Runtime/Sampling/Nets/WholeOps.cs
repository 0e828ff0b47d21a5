using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>The meaning of a net on whole tensors [n, features, sites...], by TorchSharp's functions. To be used in a dispose scope.</summary>
internal sealed class WholeOps(Tensor x) : INetOps<Tensor>
{
    public Tensor Root => x;

    public Tensor Constant(Tensor value) => value.dim() == x.dim() ? value : value.unsqueeze(0);

    public Tensor Map(SiteKernel kernel, params Tensor[] inputs)
    {
        if (kernel == SiteKernels.Gated)
        {
            var halves = inputs[0].chunk(2, 1);
            return halves[0].tanh() * halves[1].sigmoid();
        }

        if (kernel == SiteKernels.Glu)
        {
            return F.glu(inputs[0], 1);
        }

        if (kernel == SiteKernels.ConcatElu)
        {
            return F.elu(cat([inputs[0], -inputs[0]], 1), 1.0);
        }

        if (kernel == SiteKernels.Add)
        {
            return inputs.Aggregate((a, b) => a + b);
        }

        // Pointwise otherwise; broadcasting is torch's own.
        return kernel.Apply(inputs);
    }

    public Tensor Conv(Tensor x, Tensor weight, Tensor? bias, long[] stride, long[] dilation, long[] before, long[] sites, bool transposed)
    {
        var axes = stride.Length;
        if (transposed)
        {
            var full = axes == 1
                ? F.conv_transpose1d(x, weight, bias, stride: stride[0], dilation: dilation[0])
                : F.conv_transpose2d(x, weight, bias, strides: stride, dilation: dilation);
            for (var i = 0; i < axes; i++)
            {
                full = full.narrow(i + 2, before[i], sites[i]);
            }

            return full;
        }

        var pad = new List<long>();
        for (var i = axes - 1; i >= 0; i--)
        {
            pad.Add(before[i]);
            pad.Add(((sites[i] - 1) * stride[i]) + (dilation[i] * (weight.size(i + 2) - 1)) + 1 - before[i] - x.size(i + 2));
        }

        var padded = F.pad(x, [.. pad]);
        return axes == 1
            ? F.conv1d(padded, weight, bias, stride: stride[0], dilation: dilation[0])
            : F.conv2d(padded, weight, bias, strides: stride, dilation: dilation);
    }

    public Tensor MaskedConv(Tensor x, Tensor weight, Tensor? bias, long[] before, long[] sites, long classes, bool strict)
    {
        long[] ones = [.. before.Select(_ => 1L)];
        return Conv(x, weight, bias, ones, ones, before, sites, false);
    }

    public Tensor Linear(Tensor x, Tensor weight, Tensor? bias) => F.linear(x.transpose(1, -1), weight, bias).transpose(1, -1);

    public Tensor MaskedLinear(Tensor x, Tensor weight, Tensor? bias, long order, bool strict) => F.linear(x, weight, bias);

    public Tensor Shift(Tensor x, params long[] offset)
    {
        List<long> pad = [];
        foreach (var amount in offset.Reverse())
        {
            pad.Add(amount);
            pad.Add(-amount);
        }

        return F.pad(x, [.. pad]);
    }

    public Tensor Embed(Tensor x, Tensor table) => Looked(x, table);

    public Tensor Concat(params Tensor[] inputs)
    {
        long[] sites = inputs.Select(input => input.shape[2..]).First(shape => shape.All(size => size != 1) || inputs.All(other => other.shape[2..].SequenceEqual(shape)));
        return cat([.. inputs.Select(input => input.expand([inputs.Max(other => other.size(0)), input.size(1), .. sites]))], 1);
    }

    public Tensor[] Chunk(Tensor x, long parts) => x.chunk(parts, 1);

    public Tensor Lstm(Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias)
    {
        using var layer = nn.LSTM(x.size(1), hiddenWeight.size(1), batchFirst: true, dtype: x.dtype);
        Load(layer, inputWeight, hiddenWeight, bias, hiddenBias);

        // Without gradients libtorch's own is wrong in f32 on some machines: see Layers.Recurrent.cs.
        using var recording = enable_grad();
        return layer.forward(x.transpose(1, 2)).Item1.transpose(1, 2).detach();
    }

    public Tensor Gru(Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias)
    {
        using var layer = nn.GRU(x.size(1), hiddenWeight.size(1), batchFirst: true, dtype: x.dtype);
        Load(layer, inputWeight, hiddenWeight, bias, hiddenBias);
        return layer.forward(x.transpose(1, 2)).Item1.transpose(1, 2);
    }

    // [n, c, sites...] to [n, e * c, sites...]; [n, t], without an axis of channels, to [n, e, t].
    private static Tensor Looked(Tensor x, Tensor table)
    {
        var entries = F.one_hot(x.to(ScalarType.Int64), table.size(0)).to(table.dtype);
        var found = F.linear(entries, table.t());
        return found.movedim([found.dim() - 1], [1]).flatten(1, 2);
    }

    private static void Load(nn.Module layer, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias)
    {
        foreach (var (name, parameter) in layer.named_parameters())
        {
            var value = name switch
            {
                "weight_ih_l0" => inputWeight,
                "weight_hh_l0" => hiddenWeight,
                "bias_ih_l0" => bias,
                _ => hiddenBias ?? zeros_like(bias),
            };
            parameter.copy_(value);
        }
    }
}
