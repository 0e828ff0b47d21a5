using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// A net as operations on sites, from which <see cref="Sample"/> draws with every site computed once. Generated code builds it with concrete
/// weights and sizes, loops unrolled. The plan keeps the tensors it is given alive until it is disposed, and never changes them.
/// </summary>
/// <remarks>
/// Per-sample shapes are [features, sites...]; grids are none, [T] or [H, W]. The schedule is derived, not stated: see <see cref="Schedule"/>.
/// Incremental sampling of WaveNet: Paine et al. 2016; of image models: Ramachandran et al. 2017.
/// </remarks>
public sealed partial class SamplerPlan : IDisposable
{
    private readonly List<SiteValue> _values = [];
    private readonly List<Tensor> _owned = [];

    /// <summary>Starts a plan.</summary>
    /// <param name="count">Number of samples drawn together, at least 1.</param>
    /// <param name="sites">The site axes of what is drawn: none, [T] or [H, W].</param>
    /// <param name="channels">Numbers at a site; 0 where it has no axis of channels (one number then). Without sites and ordered: the variables of a MADE.</param>
    /// <param name="isOrdered">True where the channels of a site are drawn one by one, each after the ones before.</param>
    /// <param name="dtype">f32 or f64.</param>
    /// <param name="device">Where the tensors are.</param>
    public SamplerPlan(long count, long[] sites, long channels, bool isOrdered, ScalarType dtype, Device device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(channels);
        ArgumentNullException.ThrowIfNull(device);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException(FormattableString.Invariant($"A sampler computes in f32 or f64, not {dtype}."), nameof(dtype));
        }

        TorchRuntime.Initialize();
        Count = count;
        Channels = channels;
        IsOrdered = isOrdered;
        Type = dtype;
        Device = device;
        var features = Math.Max(channels, 1);
        var (rows, columns) = SiteShape.Grid(sites);
        Root = new RootNode(this, new SiteShape
        {
            Batch = count,
            Features = features,
            Axes = sites.Length,
            Rows = rows,
            Columns = columns,
            Grading = isOrdered ? new Grading(features, features) : null,
        });
    }

    /// <summary>Number of samples.</summary>
    public long Count { get; }

    /// <summary>Numbers at a site, 0 where there is no axis for them.</summary>
    public long Channels { get; }

    /// <summary>True where channels are drawn one by one.</summary>
    public bool IsOrdered { get; }

    /// <summary>The element type.</summary>
    public ScalarType Type { get; }

    /// <summary>The device.</summary>
    public Device Device { get; }

    /// <summary>What is drawn, as real numbers (levels, bits, reals); features are channels.</summary>
    public SiteValue Root { get; }

    /// <summary>Number of positions: sites of the root.</summary>
    public long Positions => (long)Root.Shape.Rows * Root.Shape.Columns;

    internal IReadOnlyList<SiteValue> Values => _values;

    /// <summary>
    /// A value that depends on nothing drawn. Has rows if it has two axes more than the root has sites; where that is ambiguous, say so by the other overload.
    /// </summary>
    /// <param name="value">[count or 1, features, sites...] or [features, sites...]; site axes of size 1 broadcast; [] is one number.</param>
    public SiteValue Constant(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Constant(value, value.dim() == Root.Shape.Axes + 2);
    }

    /// <summary>A value that depends on nothing drawn.</summary>
    /// <param name="value">[count or 1, features, sites...] or [features, sites...]; site axes of size 1 broadcast; [] is one number.</param>
    /// <param name="hasRows">True where the first axis is the batch.</param>
    public SiteValue Constant(Tensor value, bool hasRows)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var frozen = no_grad();
        using var own = Converted(value);
        using var filled = own.dim() == (hasRows ? 1 : 0) ? own.unsqueeze(-1) : own.alias();
        using var batched = hasRows ? filled.alias() : filled.unsqueeze(0);
        var axes = (int)batched.dim() - 2;
        var batch = batched.size(0);
        if (batch != 1 && batch != Count)
        {
            throw new ArgumentException(FormattableString.Invariant($"A constant has {batch} rows, but the plan draws {Count} samples."), nameof(value));
        }

        long[] sites = axes switch { 0 => [], 1 => [batched.size(2)], _ => [batched.size(2), batched.size(3)] };
        var (rows, columns) = SiteShape.Grid(sites);
        using var grid = batched.reshape(batch, batched.size(1), rows, columns);
        var shape = new SiteShape { Batch = batch, Features = batched.size(1), Axes = axes, Rows = rows, Columns = columns };
        return new ConstantNode(this, shape, Owned(grid.permute(2, 3, 0, 1)));
    }

    /// <summary>Frees the packed weights and everything else the plan holds; results of <see cref="Sample"/> stay.</summary>
    public void Dispose()
    {
        ReleaseExecutors();
        foreach (var tensor in _owned)
        {
            tensor.Dispose();
        }

        _owned.Clear();
    }

    internal int Register(SiteValue value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }

    private Tensor Owned(Tensor tensor)
    {
        _owned.Add(tensor);
        return tensor;
    }

    /// <summary>A handle of its own on the numbers, in the plan's type and on its device, that outlives the caller's tensor.</summary>
    private Tensor Keep(Tensor tensor) => Owned(Converted(tensor));

    private Tensor Converted(Tensor tensor)
    {
        using var detached = tensor.detach();
        var converted = detached.to(Type, Device);
        return ReferenceEquals(converted, detached) ? detached.alias() : converted;
    }

    private void RequireOwn(SiteValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Plan != this)
        {
            throw new ArgumentException($"'{value}' belongs to another plan.");
        }
    }
}
