using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>A net with random weights and what it is drawn by; its text has two meanings.</summary>
internal abstract class SampledNet : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights = [];

    public required ScalarType Type { get; init; }

    /// <summary>Number of samples.</summary>
    public required long Count { get; init; }

    public abstract long[] Sites { get; }

    public abstract long Channels { get; }

    public virtual bool IsOrdered => false;

    public abstract SiteDraw Draw { get; }

    public long Positions => Sites.Aggregate(1L, (a, b) => a * b);

    public long[] Shape => Channels == 0 ? [Count, .. Sites] : [Count, Channels, .. Sites];

    /// <summary>The parameters of the distribution.</summary>
    public abstract T[] Text<T>(INetOps<T> ops);

    /// <summary>Numbers that could have been drawn.</summary>
    public abstract Tensor Data();

    public SiteValue[] Build(SamplerPlan plan) => Text(new PlanOps(plan));

    public Tensor[] Whole(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();

        // A root without an axis of channels is one feature.
        var parameters = Text(new WholeOps(Channels == 0 ? x.unsqueeze(1) : x));
        return [.. parameters.Select(parameter => parameter.clone().MoveToOuterDisposeScope())];
    }

    public SamplerPlan NewPlan() => new(Count, Sites, Channels, IsOrdered, Type, CPU);

    public void Dispose()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    /// <summary>A weight [out, in, ...] by name, of a size that keeps values of order 1.</summary>
    protected Tensor W(string name, params long[] shape)
    {
        if (!_weights.TryGetValue(name, out var weight))
        {
            var fan = shape.Skip(1).Aggregate(1L, (a, b) => a * b);
            using var wide = Draws.Root(11, CPU, ScalarType.Float64).At(name).Normal(shape);
            wide.mul_(1.2 / Math.Sqrt(shape.Length == 1 ? 9 : fan));
            weight = wide.to(Type, copy: true).DetachFromDisposeScope();
            _weights[name] = weight;
        }

        return weight;
    }

    /// <summary>A weight with zeros where a mask is.</summary>
    protected Tensor Masked(string name, long[] shape, Func<long[], bool> isKept)
    {
        if (!_weights.TryGetValue(name, out var masked))
        {
            var weight = W(name + " unmasked", shape);
            var strides = weight.stride();
            var kept = new double[weight.numel()];
            for (long i = 0; i < kept.Length; i++)
            {
                kept[i] = isKept([.. strides.Select((stride, axis) => i / stride % shape[axis])]) ? 1 : 0;
            }

            using var mask = tensor(kept, shape, Type);
            masked = (weight * mask).DetachFromDisposeScope();
            _weights[name] = masked;
        }

        return masked;
    }

    protected Tensor Levels(int levels)
    {
        using var drawn = Draws.Root(3, CPU, Type).At("data").Integers(0, levels, Shape);
        return drawn.to(Type);
    }

    protected Tensor Reals() => Draws.Root(3, CPU, Type).At("data").Normal(Shape);
}
