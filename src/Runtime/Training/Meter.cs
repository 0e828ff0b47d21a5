using System;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The mean of a figure since it was last read. Adding never waits for the device: numbers collect there and come over together.
/// </summary>
public sealed class Meter : IDisposable
{
    private const int Capacity = 128;

    private readonly Tensor _buffer;
    private readonly Tensor[] _slots;
    private readonly long[] _steps = new long[Capacity];
    private int _pending;
    private double _sum;
    private long _count;

    /// <summary>Creates an empty meter.</summary>
    /// <param name="name">The figure's name in reports and errors.</param>
    /// <param name="device">Where the numbers are.</param>
    public Meter(string name, Device device)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(device);
        Name = name;
        var type = device.type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64;
        _buffer = zeros([Capacity], type, device).DetachFromDisposeScope();
        _slots = new Tensor[Capacity];
        for (var i = 0; i < Capacity; i++)
        {
            _slots[i] = _buffer.select(0, i).DetachFromDisposeScope();
        }
    }

    /// <summary>The figure's name.</summary>
    public string Name { get; }

    /// <summary>Whether nothing was added since the last reading.</summary>
    public bool IsEmpty => _count + _pending == 0;

    /// <summary>The first step that added a number that is not finite, counted from 0; known once read, null if there was none.</summary>
    internal long? FirstNonFiniteStep { get; private set; }

    /// <summary>That number: NaN or an infinity.</summary>
    internal double FirstNonFinite { get; private set; }

    /// <summary>The step that additions belong to.</summary>
    internal Func<long>? Clock { get; set; }

    /// <summary>Adds one number; the tensor stays the caller's.</summary>
    public void Add(Tensor scalar)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        if (_pending == Capacity)
        {
            Flush();
        }

        using (no_grad())
        {
            _slots[_pending].copy_(scalar);
        }

        _steps[_pending++] = Clock?.Invoke() ?? 0;
    }

    /// <summary>The mean of all numbers since the last reading, NaN if there were none; starts anew.</summary>
    public double Mean()
    {
        Flush();
        var mean = _count == 0 ? double.NaN : _sum / _count;
        _sum = 0;
        _count = 0;
        return mean;
    }

    /// <summary>The mean of all numbers since the last reading, null if there were none; starts anew.</summary>
    public double? MeanOrNull() => IsEmpty ? null : Mean();

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }

        _buffer.Dispose();
    }

    internal (double Sum, long Count) Save()
    {
        Flush();
        return (_sum, _count);
    }

    internal void Restore(double sum, long count)
    {
        (_sum, _count, _pending) = (sum, count, 0);
        FirstNonFiniteStep = null;
    }

    private void Flush()
    {
        if (_pending == 0)
        {
            return;
        }

        using var used = _buffer.narrow(0, 0, _pending);
        using var onHost = used.to(ScalarType.Float64, CPU, copy: true);

        // Not data<double>(), which computes every place from sizes and strides that it asks libtorch for.
        var values = MemoryMarshal.Cast<byte, double>(onHost.bytes);
        for (var i = 0; i < _pending; i++)
        {
            var value = values[i];
            _sum += value;
            if (!double.IsFinite(value) && FirstNonFiniteStep is null)
            {
                FirstNonFiniteStep = _steps[i];
                FirstNonFinite = value;
            }
        }

        _count += _pending;
        _pending = 0;
    }
}
