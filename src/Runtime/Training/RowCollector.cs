using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Gathers the rows of a pass that stay, with what was computed of them.</summary>
public sealed class RowCollector : IDisposable
{
    private readonly List<Tensor> _rows = [];
    private readonly List<Tensor> _keys = [];
    private readonly List<Tensor[]> _columns = [];

    /// <summary>The rows that have been looked at.</summary>
    internal long Seen { get; private set; }

    /// <summary>Adds a batch; the tensors stay the caller's.</summary>
    /// <param name="batch">Its rows.</param>
    /// <param name="where">Shape <c>[rows]</c>: rows with 0 are left out; null where all stay.</param>
    /// <param name="key">Shape <c>[rows]</c>, int64: the class that each row counts for; null where it does not matter.</param>
    /// <param name="columns">Of shape <c>[rows, ...]</c>.</param>
    public void Add(PassBatch batch, Tensor? where, Tensor? key, params Tensor[] columns)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(columns);
        Seen += batch.Rows;
        using var scope = NewDisposeScope();
        Tensor? places = where?.ne(0).nonzero().squeeze(1);
        Tensor Of(Tensor all) => (places is null ? all.clone() : all.index_select(0, places)).DetachFromDisposeScope();
        _rows.Add(Of(batch.Indices));
        if (key is not null)
        {
            _keys.Add(Of(key));
        }

        _columns.Add([.. columns.Select(Of)]);
    }

    /// <summary>Frees what was gathered.</summary>
    public void Dispose()
    {
        foreach (var tensor in _rows.Concat(_keys).Concat(_columns.SelectMany(columns => columns)))
        {
            tensor.Dispose();
        }
    }

    /// <summary>What stays, as tensors of its own.</summary>
    /// <param name="each">How many rows of each class there are to be: of more every so-many-th stays, fewer come again in turn; null for all.</param>
    /// <param name="step">The step at which it was gathered.</param>
    internal CollectedRows Rows(long? each, long step)
    {
        using var scope = NewDisposeScope();
        var rows = cat(_rows);
        Tensor? places = each is { } number && rows.numel() > 0 ? Balanced(cat(_keys), number).to(rows.device) : null;
        Tensor Of(Tensor all) => (places is null ? all : all.index_select(0, places)).DetachFromDisposeScope();
        return new CollectedRows(Of(rows), [.. Enumerable.Range(0, _columns[0].Length).Select(column => Of(cat([.. _columns.Select(columns => columns[column])])))], step, Seen);
    }

    private static Tensor Balanced(Tensor keys, long each)
    {
        using var host = keys.to(ScalarType.Int64, CPU);
        var ofClass = host.data<long>().Select((key, place) => (key, Place: (long)place)).GroupBy(row => row.key).OrderBy(group => group.Key);
        return tensor(ofClass.SelectMany(group =>
        {
            long[] places = [.. group.Select(row => row.Place)];
            return Enumerable.Range(0, checked((int)each)).Select(i => places[i * places.LongLength / each]);
        }).ToArray());
    }
}
