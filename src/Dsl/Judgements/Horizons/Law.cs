using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>What the law of one number of a root sees, through an argument of its distribution.</summary>
public static class Law
{
    /// <summary>
    /// The horizon of an argument, read at the place of the number it is about: an argument has the root's shape, or K
    /// parameters per number as [K * c, ...] or [K, ...], channels fastest. What does not line up has no limit.
    /// </summary>
    public static Horizon Of(Horizon argument, ImmutableArray<Dim> argumentShape, DrawOrder order, ImmutableArray<Dim> rootShape)
    {
        if (argument.IsNone)
        {
            return argument;
        }

        int more = argumentShape.Length - rootShape.Length;
        if (!argument.Order.Equals(order) || more is not (0 or 1))
        {
            return argument.Full();
        }

        int first = (rootShape.Length == 1 ? 0 : 1) + more;
        return argument.On(argument.Carriers.Select((c, i) => i < order.Sites
            ? IsPlaced(c, first + i, rootShape[rootShape.Length == 1 ? 0 : 1 + i], argumentShape) ? c : null
            : IsPlaced(c, more, rootShape[0], argumentShape) ? c : null));
    }

    /// <summary>What may be drawn at once under a law that lies in the past.</summary>
    public static Grain GrainOf(Horizon law)
    {
        DrawOrder order = law.Order;
        int last = Enumerable.Range(0, order.Axes).First(i => law.Leads.All(l => l.IsPastOn(i + 1)));
        long count = law.Leads.Where(l => !l.IsPastOn(last)).Min(l => -(l.Components[last]!.Floor?.Value ?? -1));
        return last switch
        {
            _ when last == order.Sites => new(GrainKind.SubPixels, count),
            0 when order.Sites == 1 => new(GrainKind.Blocks, count),
            _ when last == order.Sites - 1 => new(GrainKind.Pixels, count),
            _ => new(GrainKind.Rows, last == 0 ? count : 1),
        };
    }

    // Position by position, or class by class, on the axis where the law looks for it.
    private static bool IsPlaced(Carrier? carrier, int axis, Dim size, ImmutableArray<Dim> shape) => carrier?.Axis == axis
        && (carrier.IsSingle || (carrier.Rate is { } rate ? rate.Equals(Ratio.One) && shape[axis].Equals(size) : carrier.Classes!.Equals(size)));
}
