using GenDsl.Runtime.Data.Readers;
using GenDsl.Runtime.Data.Streaming;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>One batch of a pass over a source.</summary>
public sealed class PassBatch
{
    private readonly IColumnReader[] _readers;
    private readonly Tensor _indices;

    internal PassBatch(IColumnReader[] readers, Tensor indices, long index, Draws draws)
    {
        _readers = readers;
        _indices = indices;
        Index = index;
        Rows = indices.size(0);
        Draws = draws.At(index);
    }

    /// <summary>The number of the batch, from 0.</summary>
    public long Index { get; }

    /// <summary>Its rows; the last batch of a pass may be short.</summary>
    public long Rows { get; }

    /// <summary>Randomness that belongs to the batch.</summary>
    public Draws Draws { get; }

    /// <summary>The numbers of its rows, int64 of shape <c>[rows]</c>; owned by the pass.</summary>
    internal Tensor Indices => _indices;

    /// <summary>Reads a column, converted to its space; a new tensor of shape <c>[rows, ...space]</c>.</summary>
    public Tensor Gather(int column)
    {
        var draws = _readers[column] is ChanceReader ? Draws.At("chance") : Draws.At("view").At(column);
        return Read is not null && _readers[column] is StreamedReader reader
            ? reader.Gather(Read, StreamedReader.FilesOf(_readers), _indices.device, draws)
            : _readers[column].Gather(_indices, draws);
    }

    /// <summary>What of the batch was read from files.</summary>
    internal ReadBatch? Read { get; init; }
}
