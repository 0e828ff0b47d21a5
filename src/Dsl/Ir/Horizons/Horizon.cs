using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Ir.Horizons;

/// <summary>
/// What a value knows of a root: at site s it depends only on root positions a with a &lt;= A(s) + d in the order of the
/// root, where A(s) is where its axes say that s lies and d the largest of the candidates.
/// </summary>
public sealed class Horizon
{
    private Horizon(DrawOrder order, ImmutableArray<Candidate> candidates, ImmutableArray<Carrier?> carriers) =>
        (Order, Candidates, Carriers) = (order, candidates, carriers);

    /// <summary>The order of the root; its sites are a grid or a line as the value's are.</summary>
    public DrawOrder Order { get; }

    /// <summary>Leads of which one is the largest; none where the value does not depend on the root.</summary>
    public ImmutableArray<Candidate> Candidates { get; }

    /// <summary>Where each order axis lives; null where it does not, and no lead has a limit there.</summary>
    public ImmutableArray<Carrier?> Carriers { get; }

    /// <summary>True where the value does not depend on the root.</summary>
    public bool IsNone => Candidates.IsEmpty;

    /// <summary>True where it depends on nothing but what comes before its own place, for all sizes.</summary>
    public bool IsPast => Candidates.All(c => c.Lead.IsPast);

    /// <summary>The leads without the ways they came by.</summary>
    public IEnumerable<Lead> Leads => Candidates.Select(c => c.Lead);

    /// <summary>A value that does not depend on the root.</summary>
    public static Horizon None(DrawOrder order) => new(order, [], [.. Enumerable.Repeat<Carrier?>(null, order.Axes)]);

    /// <summary>The root itself.</summary>
    public static Horizon Root(DrawOrder order, ImmutableArray<Dim> shape)
    {
        // Channels are the first axis and the last of the order. Sites stand behind them, but for a tensor with one axis.
        int first = shape.Length == 1 ? 0 : 1;
        IEnumerable<Carrier?> carriers = Enumerable.Range(0, order.Sites).Select(i => (Carrier?)Carrier.Carried(first + i, Ratio.One));
        return new(order, [new Candidate(Lead.Zero(order.Axes), null)], [.. order.HasChannels ? carriers.Append(Carrier.Graded(0, shape[0])) : carriers]);
    }

    /// <summary>A value by its parts: larger candidates push smaller ones out, and an axis without carrier has no limit.</summary>
    public static Horizon Of(DrawOrder order, IEnumerable<Candidate> candidates, IEnumerable<Carrier?> carriers)
    {
        ImmutableArray<Carrier?> carried = [.. carriers];
        int open = carried.IndexOf(null);
        var kept = new List<Candidate>();
        foreach (Candidate candidate in candidates)
        {
            Candidate limited = open < 0 ? candidate : candidate with { Lead = candidate.Lead.OpenFrom(open) };
            if (!kept.Exists(k => limited.Lead.IsAtMost(k.Lead)))
            {
                kept.RemoveAll(k => k.Lead.IsAtMost(limited.Lead));
                kept.Add(limited);
            }
        }

        return kept.Count == 0 ? None(order) : new(order, [.. kept], carried);
    }

    /// <summary>The same value of which all may depend on all.</summary>
    public Horizon Full() => IsNone ? this : Of(Order, Candidates, Enumerable.Repeat<Carrier?>(null, Order.Axes));

    /// <summary>The same leads on other axes.</summary>
    public Horizon On(IEnumerable<Carrier?> carriers) => Of(Order, Candidates, carriers);

    /// <summary>Every lead changed.</summary>
    public Horizon Map(Func<Candidate, Candidate> change) => Of(Order, Candidates.Select(change), Carriers);

    /// <summary>A value computed from two values of one shape.</summary>
    public static Horizon Join(Horizon a, Horizon b, ImmutableArray<Dim> shape)
    {
        if (a.IsNone || b.IsNone)
        {
            return a.IsNone ? b : a;
        }

        // A grid and a line, or leads that no axis of the shape orders.
        if (!a.Order.Equals(b.Order))
        {
            return Full(a.Order, a.Candidates.Concat(b.Candidates.Where(c => c.Lead.Components.Length == a.Order.Axes)));
        }

        var carriers = new Carrier?[a.Order.Axes];
        for (int i = 0; i < carriers.Length; i++)
        {
            if (!TryJoin(a.Carriers[i], b.Carriers[i], shape, out carriers[i]))
            {
                break;
            }
        }

        return Of(a.Order, a.Candidates.Concat(b.Candidates), carriers);
    }

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : string.Join(" or ", Candidates.Select(c => c.Lead.ToString()));

    private static Horizon Full(DrawOrder order, IEnumerable<Candidate> candidates) => Of(order, candidates, Enumerable.Repeat<Carrier?>(null, order.Axes));

    // Where one side has no limit on the axis, nothing needs to line up.
    private static bool TryJoin(Carrier? a, Carrier? b, ImmutableArray<Dim> shape, out Carrier? joined)
    {
        joined = a ?? b;
        if (a is null || b is null || a.Equals(b))
        {
            return true;
        }

        if (a.Axis == b.Axis)
        {
            if (a.IsSingle || b.IsSingle)
            {
                joined = a.IsSingle ? b : a;
                return true;
            }

            if (a.AsCarried(shape) is var x && x.Equals(b.AsCarried(shape)))
            {
                joined = x;
                return true;
            }
        }

        joined = null;
        return false;
    }
}
