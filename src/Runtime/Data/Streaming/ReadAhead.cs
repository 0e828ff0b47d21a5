using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Streaming;

/// <summary>
/// Batches of rows that stay in their files, read on threads of its own before they are wanted. Which rows a batch has depends on its number
/// alone, and batches are handed out by number: how many threads read them, and when, changes nothing. At most <see cref="Depth"/> batches
/// are read or being read beside the one in use.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    private readonly Lock _orders = new();
    private readonly object _gate = new();
    private readonly IReadOnlyList<FileRows> _columns;
    private readonly Func<long, long[]> _rowsOf;
    private readonly long _end;
    private readonly Dictionary<long, (ReadBatch? Batch, ExceptionDispatchInfo? Failure)> _done = [];
    private readonly Thread[] _threads;
    private long _next;
    private long _taken;
    private bool _isOver;

    /// <summary>Starts to read.</summary>
    /// <param name="columns">What is read of each row; at least one column.</param>
    /// <param name="rowsOf">The rows of a batch by its number; never called by two threads at once.</param>
    /// <param name="first">The number of the first batch.</param>
    /// <param name="end">The number behind the last batch.</param>
    public ReadAhead(IReadOnlyList<FileRows> columns, Func<long, long[]> rowsOf, long first, long end = long.MaxValue)
    {
        _columns = columns;
        _rowsOf = rowsOf;
        _next = _taken = first;
        _end = end;
        var threads = columns.Max(column => column.Threads);
        Depth = threads + 1;
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { Name = $"gendsl reader {i}", IsBackground = true })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>The batches that may be held beside the one in use.</summary>
    public int Depth { get; }

    /// <summary>The next batch, once it is there; the caller disposes it.</summary>
    /// <exception cref="GenDslException">A row of it cannot be read.</exception>
    public ReadBatch Take()
    {
        (ReadBatch? Batch, ExceptionDispatchInfo? Failure) found;
        lock (_gate)
        {
            while (!_done.Remove(_taken, out found))
            {
                ObjectDisposedException.ThrowIf(_isOver, this);
                Monitor.Wait(_gate);
            }

            _taken++;
            Monitor.PulseAll(_gate);
        }

        found.Failure?.Throw();
        return found.Batch!;
    }

    /// <summary>Ends the threads, after the rows that they are reading, and frees what nobody took.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var (batch, _) in _done.Values)
        {
            batch?.Dispose();
        }

        _done.Clear();
    }

    private void Work()
    {
        while (Next() is { } number)
        {
            (ReadBatch?, ExceptionDispatchInfo?) result;
            try
            {
                result = (Read(number), null);
            }
#pragma warning disable CA1031 // Thrown again where the batch is wanted.
            catch (Exception error)
#pragma warning restore CA1031
            {
                result = (null, ExceptionDispatchInfo.Capture(error));
            }

            lock (_gate)
            {
                _done.Add(number, result);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private long? Next()
    {
        lock (_gate)
        {
            while (!_isOver && _next < _end && _next >= _taken + Depth)
            {
                Monitor.Wait(_gate);
            }

            return _isOver || _next >= _end ? null : _next++;
        }
    }

    private ReadBatch Read(long number)
    {
        long[] rows;
        lock (_orders)
        {
            rows = _rowsOf(number);
        }

        List<Tensor> read = [];
        try
        {
            foreach (var column in _columns)
            {
                read.Add(column.Read(rows, () => Volatile.Read(ref _isOver)));
            }

            return new ReadBatch(rows, read);
        }
        catch
        {
            read.ForEach(tensor => tensor.Dispose());
            throw;
        }
    }
}
