using System;
using System.Collections.Immutable;
using System.Globalization;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Types;

/// <summary>The kinds of values that live on the host, not on the device.</summary>
public enum HostKind
{
    /// <summary>An integer.</summary>
    Int,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A word such as <c>same</c> or <c>causal</c>.</summary>
    Word,
}

/// <summary>An expression over hyperparameters, loop indices and the step, evaluated on the host.</summary>
public abstract record HostExpr;

/// <summary>A number or word as written.</summary>
public sealed record HostLiteral(string Lexeme) : HostExpr;

/// <summary>A hyperparameter.</summary>
public sealed record HostHyperparameter(string Name) : HostExpr;

/// <summary>An integer expression in normal form.</summary>
public sealed record HostSize(Dim Size) : HostExpr;

/// <summary>The number of steps done so far.</summary>
public sealed record HostStep : HostExpr;

/// <summary>The part of the run, or of the phase, that is done, from 0 to 1.</summary>
public sealed record HostProgress : HostExpr;

/// <summary>The passes over the clock source done so far, with the part of the current one.</summary>
public sealed record HostEpoch : HostExpr;

/// <summary>A number that whoever draws a sample may choose.</summary>
public sealed record HostArgument(string Name) : HostExpr;

/// <summary>-a.</summary>
public sealed record HostNegate(HostExpr Operand) : HostExpr;

/// <summary>A binary operation; comparisons give a Bool.</summary>
public sealed record HostBinary(string Operator, HostExpr Left, HostExpr Right) : HostExpr;

/// <summary>if c then a else b.</summary>
public sealed record HostConditional(HostExpr Condition, HostExpr Then, HostExpr Else) : HostExpr;

/// <summary>A function of <c>System.Math</c>.</summary>
public sealed record HostCall(string Function, ImmutableArray<HostExpr> Arguments) : HostExpr;

/// <summary>A value known on the host: at construction, or once per step.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Expression">How it is computed.</param>
/// <param name="Size">Its normal form where it is an integer.</param>
/// <param name="Range">What is known of its value.</param>
public sealed record HostValue(HostKind Kind, HostExpr Expression, Dim? Size, Interval Range)
{
    /// <summary>What a number as written must be.</summary>
    internal const string Finite = "below 1.8e308";

    /// <summary>False for a number that is too large to be one.</summary>
    public bool IsFinite => Constant is not { } number || !double.IsInfinity(number);

    /// <summary>The number where it is a constant.</summary>
    public double? Constant => Kind is HostKind.Int or HostKind.Float ? Range.Single : null;

    /// <summary>An integer from its normal form.</summary>
    public static HostValue Of(Dim size) =>
        new(HostKind.Int, new HostSize(size), size, size.Value is { } v ? Interval.Point(v)
            : size.LowerBound is { } least ? new Interval(least, double.PositiveInfinity, false, true)
            : Interval.All);

    /// <summary>A number as written.</summary>
    public static HostValue Float(string lexeme) =>
        new(HostKind.Float, new HostLiteral(lexeme), null, Interval.Point(double.Parse(lexeme, NumberStyles.Float, CultureInfo.InvariantCulture)));

    /// <summary>A number.</summary>
    public static HostValue Float(double value) =>
        new(HostKind.Float, new HostLiteral(value.ToString("R", CultureInfo.InvariantCulture)), null, Interval.Point(value));

    /// <summary>A word.</summary>
    public static HostValue Word(string word) => new(HostKind.Word, new HostLiteral(word), null, Interval.All);

    /// <summary>True where it is the word or truth literal.</summary>
    public bool Is(string word) => Kind is HostKind.Word or HostKind.Bool && Expression is HostLiteral { Lexeme: { } lexeme } && string.Equals(lexeme, word, StringComparison.Ordinal);
}
