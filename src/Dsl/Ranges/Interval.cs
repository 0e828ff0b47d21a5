using System;
using System.Globalization;

namespace GenDsl.Dsl.Ranges;

/// <summary>The values a tensor may take: an interval of the reals with open or closed ends. Infinite ends are open.</summary>
public readonly record struct Interval(double Low, double High, bool LowOpen = false, bool HighOpen = false)
{
    /// <summary>All reals.</summary>
    public static Interval All { get; } = new(double.NegativeInfinity, double.PositiveInfinity, true, true);

    /// <summary>(0, inf).</summary>
    public static Interval Positive { get; } = new(0, double.PositiveInfinity, true, true);

    /// <summary>[0, inf).</summary>
    public static Interval NonNegative { get; } = new(0, double.PositiveInfinity, false, true);

    /// <summary>[0, 1].</summary>
    public static Interval Unit { get; } = new(0, 1);

    /// <summary>A single number.</summary>
    public static Interval Point(double value) => new(value, value);

    /// <summary>True where nothing is known.</summary>
    public bool IsAll => double.IsNegativeInfinity(Low) && double.IsPositiveInfinity(High);

    /// <summary>The number where there is only one.</summary>
    public double? Single => Low == High && !LowOpen && !HighOpen ? Low : null;

    /// <summary>True where 0 is a possible value.</summary>
    public bool ContainsZero => (Low < 0 || (Low == 0 && !LowOpen)) && (High > 0 || (High == 0 && !HighOpen));

    /// <summary>True where every value of <paramref name="inner"/> lies in this interval.</summary>
    public bool Contains(Interval inner) =>
        (inner.Low > Low || (inner.Low == Low && (!LowOpen || inner.LowOpen)))
        && (inner.High < High || (inner.High == High && (!HighOpen || inner.HighOpen)));

    /// <summary>The smallest interval with the values of both.</summary>
    public Interval Join(Interval other)
    {
        bool low = Low < other.Low || (Low == other.Low && !LowOpen);
        bool high = High > other.High || (High == other.High && !HighOpen);
        return new(low ? Low : other.Low, high ? High : other.High, low ? LowOpen : other.LowOpen, high ? HighOpen : other.HighOpen);
    }

    /// <summary>a + b.</summary>
    public static Interval operator +(Interval a, Interval b) =>
        new(a.Low + b.Low, a.High + b.High, a.LowOpen || b.LowOpen, a.HighOpen || b.HighOpen);

    /// <summary>-a.</summary>
    public static Interval operator -(Interval a) => new(-a.High, -a.Low, a.HighOpen, a.LowOpen);

    /// <summary>a - b.</summary>
    public static Interval operator -(Interval a, Interval b) => a + (-b);

    /// <summary>a · b: the extremes of the products of the ends, 0 · inf being 0 (the 0 is attained, the infinity is not).</summary>
    public static Interval operator *(Interval a, Interval b)
    {
        (double Value, bool Open)[] ends =
        [
            Times(a.Low, a.LowOpen, b.Low, b.LowOpen), Times(a.Low, a.LowOpen, b.High, b.HighOpen),
            Times(a.High, a.HighOpen, b.Low, b.LowOpen), Times(a.High, a.HighOpen, b.High, b.HighOpen),
        ];
        (double Value, bool Open) low = ends[0];
        (double Value, bool Open) high = ends[0];
        foreach ((double Value, bool Open) end in ends)
        {
            low = end.Value < low.Value || (end.Value == low.Value && !end.Open) ? end : low;
            high = end.Value > high.Value || (end.Value == high.Value && !end.Open) ? end : high;
        }

        // A closed zero inside either factor is attained whatever the open ends say.
        bool zero = a.ContainsZero || b.ContainsZero;
        return new(low.Value, high.Value, low.Open && !(zero && low.Value == 0), high.Open && !(zero && high.Value == 0));
    }

    /// <summary>1 / a where 0 is excluded; all reals otherwise.</summary>
    public Interval Reciprocal()
    {
        if (ContainsZero || (Low < 0 && High > 0))
        {
            return All;
        }

        return High <= 0 ? -(-this).Reciprocal() : new(1 / High, Low == 0 ? double.PositiveInfinity : 1 / Low, HighOpen, LowOpen || Low == 0);
    }

    /// <summary>The image under an increasing function that is continuous on the interval.</summary>
    public Interval Map(Func<double, double> increasing)
    {
        double low = increasing(Low);
        double high = increasing(High);

        // Rounding makes an open end look attained (tanh(20) is 1 in floating point); a saturated value counts as attained.
        return new(low, high, LowOpen && double.IsInfinity(low), HighOpen && double.IsInfinity(high));
    }

    /// <summary>The values of both; of intervals that do not meet, an interval without values.</summary>
    public Interval Meet(Interval other)
    {
        bool low = Low > other.Low || (Low == other.Low && LowOpen);
        bool high = High < other.High || (High == other.High && HighOpen);
        return new(low ? Low : other.Low, high ? High : other.High, low ? LowOpen : other.LowOpen, high ? HighOpen : other.HighOpen);
    }

    /// <summary>True where some value lies in both.</summary>
    public bool Meets(Interval other) =>
        (Low < other.High || (Low == other.High && !LowOpen && !other.HighOpen)) && (other.Low < High || (other.Low == High && !other.LowOpen && !HighOpen));

    /// <summary>In words: <c>in [0, 1]</c>, <c>above 0</c>, <c>0 or above</c>.</summary>
    public string Spoken => (double.IsInfinity(Low), double.IsInfinity(High)) switch
    {
        (false, true) => LowOpen ? $"above {Exact(Low)}" : $"{Exact(Low)} or above",
        (true, false) => HighOpen ? $"below {Exact(High)}" : $"{Exact(High)} or below",
        _ => $"in {(LowOpen ? "(" : "[")}{Exact(Low)}, {Exact(High)}{(HighOpen ? ")" : "]")}",
    };

    /// <summary>As in the language: <c>[-1, 1]</c>, <c>(0, inf)</c>.</summary>
    public override string ToString() => $"{(LowOpen ? "(" : "[")}{Text(Low)}, {Text(High)}{(HighOpen ? ")" : "]")}";

    private static string Exact(double value) => double.IsInfinity(value) || value == 0 ? Text(value) : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : value == 0 ? "0" : value.ToString("G6", CultureInfo.InvariantCulture);

    private static (double Value, bool Open) Times(double x, bool xOpen, double y, bool yOpen) =>
        x == 0 || y == 0 ? (0, (x == 0 && xOpen) || (y == 0 && yOpen)) : (x * y, xOpen || yOpen);
}
