using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Gradients for named tensors only; no <c>.grad</c> field is read or written.</summary>
public static class Gradients
{
    /// <summary>The gradient of a scalar.</summary>
    /// <param name="objective">One number.</param>
    /// <param name="at">The tensors to differentiate at; each requires a gradient.</param>
    /// <param name="keepGraph">Whether the graph of <paramref name="objective"/> is read again afterwards.</param>
    /// <param name="differentiable">Whether the gradients are themselves differentiated later; keeps the graph too.</param>
    /// <returns>For each of <paramref name="at"/> its gradient, contiguous and owned by the caller, or null where the objective does not depend on it.</returns>
    /// <exception cref="GenDslException">The objective is not one number, depends on no parameter, or cannot be differentiated.</exception>
    public static Tensor?[] Of(Tensor objective, IReadOnlyList<Tensor> at, bool keepGraph = false, bool differentiable = false)
    {
        Check(objective);
        ArgumentNullException.ThrowIfNull(at);
        var inputs = at as Tensor[] ?? at.ToArray();
        try
        {
            var found = Scripts.Gradients(objective, inputs, keepGraph || differentiable, differentiable);
            Settle(keepGraph || differentiable);
            return Spread(found);
        }
        catch (ExternalException error)
        {
            throw new GenDslException("The gradient of the objective cannot be computed: " + NativeMessage.Of(error), error);
        }
    }

    /// <summary>The gradient of a scalar at one tensor.</summary>
    /// <param name="of">One number.</param>
    /// <param name="at">A tensor that it was computed from, which requires a gradient.</param>
    /// <param name="keepGraph">Whether the graph of <paramref name="of"/> is read again afterwards.</param>
    /// <param name="differentiable">Whether the gradient is itself differentiated later; keeps the graph too.</param>
    /// <returns>A tensor of the shape of <paramref name="at"/>, owned by the caller.</returns>
    /// <exception cref="GenDslException">There is no differentiable path between the two.</exception>
    public static Tensor At(Tensor of, Tensor at, bool keepGraph = false, bool differentiable = false) =>
        Of(of, [at], keepGraph, differentiable)[0] ?? throw new GenDslException("What is differentiated does not depend on the tensor that its gradient is asked at.");

    /// <summary>Throws where the objective is not one number that something learned leads to.</summary>
    internal static void Check(Tensor objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        if (objective.numel() != 1)
        {
            throw new GenDslException($"An objective must be one number, but it has the shape {ShapeText.Of(objective)}. Take its mean or sum.");
        }

        if (!objective.requires_grad)
        {
            throw new GenDslException("The objective does not depend on any parameter through a differentiable path, so there is no gradient to follow.");
        }
    }

    /// <summary>Scales gradients down, together, so that their joint Euclidean norm is at most <paramref name="limit"/> (Pascanu et al. 2013).</summary>
    /// <param name="gradients">Gradients; replaced in the array by scaled ones and disposed.</param>
    /// <param name="limit">A positive norm.</param>
    internal static void ClipNorm(Tensor?[] gradients, double limit) => Replace(gradients, limit, Scripts.Clip);

    /// <summary>Cuts each number of the gradients off at <paramref name="limit"/>, below at minus that.</summary>
    /// <param name="gradients">Gradients; replaced in the array by cut ones and disposed.</param>
    /// <param name="limit">A positive magnitude.</param>
    internal static void ClipValue(Tensor?[] gradients, double limit) => Replace(gradients, limit, Scripts.ClipValue);

    private static void Replace(Tensor?[] gradients, double limit, Func<Tensor[], Scalar, Tensor[]> limited)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var given = gradients.OfType<Tensor>().ToArray();
        if (given.Length == 0)
        {
            return;
        }

        using var frozen = no_grad();
        using Scalar bound = limit;
        var live = limited(given, bound);
        var next = 0;
        for (var i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is { } old)
            {
                gradients[i] = live[next++];
                old.Dispose();
            }
        }
    }

    /// <summary>Frees what backward passes have left, and throws what went wrong in them.</summary>
    /// <param name="keepsGraph">Whether another one may follow through the same graph.</param>
    internal static void Settle(bool keepsGraph)
    {
        if (!keepsGraph)
        {
            DregGate.Close();
        }

        BackwardPass.Settle();
    }

    /// <summary>What a script found of gradients, one place for each input: null for those that were not reached.</summary>
    internal static Tensor?[] Spread(Tensor[] found)
    {
        // A tensor of the host: a script makes it of a list of numbers.
        using var reached = found[^1];
        var flags = reached.data<long>();
        var result = new Tensor?[flags.Count];
        var next = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = flags[i] == 1 ? found[next++] : null;
        }

        return result;
    }
}
