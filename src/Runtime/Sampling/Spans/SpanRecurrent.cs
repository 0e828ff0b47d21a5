using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A recurrent layer, one site after the other. Gates of the input and of the state are two products, since a GRU keeps them apart.</summary>
internal sealed unsafe class SpanRecurrent : SpanNode
{
    private readonly bool _isGru;
    private readonly PackedMatrix _fromInput;
    private readonly PackedMatrix _fromState;
    private readonly long _floats;
    private float* _state;
    private float* _cell;
    private float* _a;
    private float* _b;

    public SpanRecurrent(SpanExecutor executor, RecurrentNode node)
        : base(executor, node)
    {
        _isGru = node.IsGru;
        using var input = node.PackInput();
        _fromInput = Pack(input, node.Bias);
        _fromState = Pack(node.HiddenWeight, node.HiddenBias);
        _floats = SiteStride;
        _state = FloatMemory.Allocate(_floats);
        _cell = FloatMemory.Allocate(_floats);
        _a = FloatMemory.Allocate((long)_fromInput.Outputs * Batch);
        _b = FloatMemory.Allocate((long)_fromInput.Outputs * Batch);
    }

    public override void Prepare()
    {
        base.Prepare();
        FloatMemory.Clear(_state, _floats);
        FloatMemory.Clear(_cell, _floats);
    }

    public override void Dispose()
    {
        base.Dispose();
        _fromInput.Dispose();
        _fromState.Dispose();
        FloatMemory.Free(ref _state);
        FloatMemory.Free(ref _cell);
        FloatMemory.Free(ref _a);
        FloatMemory.Free(ref _b);
    }

    public override void Compute(in SiteUnit unit)
    {
        var gates = _fromInput.Outputs;
        _fromInput.Multiply(Input().At(unit with { Class = -1 }), Input().Features, Batch, _a, gates);
        _fromState.Multiply(_state, Features, Batch, _b, gates);
        for (var sample = 0; sample < Batch; sample++)
        {
            var a = new Span<float>(_a + ((long)sample * gates), gates);
            var b = new Span<float>(_b + ((long)sample * gates), gates);
            var state = new Span<float>(_state + ((long)sample * Features), Features);
            if (_isGru)
            {
                Gru(a, b, state);
            }
            else
            {
                Lstm(a, b, state, new Span<float>(_cell + ((long)sample * Features), Features));
            }
        }

        Copy(_state, At(unit), (int)_floats);
    }

    private void Lstm(Span<float> a, Span<float> b, Span<float> state, Span<float> cell)
    {
        var n = Features;
        VectorMath.Add(a, b, a);
        VectorMath.Sigmoid(a[..(2 * n)], a[..(2 * n)]);
        VectorMath.Tanh(a[(2 * n)..(3 * n)], a[(2 * n)..(3 * n)]);
        VectorMath.Multiply(cell, a[n..(2 * n)], cell);
        VectorMath.Multiply(a[..n], a[(2 * n)..(3 * n)], b[..n]);
        VectorMath.Add(cell, b[..n], cell);
        VectorMath.Sigmoid(a[(3 * n)..], a[(3 * n)..]);
        VectorMath.Tanh(cell, b[..n]);
        VectorMath.Multiply(a[(3 * n)..], b[..n], state);
    }

    private void Gru(Span<float> a, Span<float> b, Span<float> state)
    {
        var n = Features;
        VectorMath.Add(a[..(2 * n)], b[..(2 * n)], a[..(2 * n)]);
        VectorMath.Sigmoid(a[..(2 * n)], a[..(2 * n)]);
        VectorMath.Multiply(a[..n], b[(2 * n)..], b[(2 * n)..]);
        VectorMath.Add(a[(2 * n)..], b[(2 * n)..], b[(2 * n)..]);
        VectorMath.Tanh(b[(2 * n)..], b[(2 * n)..]);

        // (1 - z) n + z h = n + z (h - n).
        VectorMath.Subtract(state, b[(2 * n)..], state);
        VectorMath.Multiply(state, a[n..(2 * n)], state);
        VectorMath.Add(state, b[(2 * n)..], state);
    }

    private static PackedMatrix Pack(Tensor weight, Tensor? bias)
    {
        using var turned = weight.t();
        using var dense = turned.contiguous();
        using var denseBias = bias?.contiguous();
        var weights = SpanExecutor.Start(dense);
        var outputs = (int)dense.size(1);
        return new PackedMatrix(
            MatrixKernel.Best, (int)dense.size(0), outputs, input => weights + ((long)input * outputs), denseBias is null ? null : SpanExecutor.Start(denseBias));
    }
}
