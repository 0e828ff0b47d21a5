using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What is the same for all nodes of the graph that are written here: no exception may cross libtorch, and handles outlive the call that returns them.</summary>
internal static class BackwardPass
{
    // Of this thread: on a GPU, libtorch runs nodes on threads of its own.
    [ThreadStatic]
    private static List<Tensor>? _returned;

    // Of any thread, for whichever asked for the gradients.
    private static Exception? _failure;

    /// <summary>What a node returns to libtorch: its gradients, and a place for the object that it was called with.</summary>
    /// <param name="given">The gradients of its results, which are freed.</param>
    /// <param name="count">How many gradients it has.</param>
    /// <param name="gradients">Computes them; null where nothing flows.</param>
    /// <param name="twice">What is wrong where the gradients are to be differentiated again, which no such node can do.</param>
    public static List<Tensor> Node(List<Tensor> given, int count, Func<Tensor?[]> gradients, string twice)
    {
        var found = new Tensor?[count];
        try
        {
            found = is_grad_enabled() ? throw new GenDslException(twice) : gradients();
        }
#pragma warning disable CA1031 // It is thrown once the backward pass is over.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _failure, failure);
        }
        finally
        {
            given.ForEach(gradient => gradient?.Dispose());
        }

        HandOut(found);
        return [.. found.Select(gradient => gradient!), null!];
    }

    /// <summary>Keeps the handles that a node hands to libtorch until it has taken what they stand for, which it has when the next node runs.</summary>
    public static void HandOut(IEnumerable<Tensor?> gradients)
    {
        Free();
        (_returned ??= []).AddRange(gradients.OfType<Tensor>());
    }

    /// <summary>Disposes what was handed out on this thread and throws what went wrong since the last call.</summary>
    public static void Settle()
    {
        Free();
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw new GenDslException("A gradient could not be computed: " + failure.Message, failure);
        }
    }

    private static void Free()
    {
        if (_returned is { } returned)
        {
            returned.ForEach(tensor => tensor.Dispose());
            returned.Clear();
        }
    }
}
