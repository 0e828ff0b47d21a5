using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Numbers that change over a run, each read on the host once per step.</summary>
internal static class Schedules
{
    public const string Linear = "linear";
    public const string Cosine = "cosine";
    public const string Ramp = "ramp";

    public static ImmutableArray<string> Names { get; } = [Linear, Cosine, Ramp];

    private static readonly HostValue Zero = HostValue.Of(Dim.Zero);
    private static readonly HostValue One = HostValue.Of(Dim.One);

    private static readonly HostValue Progress = new(HostKind.Float, new HostProgress(), null, Interval.Unit);

    /// <summary>The parameters of a schedule, with their defaults; null for one that must be given.</summary>
    public static ImmutableArray<(string Name, HostValue? Default)> Parameters(string name) => name switch
    {
        Linear => [("start", null), ("end", null), ("from", Zero), ("to", One)],
        Cosine => [("start", null), ("end", Zero), ("warmup", Zero)],
        _ => [("value", null), ("over", null)],
    };

    /// <summary>What the words mean that say where a run is; null for any other.</summary>
    public static HostValue? Clock(string name) => name switch
    {
        "step" => new(HostKind.Float, new HostStep(), null, Interval.NonNegative),
        "epoch" => new(HostKind.Float, new HostEpoch(), null, Interval.NonNegative),
        "progress" => Progress,
        _ => null,
    };

    public static HostValue Of(string name, ImmutableArray<HostValue> a) => name switch
    {
        Linear => Between(a[0], a[1], Part(Sum("-", Progress, a[2]), Sum("-", a[3], a[2]))),
        Cosine when a[2].Constant is 0 => Cooled(a[0], a[1]),
        Cosine => Sum("*", Cooled(a[0], a[1]), Warmed(a[2])) with { Range = a[0].Range.Join(a[1].Range).Join(Interval.Point(0)) },
        _ => Sum("*", a[0], Part(Progress, a[1])) with { Range = a[0].Range.Join(Interval.Point(0)) },
    };

    // Half a cosine from one number to the other.
    private static HostValue Cooled(HostValue start, HostValue end)
    {
        HostValue angle = Sum("*", HostValue.Float(System.Math.PI), Progress);
        HostValue half = new(HostKind.Float, new HostCall("cos", [angle.Expression]), null, new Interval(-1, 1));
        return Between(end, start, Sum("/", Sum("+", One, half), HostValue.Float(2)));
    }

    // Without a warm-up all is there at once.
    private static HostValue Warmed(HostValue over) => over.Range.ContainsZero
        ? HostArithmetic.Conditional(HostArithmetic.Binary("==", over, Zero)!, One, Part(Progress, over))! with { Range = Interval.Unit }
        : Part(Progress, over);

    private static HostValue Between(HostValue start, HostValue end, HostValue part) =>
        Sum("+", start, Sum("*", Sum("-", end, start), part)) with { Range = start.Range.Join(end.Range) };

    private static HostValue Part(HostValue done, HostValue of) => new(
        HostKind.Float, new HostCall("clamp", [(of.Constant is 1 ? done : Sum("/", done, of)).Expression, new HostLiteral("0"), new HostLiteral("1")]), null, Interval.Unit);

    private static HostValue Sum(string op, HostValue a, HostValue b) =>
        op == "-" && b.Constant is 0 ? a : op == "+" && a.Constant is 0 ? b : HostArithmetic.Binary(op, a, b)!;
}
