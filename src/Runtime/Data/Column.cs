using System;
using GenDsl.Runtime.Data.Streaming;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>One named column of a source, in compact storage: all rows in one tensor.</summary>
public sealed partial class Column
{
    /// <summary>Creates a column, which takes ownership of its tensor.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="kind">What one element is.</param>
    /// <param name="count">The number of levels, classes or codes; 0 for the others.</param>
    /// <param name="low">The smallest value, negative infinity where unknown.</param>
    /// <param name="high">The largest value, infinity where unknown.</param>
    /// <param name="values">The rows, shape <c>[rows, ...]</c>: u8 for levels and bits, any integer type for indices, f32 or f64 for reals.</param>
    public Column(string name, ElementKind kind, int count, double low, double high, Tensor values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        if (values.dim() < 1)
        {
            throw new GenDslException($"Column '{name}' has no row axis: its tensor is a single number. Give it the shape [rows, ...].");
        }

        Name = name;
        Kind = kind;
        Count = count;
        Low = low;
        High = high;
        Storage = values;
    }

    // Levels, classes or codes: 0 to count - 1.
    internal Column(string name, ElementKind kind, int count, Tensor values)
        : this(name, kind, count, 0, count - 1, values)
    {
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>What one element is.</summary>
    public ElementKind Kind { get; }

    /// <summary>The number of levels, classes or codes; 0 for the others.</summary>
    public int Count { get; }

    /// <summary>The smallest value, negative infinity where unknown.</summary>
    public double Low { get; }

    /// <summary>The largest value, infinity where unknown.</summary>
    public double High { get; }

    // Rows that stay in their files: the storage has their shape, and nothing in it.
    internal Column(string name, ElementKind kind, int count, double low, double high, FileRows files)
        : this(name, kind, count, low, high, files.Shaped()) => Files = files;

    /// <summary>The rows in compact storage, shape <c>[rows, ...]</c>.</summary>
    /// <exception cref="InvalidOperationException">The rows stay in their files (<c>@stream</c>) and are read through <see cref="As"/> alone.</exception>
    public Tensor Values => Files is null
        ? Storage
        : throw new InvalidOperationException($"The rows of column '{Name}' stay in their files (@stream): there is no tensor of all of them. Read them through As(space).");

    /// <summary>The number of rows.</summary>
    public long Rows => Storage.size(0);

    /// <summary>Where rows come from that are not in memory; null for the others.</summary>
    internal FileRows? Files { get; private init; }

    internal Tensor Storage { get; }
}
