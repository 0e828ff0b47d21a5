using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A recurrent layer, one site after the other.</summary>
internal sealed class TensorRecurrent : TensorNode
{
    private readonly RecurrentNode _value;
    private readonly Tensor _input;
    private readonly Tensor _hidden;
    private readonly Tensor? _bias;
    private Tensor? _state;
    private Tensor? _cell;

    public TensorRecurrent(TensorExecutor executor, RecurrentNode value)
        : base(executor, value)
    {
        _value = value;
        using var input = value.PackInput();
        _input = input.t();
        _hidden = value.HiddenWeight.t();
        _bias = value.HiddenBias is null ? null : value.IsGru ? value.HiddenBias.alias() : value.Bias + value.HiddenBias;
    }

    public override void Prepare()
    {
        base.Prepare();
        Forget();
        _state = zeros([Value.Shape.Batch, Value.Features], Executor.Plan.Type, Executor.Plan.Device);
        _cell = _value.IsGru ? null : zeros_like(_state);
    }

    public override void Dispose()
    {
        base.Dispose();
        Forget();
        _input.Dispose();
        _hidden.Dispose();
        _bias?.Dispose();
    }

    protected override Tensor Compute(SiteUnit unit)
    {
        using var x = Input().At(unit with { Class = -1 }).select(0, 0);
        if (_value.IsGru)
        {
            Gru(x);
        }
        else
        {
            Lstm(x);
        }

        return _state!.unsqueeze(0);
    }

    private void Lstm(Tensor x)
    {
        using var fromInput = addmm(_bias ?? _value.Bias, x, _input, 1, 1);
        using var gates = addmm(fromInput, _state!, _hidden, 1, 1);
        var parts = gates.chunk(4, 1);
        using var input = parts[0].sigmoid();
        using var forget = parts[1].sigmoid();
        using var candidate = parts[2].tanh();
        using var output = parts[3].sigmoid();
        _cell!.mul_(forget);
        input.mul_(candidate);
        _cell.add_(input, Held.Scalar(1));
        using var squashed = _cell.tanh();
        Replace(output * squashed);
        System.Array.ForEach(parts, part => part.Dispose());
    }

    private void Gru(Tensor x)
    {
        using var fromInput = addmm(_value.Bias, x, _input, 1, 1);
        using var fromState = _bias is null ? _state!.mm(_hidden) : addmm(_bias, _state!, _hidden, 1, 1);
        var a = fromInput.chunk(3, 1);
        var b = fromState.chunk(3, 1);
        a[0].add_(b[0], Held.Scalar(1));
        a[1].add_(b[1], Held.Scalar(1));
        using var reset = a[0].sigmoid();
        using var update = a[1].sigmoid();
        reset.mul_(b[2]);
        reset.add_(a[2], Held.Scalar(1));
        using var candidate = reset.tanh();

        // (1 - z) n + z h = n + z (h - n).
        using var change = _state! - candidate;
        change.mul_(update);
        Replace(candidate + change);
        System.Array.ForEach(a, part => part.Dispose());
        System.Array.ForEach(b, part => part.Dispose());
    }

    private void Replace(Tensor state)
    {
        _state!.Dispose();
        _state = state;
    }

    private void Forget()
    {
        _state?.Dispose();
        _cell?.Dispose();
        _state = null;
        _cell = null;
    }
}
