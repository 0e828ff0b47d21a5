using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Streaming;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>All rows of a source once, in order, in batches of which the last may be short. No gradients are recorded while it is enumerated.</summary>
public sealed class Pass : IEnumerable<PassBatch>
{
    private readonly Source _source;
    private readonly IReadOnlyList<ColumnBinding> _columns;
    private readonly int _batch;
    private readonly Draws _draws;

    internal Pass(Source source, int batch, Draws draws, IReadOnlyList<ColumnBinding> columns)
    {
        source.Require(columns);
        _source = source;
        _columns = columns;
        _batch = batch;
        _draws = draws.At("pass");
    }

    /// <summary>Starts at the first row.</summary>
    public IEnumerator<PassBatch> GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator(Pass pass) : IEnumerator<PassBatch>
    {
        private readonly IColumnReader[] _readers = pass._columns.Select(pass._source.Bind).ToArray();
        private readonly IDisposable _frozen = no_grad();
        private ReadAhead? _ahead;
        private ReadBatch? _read;
        private Tensor? _indices;
        private PassBatch? _current;
        private long _start;

        public PassBatch Current => _current ?? throw new InvalidOperationException("There is no current batch.");

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            _indices?.Dispose();
            _indices = null;
            _current = null;
            if (_start >= pass._source.Rows)
            {
                return false;
            }

            var stop = Math.Min(pass._source.Rows, _start + pass._batch);
            _indices = arange(_start, stop, dtype: ScalarType.Int64, device: pass._draws.Device).DetachFromDisposeScope();
            _read?.Dispose();
            _read = Read();
            _current = new PassBatch(_readers, _indices, _start / pass._batch, pass._draws) { Read = _read };
            _start = stop;
            return true;
        }

        private ReadBatch? Read()
        {
            var files = StreamedReader.FilesOf(_readers);
            if (files.Length == 0)
            {
                return null;
            }

            var rows = pass._source.Rows;
            _ahead ??= new ReadAhead(files, batch => [.. Enumerable.Range((int)batch * pass._batch, (int)Math.Min(pass._batch, rows - batch * pass._batch)).Select(row => (long)row)], 0, (rows + pass._batch - 1) / pass._batch);
            return _ahead.Take();
        }

        public void Reset() => throw new NotSupportedException("Enumerate the pass again instead.");

        public void Dispose()
        {
            _ahead?.Dispose();
            _read?.Dispose();
            _indices?.Dispose();
            (_ahead, _read, _indices) = (null, null, null);
            foreach (var reader in _readers)
            {
                reader.Dispose();
            }

            _frozen.Dispose();
        }
    }
}
