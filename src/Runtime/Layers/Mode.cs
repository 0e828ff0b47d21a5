using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>How a net is called. A call may learn in some of the net's parts only; each part is asked for its own mode.</summary>
public readonly struct Mode : IEquatable<Mode>
{
    private readonly Kind _kind;

    // The parts that are called the other way: those that learn where the rest does not, or the reverse.
    private readonly object[]? _others;

    private Mode(Kind kind, object[]? others = null) => (_kind, _others) = (kind, others);

    private enum Kind
    {
        Evaluate,
        Train,
        Learn,
        Initialise,
    }

    /// <summary>Running statistics, no dropout; writes nothing.</summary>
    public static Mode Evaluate => default;

    /// <summary>Batch statistics and dropout; writes nothing.</summary>
    public static Mode Train => new(Kind.Train);

    /// <summary>As <see cref="Train"/>, and running statistics are written: the call through which a net learns.</summary>
    public static Mode Learn => new(Kind.Learn);

    /// <summary>As <see cref="Train"/>, without gradients: the pass before the first step, in which layers that start from data set their first values.</summary>
    public static Mode Initialise => new(Kind.Initialise);

    /// <summary>True in <see cref="Evaluate"/>.</summary>
    public bool IsEvaluation => _kind == Kind.Evaluate;

    /// <summary>True in <see cref="Learn"/>: running statistics are written.</summary>
    public bool IsLearning => _kind == Kind.Learn;

    /// <summary>True in <see cref="Initialise"/>.</summary>
    public bool IsInitial => _kind == Kind.Initialise;

    /// <summary>The call again, when what it writes is written already.</summary>
    public Mode Again => _kind is Kind.Learn or Kind.Initialise ? Train : this;

    /// <summary>A call in which some parts of a net learn, and nothing else.</summary>
    /// <param name="parts">Nets, or arrays of nets that are constructed in loops.</param>
    public static Mode LearnOnly(params object[] parts) => new(Kind.Train, Flat(parts));

    /// <summary>A call in which a net learns, but for some of its parts.</summary>
    /// <param name="parts">Nets, or arrays of nets that are constructed in loops.</param>
    public static Mode LearnExcept(params object[] parts) => new(Kind.Learn, Flat(parts));

    /// <summary>The mode of a part of the net that is called with this one.</summary>
    public Mode In(object part) => _others is null || !Array.Exists(_others, other => ReferenceEquals(other, part)) ? this
        : _kind == Kind.Learn ? Train : Learn;

    /// <inheritdoc/>
    public bool Equals(Mode other) => _kind == other._kind && ReferenceEquals(_others, other._others);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Mode other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_kind, _others);

    /// <summary>Whether two modes are the same.</summary>
    public static bool operator ==(Mode left, Mode right) => left.Equals(right);

    /// <summary>Whether two modes differ.</summary>
    public static bool operator !=(Mode left, Mode right) => !left.Equals(right);

    private static object[] Flat(IEnumerable<object> parts) =>
        [.. parts.SelectMany(part => part is Array rounds ? rounds.Cast<object>() : [part])];
}
