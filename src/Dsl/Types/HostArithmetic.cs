using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Types;

/// <summary>Arithmetic on numbers known on the host. Integers stay in normal form; constants are folded.</summary>
internal static class HostArithmetic
{
    private static readonly ImmutableDictionary<string, Func<double, double>> Functions = new Dictionary<string, Func<double, double>>
    {
        ["exp"] = Math.Exp, ["log"] = Math.Log, ["sqrt"] = Math.Sqrt, ["abs"] = Math.Abs, ["tanh"] = Math.Tanh,
    }.ToImmutableDictionary();

    /// <summary>Names of functions that also work on host numbers, with their C# name.</summary>
    public static bool IsFunction(string name) => Functions.ContainsKey(name);

    public static HostValue Literal(string lexeme, bool isInteger)
    {
        if (!isInteger)
        {
            return HostValue.Float(lexeme);
        }

        // An integer beyond 64 bits is still a number.
        return long.TryParse(lexeme, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? HostValue.Of(Dim.Constant(value)) : HostValue.Float(lexeme + ".0");
    }

    public static HostValue Negate(HostValue a) => a switch
    {
        { Size: { } size } => HostValue.Of(-size),
        { Constant: { } c } => HostValue.Float(-c),
        { Expression: HostNegate twice } => new HostValue(HostKind.Float, twice.Operand, null, -a.Range),
        _ => new HostValue(HostKind.Float, new HostNegate(a.Expression), null, -a.Range),
    };

    /// <summary>The result, or null where the operator does not work on these kinds.</summary>
    public static HostValue? Binary(string op, HostValue a, HostValue b)
    {
        bool numbers = a.Kind is HostKind.Int or HostKind.Float && b.Kind is HostKind.Int or HostKind.Float;
        if (op is "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            return numbers ? new HostValue(HostKind.Bool, new HostBinary(op, a.Expression, b.Expression), null, Interval.Unit) : null;
        }

        if (!numbers)
        {
            return null;
        }

        if (a.Size is { } x && b.Size is { } y && IntegerOf(op, x, y) is { } size)
        {
            return HostValue.Of(size);
        }

        if (op == "%")
        {
            // Of numbers that are counted up, such as the step, by one that is above 0.
            return a.Range.Low >= 0 && b.Range.Low > 0
                ? new HostValue(HostKind.Float, new HostBinary(op, a.Expression, b.Expression), null, new Interval(0, b.Range.High, false, true))
                : null;
        }

        if (a.Constant is { } p && b.Constant is { } q)
        {
            return HostValue.Float(op switch { "+" => p + q, "-" => p - q, "*" => p * q, "/" => p / q, _ => Math.Pow(p, q) });
        }

        Interval range = op switch
        {
            "+" => a.Range + b.Range,
            "-" => a.Range - b.Range,
            "*" => a.Range * b.Range,
            "/" => a.Range * b.Range.Reciprocal(),
            _ => a.Range.Low > 0 ? Interval.Positive : Interval.All,
        };
        return new HostValue(HostKind.Float, new HostBinary(op, a.Expression, b.Expression), null, range);
    }

    /// <summary>The value of a function of the catalogue; null for another one.</summary>
    public static double? Function(string name, double x) => Functions.TryGetValue(name, out Func<double, double>? function) ? function(x) : null;

    /// <summary>A function of the catalogue on a host number.</summary>
    public static HostValue Call(string name, HostValue a)
    {
        Func<double, double> function = Functions[name];
        return a.Constant is { } c
            ? HostValue.Float(function(c))
            : new HostValue(HostKind.Float, new HostCall(name, [a.Expression]), null, name == "exp" ? Interval.Positive : Interval.All);
    }

    public static HostValue? Conditional(HostValue condition, HostValue then, HostValue otherwise)
    {
        bool numbers = then.Kind is HostKind.Int or HostKind.Float && otherwise.Kind is HostKind.Int or HostKind.Float;

        // Of integers it is an integer, where integers decide it.
        if (then.Size is { } a && otherwise.Size is { } b)
        {
            if (condition.Kind == HostKind.Bool && Truth(condition.Expression) is { } holds)
            {
                return holds ? then : otherwise;
            }

            if (condition.Expression is HostBinary { Operator: { } op, Left: HostSize { Size: { } left }, Right: HostSize { Size: { } right } })
            {
                return HostValue.Of(Dim.Choice(op, left, right, a, b));
            }
        }

        return condition.Kind == HostKind.Bool && numbers
            ? new HostValue(HostKind.Float, new HostConditional(condition.Expression, then.Expression, otherwise.Expression), null, then.Range.Join(otherwise.Range))
            : null;
    }

    /// <summary>Whether a comparison of constants holds; null for anything else.</summary>
    public static bool? Truth(HostExpr condition) => HostReading.Number(condition, _ => null) is { } value ? value != 0 : null;

    // An exact quotient of integers stays an integer; any other is a real number.
    private static Dim? IntegerOf(string op, Dim a, Dim b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" when a.TryDivide(b) is { } exact => exact,
        "%" when b.Value is not 0 => Dim.Modulo(a, b),
        "^" => Dim.Power(a, b),
        _ => null,
    };
}
