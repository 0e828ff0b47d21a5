using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Readers;
using GenDsl.Runtime.Data.Streaming;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// An endless stream of full batches of a source: pass after pass, each shuffled by (seed, name, pass), so that its position is all the
/// state it has. The rows that fill no batch are left out of a pass. Rows that a plan collects come into being with their pass.
/// </summary>
public sealed class Feed : IDisposable
{
    private readonly Draws _root;
    private readonly Func<IColumnReader[]> _bind;
    private readonly int _batch;
    private IColumnReader[] _readers;
    private FileRows[] _files;
    private Draws _draws;
    private bool _isFilled;
    private Tensor? _order;
    private Tensor? _indices;
    private ReadAhead? _ahead;
    private ReadBatch? _read;

    internal Feed(string name, Source source, int batch, Draws draws, IReadOnlyList<ColumnBinding> columns)
    {
        if (source.Rows < batch)
        {
            throw new GenDslException(
                $"Source '{source.Name}' for '{name}' has {source.Rows} rows, fewer than one batch of {batch}. Use a smaller batch or more data.");
        }

        Name = name;
        SourceRows = source.Rows;
        PullsPerEpoch = source.Rows / batch;
        _batch = batch;
        _root = draws.At("feed").At(name);
        _draws = _root;
        source.Require(columns);
        _bind = () => columns.Select(source.Bind).ToArray();
        _readers = _bind();
        _files = StreamedReader.FilesOf(_readers);
    }

    /// <summary>The source's name in the program.</summary>
    public string Name { get; }

    /// <summary>The rows of one batch.</summary>
    public long Rows => _batch;

    /// <summary>The rows of the source.</summary>
    internal long SourceRows { get; private set; }

    /// <summary>The full batches of one pass; before rows have been collected, those of a pass over all there are.</summary>
    internal long PullsPerEpoch { get; private set; }

    /// <summary>True for rows that a pass collects.</summary>
    internal bool IsCollected { get; init; }

    /// <summary>The passes done, with the part of the current one.</summary>
    public double Epoch => (double)TotalPulls / PullsPerEpoch;

    /// <summary>The row numbers of the current batch, int64 of shape <c>[batch]</c>; owned by the feed.</summary>
    public Tensor Indices => _indices ?? throw new InvalidOperationException($"Feed '{Name}' has no batch before the first Pull.");

    internal long TotalPulls { get; private set; }

    internal FeedPosition Position => new(TotalPulls / PullsPerEpoch, TotalPulls % PullsPerEpoch, _batch, SourceRows);

    /// <summary>Moves to the next batch.</summary>
    public void Pull()
    {
        if (IsCollected && !_isFilled)
        {
            throw new InvalidOperationException($"Feed '{Name}' has no rows before they are collected.");
        }

        if (_files.Length > 0)
        {
            PullFromFiles();
            return;
        }

        var (epoch, pulls) = (TotalPulls / PullsPerEpoch, TotalPulls % PullsPerEpoch);
        if (_order is null || pulls == 0)
        {
            _order?.Dispose();
            _order = _draws.At(epoch).Permutation(SourceRows).DetachFromDisposeScope();
        }

        _indices?.Dispose();
        _indices = _order.narrow(0, pulls * _batch, _batch).DetachFromDisposeScope();
        TotalPulls++;
    }

    /// <summary>Reads a column of the current batch, converted to its space; a new tensor of shape <c>[batch, ...space]</c>.</summary>
    /// <param name="column">The column's place among those the feed was made with.</param>
    public Tensor Gather(int column)
    {
        var draws = _readers[column] is ChanceReader ? _draws.At("chance").At(TotalPulls) : _draws.At("view").At(column).At(TotalPulls);
        return _readers[column] is StreamedReader reader && _read is not null
            ? reader.Gather(_read, _files, _draws.Device, draws)
            : _readers[column].Gather(Indices, draws);
    }

    /// <summary>Frees the shuffled order and the readers; the source stays.</summary>
    public void Dispose()
    {
        Forget();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }
    }

    /// <summary>Begins anew, with rows that were collected.</summary>
    internal void Fill(CollectedRows rows)
    {
        Forget();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        // What chance draws belongs to no row, and goes on being drawn.
        _readers = [.. _bind().Select(reader => reader is ChanceReader ? reader : new ChosenReader(reader, rows.Rows)), .. rows.Columns.Select(column => new KeptReader(column))];
        _files = [];
        _draws = _root.At(rows.Step);
        (SourceRows, PullsPerEpoch, TotalPulls, _isFilled) = (rows.Count, rows.Count / _batch, 0, true);
    }

    internal void MoveTo(FeedPosition position)
    {
        TotalPulls = position.Epoch * PullsPerEpoch + position.Pulls;
        Forget();
    }

    // The same rows as a source in memory has, read while the steps before compute.
    private void PullFromFiles()
    {
        _ahead ??= new ReadAhead(_files, OrderOfPasses(), TotalPulls);
        _read?.Dispose();
        _read = null;
        _read = _ahead.Take();
        _indices?.Dispose();
        _indices = tensor(_read.Rows, ScalarType.Int64, _draws.Device).DetachFromDisposeScope();
        TotalPulls++;
    }

    private Func<long, long[]> OrderOfPasses()
    {
        var (epoch, rows) = (-1L, System.Array.Empty<long>());
        return pull =>
        {
            if (pull / PullsPerEpoch != epoch)
            {
                epoch = pull / PullsPerEpoch;
                using var order = _draws.At(epoch).Permutation(SourceRows);
                using var host = order.cpu();
                rows = [.. host.data<long>()];
            }

            var first = (int)(pull % PullsPerEpoch * _batch);
            return rows[first..(first + _batch)];
        };
    }

    private void Forget()
    {
        _ahead?.Dispose();
        _read?.Dispose();
        _indices?.Dispose();
        _order?.Dispose();
        (_indices, _order, _ahead, _read) = (null, null, null, null);
    }
}
