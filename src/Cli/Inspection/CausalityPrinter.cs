using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;

namespace GenDsl.Cli.Inspection;

/// <summary>Prints what a model that looks at its own past sees of it: order, grain, horizon, receptive field, blind spots.</summary>
internal sealed class CausalityPrinter(TextWriter writer)
{
    public void Print(IrModel model, IReadOnlyDictionary<string, string> set)
    {
        if ((model.LogProb ?? model.Elbo) is not { } density)
        {
            return;
        }

        var sizes = new Dictionary<string, long>(Sight.Defaults(model));
        foreach (var hyperparameter in model.Hyperparameters)
        {
            if (set.TryGetValue(hyperparameter.Name, out var text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            {
                sizes[hyperparameter.Name] = number;
            }
        }

        foreach (var line in model.Autoregressions)
        {
            writer.WriteLine();
            writer.WriteLine($"model {model.Name}: '{line.Root.Name}' is drawn in order of {string.Join(", ", line.Order.Names)}, by {line.Grain}");
            writer.WriteLine($"  horizon {line.Horizon} of its own place");
            Print(density, line, sizes);
        }
    }

    private void Print(IrFunction density, Autoregression line, Dictionary<string, long> sizes)
    {
        if (Sight.Of(density.Body, line, sizes, null, SightDepth.AsWritten) is not { } written)
        {
            writer.WriteLine("  receptive field: not computed, a size is not known or large");
            return;
        }

        // Seen from the end, where most of the past lies before it: the last row, its middle.
        long[] site = [.. written.Sites.Select((size, axis) => axis == 0 ? size - 1 : size / 2)];
        var box = Sight.Of(density.Body, line, sizes, site, SightDepth.AsWritten)?.Box;
        writer.WriteLine($"  receptive field {(box is { } edges ? Text(edges, line.Order) : "empty")}, seen from {Text(site)}");
        writer.WriteLine($"  at {Text(written.Site)} it sees {Number(written.Seen)} of {Number(written.Earlier)} sites before it");
        if (BlindSpots.Of(density, line, sizes) is { } blind)
        {
            writer.WriteLine($"  blind spot: at any depth it sees {Number(blind.Seen)}; '#' is seen, '.' is not, 'o' is the site");
            foreach (var row in blind.Picture.Split('\n'))
            {
                writer.WriteLine("    " + row);
            }
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(ImmutableArray<(long First, long Last)> box, DrawOrder order) =>
        string.Join(", ", box.Select((axis, i) => $"{order.Names[i]} {Number(axis.First)}..{Number(axis.Last)}"));

    private static string Text(IEnumerable<long> site) => "[" + string.Join(", ", site.Select(Number)) + "]";
}
