using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Gradients, and gradients of gradients, in f64 against differences of values.</summary>
internal static class Slopes
{
    private const double Step = 1e-5;

    /// <summary>Checks both for a function of several tensors, along random directions of its result.</summary>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] at)
    {
        foreach (Tensor tensor in at)
        {
            tensor.requires_grad_();
        }

        Tensor Number()
        {
            using Tensor result = function(at);
            using Tensor direction = Draws.Root(11, CPU, ScalarType.Float64).At("direction").Normal(result.shape);
            using Tensor product = result * direction;
            return product.sum();
        }

        // How far all first gradients go along directions of their own: a number whose gradients are second ones.
        Tensor Slope()
        {
            using Tensor number = Number();
            Tensor?[] first = Gradients.Of(number, at, differentiable: true);
            using Tensor zero = zeros([], ScalarType.Float64);
            Tensor sum = zero.clone();
            foreach ((Tensor? gradient, int i) in first.Select((g, i) => (g, i)))
            {
                if (gradient is null)
                {
                    continue;
                }

                using Tensor direction = Draws.Root(12, CPU, ScalarType.Float64).At("direction" + i).Normal(gradient.shape);
                using Tensor product = gradient * direction;
                using Tensor part = product.sum();
                using Tensor before = sum;
                sum = before + part;
                gradient.Dispose();
            }

            return sum;
        }

        Compare(Number, at, 1e-6);
        using Tensor slope = Slope();
        if (slope.requires_grad)
        {
            Compare(Slope, at, 1e-5);
        }
    }

    /// <summary>Checks gradients alone, of what has no second ones.</summary>
    public static void CheckFirst(Func<Tensor[], Tensor> function, params Tensor[] at)
    {
        foreach (Tensor tensor in at)
        {
            tensor.requires_grad_();
        }

        Compare(
            () =>
            {
                using Tensor result = function(at);
                using Tensor direction = Draws.Root(11, CPU, ScalarType.Float64).At("direction").Normal(result.shape);
                using Tensor product = result * direction;
                return product.sum();
            },
            at, 1e-6);
    }

    private static void Compare(Func<Tensor> number, Tensor[] at, double tolerance)
    {
        using Tensor value = number();
        Tensor?[] found = Gradients.Of(value, at);
        for (int i = 0; i < at.Length; i++)
        {
            double[] gradient = found[i] is { } g ? CompiledNet.Numbers(g) : new double[at[i].numel()];
            double[] expected = [.. Enumerable.Range(0, gradient.Length).Select(k => (Moved(number, at[i], k, Step) - Moved(number, at[i], k, -Step)) / (2 * Step))];
            double scale = expected.Select(Math.Abs).Append(1).Max();
            Assert.All(gradient.Zip(expected), p => Assert.Equal(p.Second, p.First, tolerance * scale));
            found[i]?.Dispose();
        }
    }

    private static double Moved(Func<Tensor> number, Tensor at, int index, double by)
    {
        using Tensor detached = at.detach();
        using Tensor flat = detached.view(-1);
        double before = flat[index].ToDouble();
        flat[index] = tensor(before + by, ScalarType.Float64);
        using Tensor value = number();
        flat[index] = tensor(before, ScalarType.Float64);
        return value.ToDouble();
    }
}
