using System;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>Numbers to try flows on, and log-determinants by autograd.</summary>
internal static class FlowTensors
{
    public static Tensor Normal(string site, params long[] shape) => Draws.Root(7, CPU, ScalarType.Float64).At(site).Normal(shape);

    public static Tensor Uniform(string site, double low, double high, params long[] shape) =>
        Draws.Root(7, CPU, ScalarType.Float64).At(site).Uniform(low, high, shape);

    /// <summary>log |det| of the Jacobian at every sample by itself.</summary>
    public static double[] LogDets(Func<Tensor, Tensor> function, Tensor x)
    {
        var logDets = new double[x.size(0)];
        for (var row = 0; row < logDets.Length; row++)
        {
            using var scope = NewDisposeScope();
            var at = x.narrow(0, row, 1).detach().clone().requires_grad_();
            var y = function(at).reshape(-1);
            var size = y.size(0);
            var jacobian = zeros(size, size, ScalarType.Float64);
            for (var i = 0; i < size; i++)
            {
                jacobian.select(0, i).copy_(Gradients.Of(y.select(0, i), [at], keepGraph: true)[0]!.reshape(-1));
            }

            logDets[row] = linalg.slogdet(jacobian).Item2.ToDouble();
        }

        return logDets;
    }

    /// <summary>The inverse gives back x, and the log-determinant is the Jacobian's, of every sample, and not 0.</summary>
    public static void Holds(Tensor x, Func<Tensor, Tensor> forward, Func<Tensor, Tensor> inverse, Func<Tensor, Tensor, Tensor> logDet)
    {
        using var y = forward(x);
        using var back = inverse(y);
        Runtime.TensorAssert.Close(x, back, 1e-10);
        using var found = logDet(x, y);
        Assert.Equal([x.size(0)], found.shape);
        var wanted = LogDets(forward, x);
        using var flat = found.contiguous();
        var numbers = flat.data<double>().ToArray();
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], numbers[i], 1e-9);
            Assert.True(Math.Abs(wanted[i]) > 1e-3, "The log-determinant is too near to 0 to tell anything.");
        }
    }
}
