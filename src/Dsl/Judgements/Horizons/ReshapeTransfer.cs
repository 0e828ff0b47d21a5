using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>
/// The same numbers in row-major order under another shape. Axes are matched in groups of equal products; features split
/// and merge by whole cycles of classes, the sites of a grid become a line and back.
/// </summary>
internal static class ReshapeTransfer
{
    public static Horizon Of(Horizon horizon, ImmutableArray<Dim> from, ImmutableArray<Dim> to)
    {
        var carriers = new Carrier?[horizon.Order.Axes];
        Horizon current = horizon;
        foreach (Group group in Groups(from, to))
        {
            ImmutableArray<int> inside = [.. Enumerable.Range(0, current.Carriers.Length).Where(i => current.Carriers[i] is { } c && c.Axis >= group.From && c.Axis < group.FromEnd)];
            if (inside.IsEmpty)
            {
                continue;
            }

            if (IsGrid(current, inside, group, from, to) || IsLine(current, inside, group, from))
            {
                // All sites of the order lie in this group: the order itself is written the other way.
                Carrier? channels = current.Order.HasChannels ? carriers[carriers.Length - 1] : null;
                ImmutableArray<Carrier?> sites;
                if (inside.Length == 2)
                {
                    sites = [Carrier.Carried(group.To, current.Carriers[1]!.Rate ?? Ratio.One)];
                    current = GridAndLine.ToLine(current);
                }
                else
                {
                    sites = [Carrier.Carried(group.ToEnd - 2, Ratio.One), Carrier.Carried(group.ToEnd - 1, Ratio.One)];
                    current = GridAndLine.ToGrid(current, to[group.ToEnd - 1]);
                }

                carriers = [.. current.Order.HasChannels ? sites.Add(channels) : sites];
                continue;
            }

            foreach (int i in inside)
            {
                carriers[i] = inside.Length == 1 ? Moved(current.Carriers[i]!, group, from, to) : null;
            }
        }

        return current.On(carriers);
    }

    private static Carrier? Moved(Carrier carrier, Group group, ImmutableArray<Dim> from, ImmutableArray<Dim> to)
    {
        int last = group.ToEnd - 1;
        if (group.ToEnd == group.To || carrier.Axis != group.FromEnd - 1)
        {
            return null;
        }

        if (group.Count == 1 && group.ToEnd - group.To == 1)
        {
            return carrier with { Axis = last };
        }

        // Feature k of [K * c] is feature k mod c of (K, c): of the same class where c holds whole cycles.
        Dim size = group.Count == 1 ? to[last] : from[carrier.Axis];
        return (group.Count == 1 || group.ToEnd - group.To == 1) && carrier.AsGraded(from).Classes is { } classes && size.TryDivide(classes) is not null
            ? Carrier.Graded(last, classes)
            : null;
    }

    // Rows and columns, one behind the other, that become one axis of positions at an even rate.
    private static bool IsGrid(Horizon horizon, ImmutableArray<int> inside, Group group, ImmutableArray<Dim> from, ImmutableArray<Dim> to) =>
        horizon.Order is { Sites: 2, Width: { } width } && inside.SequenceEqual([0, 1]) && group.Count == 2 && group.ToEnd - group.To == 1
        && horizon.Carriers[0] is { } row && horizon.Carriers[1] is { } column && row.Axis == group.From && column.Axis == group.From + 1
        && row is { Classes: null } && column is { Classes: null }
        && ((row.Rate ?? Ratio.One) * Ratio.Of(width)).Equals((column.Rate ?? Ratio.One) * Ratio.Of(from[column.Axis]))
        && (row.Rate ?? Ratio.One).Whole is not null && (column.Rate ?? Ratio.One).Whole is not null;

    private static bool IsLine(Horizon horizon, ImmutableArray<int> inside, Group group, ImmutableArray<Dim> from) =>
        horizon.Order.Sites == 1 && inside.SequenceEqual([0]) && group.Count == 1 && group.ToEnd - group.To == 2
        && horizon.Carriers[0]!.AsCarried(from).Rate is { } rate && rate.Equals(Ratio.One);

    // The finest groups of neighbouring axes with equal products; axes of size 1 stand alone where they have no partner.
    private static IEnumerable<Group> Groups(ImmutableArray<Dim> from, ImmutableArray<Dim> to)
    {
        (int i, int j) = (0, 0);
        while (i < from.Length || j < to.Length)
        {
            Group group = Next(from, to, i, j);
            yield return group;
            (i, j) = (group.FromEnd, group.ToEnd);
        }
    }

    private static Group Next(ImmutableArray<Dim> from, ImmutableArray<Dim> to, int i, int j)
    {
        bool hasFrom = i < from.Length;
        bool hasTo = j < to.Length;
        if (hasFrom && hasTo && from[i].Equals(to[j]))
        {
            return new(i, i + 1, j, j + 1);
        }

        if (hasFrom && from[i].Value == 1)
        {
            return new(i, i + 1, j, j);
        }

        if (hasTo && to[j].Value == 1)
        {
            return new(i, i, j, j + 1);
        }

        for (int sum = 3; sum <= from.Length - i + to.Length - j; sum++)
        {
            for (int many = 1; many < sum; many++)
            {
                (int fromEnd, int toEnd) = (i + many, j + sum - many);
                if (fromEnd <= from.Length && toEnd <= to.Length && Dim.Product(Part(from, i, fromEnd)).Equals(Dim.Product(Part(to, j, toEnd))))
                {
                    return new(i, fromEnd, j, toEnd);
                }
            }
        }

        return new(i, from.Length, j, to.Length);
    }

    private static IEnumerable<Dim> Part(ImmutableArray<Dim> shape, int from, int to) => shape.Skip(from).Take(to - from);

    /// <summary>Axes From .. FromEnd - 1 that hold the same numbers as axes To .. ToEnd - 1.</summary>
    private sealed record Group(int From, int FromEnd, int To, int ToEnd)
    {
        public int Count => FromEnd - From;
    }
}
