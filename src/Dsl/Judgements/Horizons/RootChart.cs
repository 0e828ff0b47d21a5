using System.Collections.Generic;
using System.Collections.Immutable;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>A data parameter, or its numbers in another order or shape: what may stand left of <c>~</c>.</summary>
/// <param name="Data">The data parameter.</param>
/// <param name="Root">What is distributed.</param>
/// <param name="Ops">The way from the one to the other.</param>
internal sealed record RootChart(IrValue Data, IrValue Root, ImmutableArray<CatalogOp> Ops)
{
    /// <summary>The chart that a value is; null where something has been computed on the way.</summary>
    public static RootChart? Of(IrValue root)
    {
        var ops = new List<CatalogOp>();
        IrValue value = root;
        while (value.Producer is { } producer)
        {
            if (producer is not CatalogOp { Access: RearrangeAccess { Kind: Rearrangement.Reshape or Rearrangement.Raster or Rearrangement.Shuffle }, Inputs.Length: 1, Outputs.Length: 1 } op)
            {
                return null;
            }

            ops.Insert(0, op);
            value = op.Inputs[0];
        }

        return value.MergedFrom.Count > 0 ? null : new(value, root, [.. ops]);
    }

    /// <summary>What is known from the start: the root itself, and the data as the chart undone.</summary>
    public Dictionary<IrValue, Horizon> Known(DrawOrder order, SizeFrame frame)
    {
        ImmutableArray<Dim> root = frame.Of(Root.Type.Shape);
        var known = new Dictionary<IrValue, Horizon> { [Root] = Horizon.Root(order, root) };
        if (!Ops.IsEmpty)
        {
            known[Data] = Undone(order, frame.Of(Data.Type.Shape), root);
        }

        return known;
    }

    // Reshaping keeps the order of the numbers, so rows and a line of the same pixels are drawn alike. A shuffle leaves no order to speak of.
    private Horizon Undone(DrawOrder order, ImmutableArray<Dim> data, ImmutableArray<Dim> root)
    {
        if (!System.Linq.ImmutableArrayExtensions.Any(Ops, o => o.Access is RearrangeAccess { Kind: Rearrangement.Shuffle }) && SitesOf(data) is { } from && SitesOf(root) is { } to
            && ChannelsOf(data).Equals(ChannelsOf(root)) && Dim.Product(from).Equals(Dim.Product(to)))
        {
            if (from.Length == 2 && to.Length == 1)
            {
                return Horizon.Root(order.Grid(from[1]), data);
            }

            if (from.Length == 1 && to.Length == 2)
            {
                return Horizon.Root(order.Line, data);
            }

            if (from.Length == to.Length && System.Linq.Enumerable.SequenceEqual(from, to))
            {
                return Horizon.Root(order, data);
            }
        }

        return Horizon.Root(order, root).Full();
    }

    private static ImmutableArray<Dim>? SitesOf(ImmutableArray<Dim> shape) => shape.Length switch
    {
        0 => null,
        1 => shape,
        _ => shape.RemoveAt(0),
    };

    private static Dim ChannelsOf(ImmutableArray<Dim> shape) => shape.Length < 2 ? Dim.One : shape[0];
}
