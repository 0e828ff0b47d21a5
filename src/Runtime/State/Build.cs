using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace GenDsl.Runtime;

/// <summary>
/// Where a net makes its tensors: the device, the element type, randomness addressed by full name, and a table of all that was made.
/// </summary>
public sealed class Build
{
    private readonly Build? _parent;
    private readonly string _prefix;
    private readonly string _path;
    private readonly Draws _draws;
    private readonly List<(string Name, Build Build)> _children = [];

    /// <summary>Creates the outermost build.</summary>
    /// <param name="seed">The seed of all first values.</param>
    /// <param name="device">Where tensors live; the CPU if null.</param>
    /// <param name="type">The type of real tensors: f32 or f64.</param>
    public Build(ulong seed, Device? device = null, ScalarType type = ScalarType.Float32)
    {
        TorchRuntime.Initialize();
        Device = device ?? CPU;
        Type = type;
        _prefix = "";
        _path = "";
        _draws = Draws.Root(seed, Device, type).At("init");
        State = new() { Device = Device, Type = type };
    }

    private Build(Build parent, string name)
    {
        _parent = parent;
        _prefix = name + ".";
        _path = parent._path + _prefix;
        _draws = parent._draws;
        Device = parent.Device;
        Type = parent.Type;
        State = new() { Device = Device, Type = Type };
    }

    // Of one that is born again: in no table but its own, with other numbers each time.
    private Build(Build root, string name, long time)
    {
        _prefix = "";
        _path = name + ".";
        _draws = root._draws.At("again").At(time);
        Device = root.Device;
        Type = root.Type;
        State = new() { Device = Device, Type = Type };
    }

    /// <summary>Where tensors live.</summary>
    public Device Device { get; }

    /// <summary>The type of real tensors.</summary>
    public ScalarType Type { get; }

    /// <summary>Everything made through this build and its children, by names relative to it.</summary>
    public StateTable State { get; }

    /// <summary>The direct children, in the order they were asked for.</summary>
    internal IReadOnlyList<(string Name, Build Build)> Children => _children;

    /// <summary>The build of a named part.</summary>
    public Build Child(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var child = new Build(this, name);
        _children.Add((name, child));
        return child;
    }

    /// <summary>A build apart from all others, for a part that is born again.</summary>
    internal Build Again(string name, long time) => new(this, name, time);

    /// <summary>The build of one of several like parts: <c>block.0</c>.</summary>
    public Build Child(string name, long index) => Child(name + "." + index.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes a learned tensor.</summary>
    /// <param name="name">Its name within the part, for example <c>conv1.weight</c>.</param>
    /// <param name="role"><see cref="StateRole.Kernel"/> or <see cref="StateRole.Gain"/>.</param>
    /// <param name="initializer">Its first values.</param>
    /// <param name="shape">Its shape.</param>
    public Parameter Parameter(string name, StateRole role, Initializer initializer, params long[] shape)
    {
        if (role is not (StateRole.Kernel or StateRole.Gain))
        {
            throw new ArgumentException($"A parameter is a kernel or a gain, not a {role}.", nameof(role));
        }

        return Learned(name, role, initializer, shape, outputAxis: 0);
    }

    /// <summary>Makes the kernel of a transposed convolution, <c>[in, out, ...]</c>: its filters are counted by the second axis.</summary>
    /// <param name="name">Its name within the part, for example <c>convTranspose1.weight</c>.</param>
    /// <param name="initializer">Its first values.</param>
    /// <param name="shape">Its shape.</param>
    public Parameter TransposedKernel(string name, Initializer initializer, params long[] shape) => Learned(name, StateRole.Kernel, initializer, shape, outputAxis: 1);

    /// <summary>Makes a tensor that no optimizer moves: a statistic, counter (int64), constant, queue or pool.</summary>
    /// <param name="name">Its name within the part, for example <c>norm1.running_mean</c>.</param>
    /// <param name="role">Any role but the learned ones.</param>
    /// <param name="initializer">Its first values.</param>
    /// <param name="shape">Its shape.</param>
    public Tensor Buffer(string name, StateRole role, Initializer initializer, params long[] shape)
    {
        if (role is StateRole.Kernel or StateRole.Gain)
        {
            throw new ArgumentException($"A {role} is learned: make it with Parameter.", nameof(role));
        }

        var buffer = Make(name, role == StateRole.Counter ? ScalarType.Int64 : Type, initializer, shape);
        buffer.DetachFromDisposeScope();
        Register(name, buffer, role);
        if (initializer.Follows(buffer) is { } power)
        {
            Follow(power);
        }

        return buffer;
    }

    /// <summary>Takes a tensor over that was computed elsewhere.</summary>
    /// <param name="name">Its name within the part.</param>
    /// <param name="role">Any role but the learned ones.</param>
    /// <param name="value">The tensor, from now on owned by what owns the build.</param>
    public Tensor Keep(string name, StateRole role, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var kept = value.detach().DetachFromDisposeScope();
        value.Dispose();
        Register(name, kept, role);
        return kept;
    }

    /// <summary>Gives a kept tensor the numbers of another one, without its gradient.</summary>
    public static void Write(Tensor kept, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(kept);
        using var frozen = no_grad();
        kept.copy_(value);
    }

    // Whoever has the weight, at whatever level, finds what follows its changes. Of a layer in a loop, weight and vector have builds of their own.
    private void Follow(PowerIteration power)
    {
        for (var build = this; build is not null; build = build._parent)
        {
            if (build.State.FirstOrDefault(item => ReferenceEquals(item.Tensor, power.Weight)) is { } weight)
            {
                weight.Power = power;
            }
        }
    }

    private Tensor Make(string name, ScalarType type, Initializer initializer, long[] shape)
    {
        var tensor = empty(shape, type, Device);
        initializer.Fill(tensor, _draws.At(_path + name));
        return tensor;
    }

    private Parameter Learned(string name, StateRole role, Initializer initializer, long[] shape, int outputAxis)
    {
        var parameter = new Parameter(Make(name, Type, initializer, shape), requires_grad: true);
        parameter.DetachFromDisposeScope();
        Register(name, parameter, role, outputAxis);
        return parameter;
    }

    private void Register(string name, Tensor tensor, StateRole role, int outputAxis = 0)
    {
        var path = _path + name;
        for (var build = this; build is not null; build = build._parent)
        {
            build.State.Add(new StateTensor(name, tensor, role) { Path = path, OutputAxis = outputAxis });
            name = build._prefix + name;
        }
    }
}
