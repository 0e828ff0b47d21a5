using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Twins;

/// <summary>Draws of a masked autoregressive flow as an expert writes them: a pass of the net for every number, in whole batches.</summary>
/// <param name="nets">Weights, masks and biases of the nets of the layers.</param>
internal sealed class MafSampler(IReadOnlyList<StateTable> nets)
{
    private static readonly long[] LastAxis = [1];

    /// <summary>Carries noise <c>[N, d]</c> through all layers, last one first.</summary>
    public Tensor Draw(Tensor noise)
    {
        var x = noise.alias();
        foreach (var net in nets.Reverse())
        {
            using var u = x.flip(LastAxis);
            x.Dispose();
            x = Invert(net, u);
        }

        return x;
    }

    private static Tensor Invert(StateTable net, Tensor u)
    {
        using var first = Masked(net, 1);
        using var second = Masked(net, 2);
        using var third = Masked(net, 3);
        var (bias1, bias2, bias3) = (net["masked_linear1.bias"].Tensor, net["masked_linear2.bias"].Tensor, net["masked_linear3.bias"].Tensor);
        var dims = u.size(1);
        var x = zeros_like(u);
        for (var i = 0L; i < dims; i++)
        {
            using var hidden1 = F.linear(x, first, bias1);
            hidden1.relu_();
            using var hidden2 = F.linear(hidden1, second, bias2);
            hidden2.relu_();
            using var outputs = F.linear(hidden2, third, bias3);
            using var shift = outputs.narrow(1, i, 1);
            using var logScale = outputs.narrow(1, dims + i, 1);
            using var scale = logScale.exp();
            using var here = u.narrow(1, i, 1);
            using var place = x.narrow(1, i, 1);
            using var value = addcmul(shift, here, scale, Scalars.One);
            place.copy_(value);
        }

        return x;
    }

    private static Tensor Masked(StateTable net, int layer) =>
        net[$"masked_linear{layer}.weight"].Tensor.mul(net[$"masked_linear{layer}.mask"].Tensor);
}
