using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>
/// The two ways to write the order of an image: rows of pixels, or one line of them. (a, b) in rows of width W reaches
/// a * W + b along the line where b keeps within a row; back, d reaches (q, d - q * W) with q = ceil(d / W).
/// </summary>
internal static class GridAndLine
{
    /// <summary>The leads along the line; the caller places the sites.</summary>
    public static Horizon ToLine(Horizon grid)
    {
        Dim width = grid.Order.Width!;
        return Horizon.Of(grid.Order.Line, grid.Candidates.Select(c => c with { Lead = ToLine(c.Lead, width) }), Unplaced(grid, 1));
    }

    /// <summary>The leads in rows; the caller places the sites.</summary>
    public static Horizon ToGrid(Horizon line, Dim width)
    {
        DrawOrder order = line.Order.Grid(width);
        return Horizon.Of(order, line.Candidates.Select(c => c with { Lead = ToGrid(c.Lead, width) }), Unplaced(line, 2));
    }

    private static Lead ToLine(Lead lead, Dim width)
    {
        ImmutableArray<Ratio?> behind = [.. lead.Components.Skip(2)];
        if (lead.Components[0] is not { } row || row.Floor is not { } a)
        {
            return Lead.Everywhere(behind.Length + 1);
        }

        bool isWhole = row.Whole is not null;
        Dim start = a * width;
        if (isWhole && lead.Components[1]?.Floor is { } b)
        {
            bool isExact = lead.Components[1]!.Whole is not null;
            if ((-b).LowerBound >= 1)
            {
                // Before the first pixel of a row lies the last one of the row above.
                return Along(start - 1, behind, isExact: false);
            }

            if (b.LowerBound >= 0 && (width - 1 - b).LowerBound >= 0)
            {
                return Along(start + b, behind, isExact);
            }
        }

        return Along(start + width - 1, behind, isExact: false);
    }

    private static Lead Along(Dim position, IEnumerable<Ratio?> behind, bool isExact) =>
        Lead.Of(new[] { Ratio.Of(position) }.Concat(behind.Select(c => isExact ? c : null)));

    private static Lead ToGrid(Lead lead, Dim width)
    {
        ImmutableArray<Ratio?> behind = [.. lead.Components.Skip(1)];
        Ratio?[] open = [.. behind.Select(_ => (Ratio?)null)];
        if (lead.Components[0] is not { } position)
        {
            return Lead.Everywhere(behind.Length + 2);
        }

        if (position.Floor is { } d)
        {
            IEnumerable<Ratio?> rest = position.Whole is null ? open : behind;

            // d = q * W + e with -W < e <= 0, where the sizes let it be seen.
            foreach ((Dim q, Dim e) in Splits(d, width))
            {
                if ((-e).LowerBound >= 0 && (width + e).LowerBound >= 1)
                {
                    return Lead.Of(new[] { Ratio.Of(q), Ratio.Of(e) }.Concat(rest));
                }
            }

            if ((-d).LowerBound >= 1)
            {
                return Lead.Of(new[] { Ratio.Zero, Ratio.Of(-1) }.Concat(open));
            }
        }

        return position.IsNegative ? Lead.Of(new[] { Ratio.Zero, Ratio.Of(-1) }.Concat(open))
            : position.IsNotPositive ? Lead.Of(new[] { Ratio.Zero, Ratio.Zero }.Concat(open))
            : Lead.Everywhere(behind.Length + 2);
    }

    private static IEnumerable<(Dim Rows, Dim Within)> Splits(Dim d, Dim width)
    {
        if (d.Value is { } position && width.Value is { } w)
        {
            Dim q = -Dim.FloorDivide(-position, w);
            yield return (q, d - (q * w));
            yield break;
        }

        yield return (Dim.Zero, d);
        long constant = d.Terms.Where(t => t.Key.IsOne).Select(t => t.Value).FirstOrDefault();
        if ((d - constant).TryDivide(width) is { } rows)
        {
            yield return (rows, constant);
            yield return (rows + 1, constant - width);
        }
    }

    // Axis -1 is none of the value's: the caller says where the sites are.
    private static IEnumerable<Carrier?> Unplaced(Horizon horizon, int sites) =>
        Enumerable.Repeat<Carrier?>(Carrier.Single(-1), sites).Concat(horizon.Carriers.Skip(horizon.Order.Sites));
}
