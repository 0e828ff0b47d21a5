using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>
/// Sites before a site that its law cannot see, however deep the net is made: not wrong, but a part of the past that costs
/// likelihood for nothing.
/// </summary>
public static class BlindSpots
{
    /// <summary>What the law of the middle site sees at any depth, at some sizes; null where it has no holes, or sizes are not known.</summary>
    public static Sight? Of(IrFunction density, Autoregression line, IReadOnlyDictionary<string, long> sizes)
    {
        if (Sight.Of(density.Body, line, sizes, null, SightDepth.AnyRounds) is not { } sight || sight.Seen == sight.Earlier)
        {
            return null;
        }

        // A net that merely ends somewhere would see further with another layer of its kind; one whose loops bring it to the
        // border of the image has been made as deep as it gets.
        return Sight.Of(density.Body, line, sizes, null, SightDepth.AnyDepth) is not { HasHoles: true } deepest ? null
            : sight.Box is { } box && box[0].First == -sight.Site[0] ? sight
            : deepest;
    }

    /// <summary>Warns of each.</summary>
    public static void Check(IrFunction density, IrModel model, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        foreach (Autoregression line in model.Autoregressions)
        {
            if (Of(density, line, Sight.Defaults(model)) is { } sight)
            {
                string site = "[" + string.Join(", ", sight.Site.Select(s => s.ToString(CultureInfo.InvariantCulture))) + "]";
                report(line.Span, b => b.BlindSpot(line.Root.Name + site, sight.Seen, sight.Earlier, sight.Picture));
            }
        }
    }
}
