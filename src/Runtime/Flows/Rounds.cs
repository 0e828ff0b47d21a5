using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The rounds of a loop that are computed twice.</summary>
internal sealed class Rounds(
    int from, int to, Func<Tensor, int, Mode, (Tensor Next, Tensor? Term)> round, Func<Tensor, int, Mode, Tensor> back, Func<int, IEnumerable<Tensor>> learned, Mode mode)
{
    private readonly Tensor[][] _learned = [.. Enumerable.Range(from, to - from).Select(index => learned(index).Where(tensor => tensor.requires_grad).ToArray())];

    private Tensor[]? _parameters;

    // The second run must see what the first one saw, and write nothing.
    private Mode Again => mode.Again;

    /// <summary>The parameters of all rounds, each once.</summary>
    public Tensor[] Parameters => _parameters ??= [.. _learned.SelectMany(tensors => tensors).Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>()];

    /// <summary>All rounds, nothing kept.</summary>
    public (Tensor Result, Tensor? Sum) Forward(Tensor x)
    {
        var (at, sum) = round(x, from, mode);
        for (var index = from + 1; index < to; index++)
        {
            var (next, term) = round(at, index, mode);
            at.Dispose();
            at = next;
            if (term is not null)
            {
                sum = Layers.Accumulate(sum, term);
            }
        }

        return (at, sum);
    }

    /// <summary>The gradients of the argument and of each of <see cref="Parameters"/>; null where nothing flows.</summary>
    /// <param name="result">What <see cref="Forward"/> returned.</param>
    /// <param name="atResult">The gradient of the result, or null.</param>
    /// <param name="atSum">The gradient of the sum, or null.</param>
    public Tensor?[] Backward(Tensor result, Tensor? atResult, Tensor? atSum)
    {
        var places = Parameters.Select((tensor, place) => (tensor, place)).ToDictionary(pair => pair.tensor, pair => pair.place, (IEqualityComparer<Tensor>)ReferenceEqualityComparer.Instance);
        var gradients = new Tensor?[places.Count + 1];
        var (next, flowing) = (result.alias(), atResult?.alias());
        for (var index = to - 1; index >= from; index--)
        {
            var parameters = _learned[index - from];
            var argument = Undone(next, index);
            next.Dispose();
            var found = Differentiate(argument, index, parameters, flowing, atSum);
            flowing?.Dispose();
            flowing = found[0];
            for (var i = 0; i < parameters.Length; i++)
            {
                if (found[i + 1] is { } gradient)
                {
                    ref var total = ref gradients[places[parameters[i]] + 1];
                    total = Layers.Accumulate(total, gradient);
                }
            }

            next = argument;
        }

        next.Dispose();
        gradients[0] = flowing;
        return gradients;
    }

    private Tensor Undone(Tensor next, int index)
    {
        using var frozen = no_grad();
        return back(next, index, Again);
    }

    private Tensor?[] Differentiate(Tensor argument, int index, Tensor[] parameters, Tensor? atNext, Tensor? atTerm)
    {
        using var recorded = enable_grad();
        using var leaf = argument.detach().requires_grad_();
        var (next, term) = round(leaf, index, Again);
        try
        {
            List<(Tensor Of, Tensor At)> flows = [];
            if (atNext is not null && next.requires_grad)
            {
                flows.Add((next, atNext));
            }

            if (atTerm is not null && term is { requires_grad: true })
            {
                flows.Add((term, atTerm));
            }

            return flows.Count == 0 ? new Tensor?[parameters.Length + 1]
                : Gradients.Spread(Scripts.Pullback([.. flows.Select(flow => flow.Of)], [leaf, .. parameters], [.. flows.Select(flow => flow.At)]));
        }
        finally
        {
            next.Dispose();
            term?.Dispose();
        }
    }
}
