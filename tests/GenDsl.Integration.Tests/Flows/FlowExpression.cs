using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>What a random flow computes from its data: its text, and its meaning in numbers.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Size">How many numbers.</param>
/// <param name="Of">What it is applied to.</param>
internal sealed record FlowExpression(string Kind, int Size, params FlowExpression[] Of)
{
    /// <summary>The place or value that is read.</summary>
    public string Name { get; init; } = "";

    /// <summary>For a layer with weights, which of the program's it is, in the order of the text.</summary>
    public int Layer { get; init; }

    /// <summary>The layers in it, in the order of the text.</summary>
    public IEnumerable<FlowExpression> Layers => Of.SelectMany(o => o.Layers).Concat(Kind is "linear" or "past" or "own" ? [this] : []);

    public override string ToString() => Kind switch
    {
        "read" => Name,
        "linear" => $"({Of[0]} |> linear({Size.ToString(CultureInfo.InvariantCulture)}))",
        "past" => $"({Of[0]} |> masked_linear({Size.ToString(CultureInfo.InvariantCulture)}, strict: true))",
        "own" => $"({Of[0]} |> masked_linear({Size.ToString(CultureInfo.InvariantCulture)}))",
        "delay" => $"({Of[0]} |> delay(1))",
        "delay2" => $"({Of[0]} |> delay(2))",
        "reverse" => $"({Of[0]} |> reverse)",
        "+" or "*" => $"({Of[0]} {Kind} {Of[1]})",
        "factor" => $"exp(tanh({Of[0]}))",
        "negative" => $"-exp(tanh({Of[0]}))",
        "softplus" => $"(softplus({Of[0]}) + 0.5)",
        _ => $"{Kind}({Of[0]})",
    };

    /// <summary>
    /// What it may read, and how far ahead at most, as the rules of layers say it without numbers: a lead of null is anywhere. Behind a
    /// masked layer that is not strict, features are classes and no longer positions, so a shift of them says nothing.
    /// </summary>
    public (Dictionary<string, int?> Leads, bool IsAligned) Reads(Func<string, (Dictionary<string, int?> Leads, bool IsAligned)> read)
    {
        if (Kind == "read")
        {
            return read(Name);
        }

        (Dictionary<string, int?> Leads, bool IsAligned)[] of = [.. Of.Select(o => o.Reads(read))];
        bool aligned = of.All(o => o.IsAligned);
        bool mixed = !aligned && of.Any(o => o.IsAligned);
        Dictionary<string, int?> all = of.SelectMany(o => o.Leads).GroupBy(l => l.Key).ToDictionary(g => g.Key, g => mixed || g.Any(l => l.Value is null) ? null : g.Max(l => l.Value));
        (Func<int?, int?> lead, aligned) = Kind switch
        {
            "linear" or "reverse" => ((Func<int?, int?>)(_ => null), true),
            "past" => (l => l is null ? null : -1, true),
            "own" => (l => l is null ? null : 0, false),
            "delay" or "delay2" => (l => l is null || !aligned ? null : -1, aligned),
            _ => (l => l, aligned),
        };
        return (all.ToDictionary(l => l.Key, l => lead(l.Value)), aligned);
    }

    /// <summary>Its numbers, [1, Size].</summary>
    /// <param name="read">What a name stands for.</param>
    /// <param name="weights">Weight, mask (none for a full layer) and bias of a layer.</param>
    public Tensor Evaluate(Func<string, Tensor> read, Func<FlowExpression, (Tensor Weight, Tensor Bias)> weights)
    {
        Tensor[] of = [.. Of.Select(o => o.Evaluate(read, weights))];
        switch (Kind)
        {
            case "read":
                return read(Name);
            case "linear" or "past" or "own":
                (Tensor weight, Tensor bias) = weights(this);
                return of[0].mm(weight.t()) + bias;
            case "delay" or "delay2":
                int by = Kind == "delay" ? 1 : 2;
                return cat([zeros(1, Math.Min(by, Size), ScalarType.Float64), of[0].narrow(1, 0, Math.Max(0, Size - by))], 1);
            case "reverse":
                return of[0].flip(1);
            case "+":
                return of[0] + of[1];
            case "*":
                return of[0] * of[1];
            case "factor":
                return of[0].tanh().exp();
            case "negative":
                return -of[0].tanh().exp();
            case "softplus":
                return (of[0].exp() + 1).log() + 0.5;
            case "tanh":
                return of[0].tanh();
            default:
                return of[0].sigmoid();
        }
    }
}
