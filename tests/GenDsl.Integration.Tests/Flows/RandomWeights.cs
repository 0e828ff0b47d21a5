using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>The numbers of a random flow's layers, for the oracle and for the compiled flow.</summary>
internal sealed class RandomWeights
{
    private readonly List<(Tensor Weight, Tensor? Mask, Tensor Bias)> _layers = [];
    private readonly Dictionary<string, (int Classes, int Positions)> _classes = [];

    public RandomWeights(RandomFlow flow)
    {
        foreach (FlowStatement statement in flow.Statements)
        {
            if (statement.Operand is { } operand)
            {
                (int, int) classes = Fill(operand);
                if (statement.Operator == "=")
                {
                    _classes[statement.Target] = classes;
                }
            }
        }
    }

    /// <summary>A layer's weight, masked, and bias.</summary>
    public (Tensor Weight, Tensor Bias) Of(FlowExpression layer)
    {
        (Tensor weight, Tensor? mask, Tensor bias) = _layers[layer.Layer];
        return (mask is null ? weight : weight * mask, bias);
    }

    /// <summary>Gives a compiled flow the same numbers and takes its masks; says where its layers are others.</summary>
    public string? Write(StateTable state)
    {
        using var frozen = no_grad();
        List<List<StateTensor>> layers = [];
        foreach (StateTensor item in state)
        {
            if (layers.Count == 0 || Layer(layers[^1][0]) != Layer(item))
            {
                layers.Add([]);
            }

            layers[^1].Add(item);
        }

        if (layers.Count != _layers.Count)
        {
            return $"{layers.Count} layers, not {_layers.Count}.";
        }

        for (int i = 0; i < layers.Count; i++)
        {
            (Tensor weight, Tensor? mask, Tensor bias) = _layers[i];
            if ((mask is null) == layers[i].Exists(IsMask))
            {
                return $"{layers[i][0].Name} is of another kind.";
            }

            foreach (StateTensor item in layers[i])
            {
                if (IsMask(item))
                {
                    // What a sum of features in classes and in positions is masked by is the net's affair; here it only counts what is read.
                    _layers[i] = (weight, item.Tensor.clone(), bias);
                }
                else
                {
                    item.Tensor.copy_(item.Name.EndsWith(".bias", StringComparison.Ordinal) ? bias : weight);
                }
            }
        }

        return null;
    }

    private static bool IsMask(StateTensor item) => item.Name.EndsWith(".mask", StringComparison.Ordinal);

    private static string Layer(StateTensor item) => item.Name.Split('.')[0];

    // Classes of features, and the positions that they came from: a masked layer that is not strict has no use for a last class.
    private (int Classes, int Positions) Fill(FlowExpression expression)
    {
        (int Classes, int Positions)[] of = [.. expression.Of.Select(Fill)];
        switch (expression.Kind)
        {
            case "read":
                return _classes.TryGetValue(expression.Name, out (int, int) known) ? known : (expression.Size, expression.Size);
            case "linear" or "past" or "own":
                int inputs = expression.Of[0].Size;
                bool masked = expression.Kind != "linear";
                (int from, int positions) = of[0];
                int to = expression.Kind == "past" ? positions : Math.Max(positions - 1, 1);
                Draws draws = Draws.Root((ulong)(_layers.Count + 1), CPU, ScalarType.Float64);
                Tensor? mask = null;
                if (masked)
                {
                    mask = zeros(expression.Size, inputs, ScalarType.Float64);
                    for (int row = 0; row < expression.Size; row++)
                    {
                        for (int column = 0; column < inputs; column++)
                        {
                            (int own, int other) = (Class(row, expression.Size, to), Class(column, inputs, from));
                            mask[row, column] = (expression.Kind == "past" ? own > other : own >= other) ? 1 : 0;
                        }
                    }
                }

                _layers.Add((draws.At("w").Normal(expression.Size, inputs) * 0.6, mask, draws.At("b").Normal(expression.Size) * 0.3));
                return masked ? (to, positions) : (expression.Size, expression.Size);
            case "+" or "*":
                return of[0] == of[1] ? of[0] : (expression.Size, expression.Size);
            default:
                return of[0];
        }
    }

    private static int Class(int feature, int features, int classes) => features >= classes ? feature % classes : feature * classes / features;
}
