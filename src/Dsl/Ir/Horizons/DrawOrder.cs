using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir.Horizons;

/// <summary>
/// The order in which the numbers of a root are drawn: site axes as they stand, then channels. Rows of pixels and the same
/// pixels as one line are two ways to write one order.
/// </summary>
/// <param name="Sites">Number of site axes: 1 for a line, 2 for a grid.</param>
/// <param name="Width">Pixels of a row of a grid; null for any other number of axes.</param>
/// <param name="HasChannels">True where the channels of a site are drawn one by one.</param>
public sealed record DrawOrder(int Sites, Dim? Width, bool HasChannels)
{
    /// <summary>Number of order axes.</summary>
    public int Axes => Sites + (HasChannels ? 1 : 0);

    /// <summary>The order of a tensor's own axes.</summary>
    /// <param name="shape">Per-sample shape: the first axis holds the channels, but for a tensor with one axis.</param>
    /// <param name="channelsAreEvent">True where a distribution draws all channels of a site at once.</param>
    public static DrawOrder Of(ImmutableArray<Dim> shape, bool channelsAreEvent)
    {
        int sites = shape.Length < 2 ? shape.Length : shape.Length - 1;
        return new(sites, sites == 2 ? shape[2] : null, shape.Length >= 2 && !channelsAreEvent && shape[0].Value != 1);
    }

    /// <summary>The same order with the sites of a grid in a line.</summary>
    public DrawOrder Line => this with { Sites = 1, Width = null };

    /// <summary>The same order with the sites of a line in rows.</summary>
    public DrawOrder Grid(Dim width) => this with { Sites = 2, Width = width };

    /// <summary>The names of the axes: <c>row, column, channel</c>.</summary>
    public ImmutableArray<string> Names
    {
        get
        {
            ImmutableArray<string> sites = Sites switch
            {
                1 => ["t"],
                2 => ["row", "column"],
                _ => [.. Enumerable.Range(1, Sites).Select(i => "axis" + i.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            };
            return HasChannels ? sites.Add("channel") : sites;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names) + (Width is null ? "" : $", {Width} wide");
}
