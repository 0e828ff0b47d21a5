using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Runtime.Data;
using GenDsl.Runtime.Data.Readers;
using GenDsl.Runtime.Data.Streaming;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

public sealed partial class Column
{
    private readonly Lock _lock = new();
    private Tensor? _staticBits;

    /// <summary>How levels become bits; other conversions take no notice of <see cref="ColumnView.Plain"/> and refuse the named views.</summary>
    public ColumnView View { get; init; }

    /// <summary>The names of the classes or codes, in order; empty where they have none.</summary>
    public IReadOnlyList<string> Vocabulary { get; init; } = [];

    /// <summary>Samples per second of an audio column; 0 for the others.</summary>
    public int SampleRate { get; init; }

    /// <summary>Rows of chance, which belong to no row of the other columns: whatever rows a step asks for, it gets others, drawn anew.</summary>
    internal bool IsOfChance { get; init; }

    /// <summary>Of numbers that belong to codes: the number of each code, where the storage has the codes; null for all others.</summary>
    internal float[]? NumberOfCode { get; init; }

    /// <summary>Where row 0 of this column stands in <see cref="Origin"/>; a slice keeps the static draw of its rows this way.</summary>
    internal long FirstRow { get; init; }

    /// <summary>What the static draw of bits is keyed by, beside the row; the column's name unless a data set says more.</summary>
    internal string Origin { get => field ?? Name; init; }

    /// <summary>The shape of one row, without the row axis.</summary>
    public long[] Shape => Storage.shape[1..];

    /// <summary>
    /// Sees the column through a space, converting at the boundary by range:
    /// levels to a bounded real space (<c>level / (levels - 1) * (high - low) + low</c>), levels to equally many levels or to a divisor of them
    /// (<c>floor(level * n / levels)</c>), levels to bits
    /// (drawn with p = level / (levels - 1), see <see cref="View"/>), reals to reals, audio to mu-law classes, classes and codes to themselves and to each other. A free size of the space is that of the column.
    /// A missing or superfluous channel axis of size 1 is put right.
    /// </summary>
    /// <param name="space">The space that rows shall belong to.</param>
    /// <returns>A reader that shares this column's storage.</returns>
    /// <exception cref="GenDslException">The column does not fit the space, or a value lies outside its range; the message names the row.</exception>
    public IColumnReader As(SpaceInfo space)
    {
        if (ColumnFit.Problem(this, space) is { } problem)
        {
            throw new GenDslException($"Column {this} cannot be read as {space}: {problem}");
        }

        IColumnReader rows = NumberOfCode is not null ? new CodeNumberReader(this, space, NumberOfCode) : Files is null ? ColumnReader.Create(this, space) : new StreamedReader(this, space);
        return IsOfChance ? new ChanceReader(rows) : rows;
    }

    /// <summary>Rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/>, sharing the storage.</summary>
    internal Column Slice(long first, long count) => With(Storage.narrow(0, first, count), View, FirstRow + first, Files?.Slice(first, count));

    /// <summary>Some of the rows, copied.</summary>
    internal Column Take(IReadOnlyList<long> rows)
    {
        if (Files is not null)
        {
            var taken = Files.Take(rows);
            return With(taken.Shaped(), View, 0, taken);
        }

        using var numbers = TorchSharp.torch.tensor(rows.ToArray(), ScalarType.Int64, device: Values.device);
        return With(Values.index_select(0, numbers), View, 0);
    }

    /// <summary>Other numbers in the same rows, which become the column's.</summary>
    internal Column Of(Tensor values) => With(values, View, FirstRow);

    /// <summary>The same rows seen through another view, sharing the storage.</summary>
    internal Column WithView(ColumnView view) => With(Storage.alias(), view, FirstRow, Files);

    /// <summary>The bits of the static draw, u8 like the rows; made once.</summary>
    internal Tensor StaticBits()
    {
        lock (_lock)
        {
            return _staticBits ??= StaticBinarisation.Draw(this).DetachFromDisposeScope();
        }
    }

    /// <summary>Some rows of this column after they were decoded; the tensor becomes the column's.</summary>
    internal Column Decoded(Tensor values, IReadOnlyList<long> rows) => new(Name, Kind, Count, Low, High, values)
    {
        View = View,
        Origin = Origin,
        Vocabulary = Vocabulary,
        SampleRate = SampleRate,
        Numbers = [.. rows.Select(row => FirstRow + row)],
    };

    /// <summary>The number of a row in <see cref="Origin"/>.</summary>
    internal long NumberOf(long row) => Numbers is null ? FirstRow + row : Numbers[row];

    private long[]? Numbers { get; init; }

    internal void Release()
    {
        Storage.Dispose();
        _staticBits?.Dispose();
    }

    /// <summary>For example <c>'image': levels(256) [28, 28]</c>.</summary>
    public override string ToString()
    {
        var kind = Kind.ToString().ToLowerInvariant() + (Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"({Count})") : "");
        var shape = Shape.Length > 0 ? " " + ShapeText.Of(Shape) : "";
        var range = Kind == ElementKind.Real && !(double.IsInfinity(Low) && double.IsInfinity(High))
            ? string.Create(CultureInfo.InvariantCulture, $" in [{Low}, {High}]")
            : "";
        return $"'{Name}': {kind}{shape}{range}";
    }

    private Column With(Tensor values, ColumnView view, long firstRow, FileRows? files = null) => new(Name, Kind, Count, Low, High, values.DetachFromDisposeScope())
    {
        Files = files,
        View = view,
        FirstRow = firstRow,
        IsOfChance = IsOfChance,
        NumberOfCode = NumberOfCode,
        Origin = Origin,
        Vocabulary = Vocabulary,
        SampleRate = SampleRate,
    };
}
