using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Table entries, component by component.</summary>
internal sealed unsafe class SpanEmbed : SpanNode
{
    private readonly Tensor _table;
    private readonly float* _entries;
    private readonly int _components;
    private readonly int _rows;

    public SpanEmbed(SpanExecutor executor, EmbedNode node)
        : base(executor, node)
    {
        _table = node.Table.contiguous();
        _entries = SpanExecutor.Start(_table);
        _rows = (int)_table.size(0);
        _components = (int)_table.size(1);
    }

    public override void Dispose()
    {
        base.Dispose();
        _table.Dispose();
    }

    public override void Compute(in SiteUnit unit)
    {
        var input = Input();
        var source = input.At(unit);
        var target = At(unit);
        var numbers = input.Width(unit);
        for (var row = 0; row < unit.Count * Batch; row++)
        {
            for (var i = 0; i < numbers; i++)
            {
                var entry = (int)source[((long)row * input.Features) + i];
                if ((uint)entry >= (uint)_rows)
                {
                    throw new GenDslException(FormattableString.Invariant($"An embedding of {_rows} entries was asked for entry {entry}."));
                }

                var own = target + ((long)row * Features) + i;
                for (var k = 0; k < _components; k++)
                {
                    own[k * numbers] = _entries[((long)entry * _components) + k];
                }
            }
        }
    }
}
