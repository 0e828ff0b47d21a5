using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>Says which layer let a law see what is not drawn yet, by which way, and what would mend it.</summary>
/// <param name="name">The name left of <c>~</c>.</param>
/// <param name="chart">What stands there.</param>
/// <param name="order">Its order.</param>
/// <param name="sourceOf">The text that a module is declared in.</param>
/// <param name="own">The text of the model.</param>
internal sealed class LeakReport(string name, RootChart chart, DrawOrder order, Func<IrModule, GenSource?> sourceOf, GenSource own)
{
    private const int LongestLabel = 56;
    private const int LongestWay = 6;

    /// <summary>The finding about a candidate that is not past, and where to put it; a way without any layer is the law's own fault.</summary>
    public (TextSpan? Place, Func<DiagnosticBuilder, GenDiagnostic> Diagnostic) Of(Lead lead, HorizonStep? last, TextSpan law)
    {
        List<HorizonStep> way = [];
        for (HorizonStep? step = last; step is not null; step = step.Before)
        {
            way.Insert(0, step);
        }

        // Where the way itself leaks, it says more exactly what is read than a law that does not line up.
        lead = last is not null && !last.After.IsPast ? last.After : lead;
        if (way.Count == 0)
        {
            return (null, b => b.DependsOnItself(name, Example(lead)));
        }

        // Every layer kept to the past, but its result does not stand where the law looks for it.
        if (way[way.Count - 1].After.IsPast)
        {
            return (null, b => Leak(b, lead, way, null, new("what it is given does not lie site by site, and channel by channel, as '" + name + "' does", null)) with { Related = [new(law, $"The law of '{name}'.")] });
        }

        HorizonStep blamed = Blamed(way);
        (TextSpan place, bool isLayer) = PlaceOf(blamed);
        List<RelatedPlace> related = [new(law, $"The law of '{name}'.")];
        if (!isLayer)
        {
            related.InsertRange(0, Inside(blamed, place));
        }

        LeakCure cure = Cure(way, blamed, lead, place, isLayer);
        return (place, b => Leak(b, lead, way, blamed, cure) with { Related = [.. related], Fixes = cure.Fix is { } fix ? [fix] : [] });
    }

    /// <summary>Which layer lets a value see more than its past, for messages about other things than laws; null where no single layer does.</summary>
    public LeakTrace? Trace(Lead lead, HorizonStep last)
    {
        List<HorizonStep> way = [];
        for (HorizonStep? step = last; step is not null; step = step.Before)
        {
            way.Insert(0, step);
        }

        if (last.After.IsPast)
        {
            return null;
        }

        HorizonStep blamed = Blamed(way);
        (TextSpan place, bool isLayer) = PlaceOf(blamed);
        return new(place, Label(blamed), Example(last.After), Cure(way, blamed, lead, place, isLayer), isLayer ? [] : [.. Inside(blamed, place)]);
    }

    private GenDiagnostic Leak(DiagnosticBuilder builder, Lead lead, List<HorizonStep> way, HorizonStep? blamed, LeakCure cure) =>
        builder.Leak(name, Example(lead), string.Join(", ", order.Names), blamed is null ? "the law" : Label(blamed), [.. Shortened(way, blamed ?? way[way.Count - 1])], cure.Text);

    private LeakCure Cure(List<HorizonStep> way, HorizonStep blamed, Lead lead, TextSpan place, bool isLayer)
    {
        HorizonStep? before = way.IndexOf(blamed) is > 0 and var index ? way[index - 1] : null;
        if (before is null && blamed.Calls.IsEmpty && !chart.Ops.IsEmpty && blamed.Op.Inputs.Contains(chart.Data))
        {
            return new($"it reads '{chart.Data.Name}' beside '{name}', whose order is another: compute from '{name}' alone", null);
        }

        bool isPiped = isLayer && own.Text.Substring(0, place.Start).TrimEnd().EndsWith("|>", StringComparison.Ordinal);
        return LeakCure.Of(blamed, before?.After, lead, isLayer ? own.Text.Substring(place.Start, place.Length) : null, place, isPiped);
    }

    // Where the past was left for good; where it was never reached, the first layer that could have kept to it.
    private static HorizonStep Blamed(List<HorizonStep> way)
    {
        int lastPast = way.FindLastIndex(s => s.After.IsPast);
        if (lastPast >= 0)
        {
            return way[lastPast + 1];
        }

        return way.FindLast(s => s.Op is CatalogOp { Access: ClassesAccess }) is { } classes && way.TrueForAll(s => !CouldKeep(s) || s.Op is CatalogOp { Access: ClassesAccess })
            ? classes
            : way.Find(CouldKeep) ?? way[0];
    }

    private static bool CouldKeep(HorizonStep step) => step.Op is not CatalogOp { Access: var access } || access switch
    {
        TapsAccess taps => !taps.IsPerFeature && (taps.Mask is not null || taps.Axes.Any(a => !a.First.Equals(a.Last))),
        PointwiseAccess => false,
        FeatureAccess => step.Op.Inputs[0].Type.Shape.Length < 2,
        _ => true,
    };

    // A net that is written for all sizes or settings is right or wrong where it is called.
    private (TextSpan Place, bool IsLayer) PlaceOf(HorizonStep step)
    {
        for (int i = 0; i < step.Calls.Length; i++)
        {
            if (IsGeneric(step.Calls[i].Module.Module))
            {
                return (SourceAt(step, i) == own ? step.Calls[i].Span : step.Calls[0].Span, false);
            }
        }

        return SourceAt(step, step.Calls.Length) == own ? (step.Op.Span, true) : (step.Calls[0].Span, false);
    }

    // From the layer out to the call that is blamed: a kernel may be handed on from any of them.
    private IEnumerable<RelatedPlace> Inside(HorizonStep step, TextSpan blamed)
    {
        for (int i = step.Calls.Length; i > 0; i--)
        {
            TextSpan place = i == step.Calls.Length ? step.Op.Span : step.Calls[i].Span;
            if (SourceAt(step, i) == own && place != blamed)
            {
                yield return new(place, $"The {(i == step.Calls.Length ? "layer" : "call")}, in '{step.Calls[i - 1].Module.Module.DeclaredName}'.");
            }
        }
    }

    private static bool IsGeneric(IrModule module) => module.Hyperparameters.Length > 0 || module.Name != module.DeclaredName
        || (module is IrNet { Forward: { } forward } && forward.Parameters.SelectMany(p => p.Type.Shape).SelectMany(d => d.Variables).Any(v => v.Kind == DimVariableKind.Free));

    // The text at a depth of the calls: the model's own at 0.
    private GenSource? SourceAt(HorizonStep step, int depth) => depth == 0 ? own : sourceOf(step.Calls[depth - 1].Module.Module);

    private IEnumerable<string> Shortened(List<HorizonStep> way, HorizonStep blamed)
    {
        for (int i = 0; i < way.Count; i++)
        {
            bool isShown = way.Count <= LongestWay || i < 2 || i >= way.Count - 2 || Math.Abs(i - way.IndexOf(blamed)) <= 1;
            if (isShown)
            {
                yield return $"{Label(way[i])} {way[i].After}{(way[i].IsRepeated ? " in every round" : "")}";
            }
            else if (i == 2 || Math.Abs(i - 1 - way.IndexOf(blamed)) <= 1)
            {
                yield return "...";
            }
        }
    }

    // The text of a layer as written, or its name where that is long.
    private string Label(HorizonStep step)
    {
        string plain = step.Op switch
        {
            CatalogOp op => op.Operation.Name,
            InvokeOp invoke => invoke.Module.Module.DeclaredName,
            ModelOp model => model.Module.Module.DeclaredName,
            _ => "this",
        };
        if (SourceAt(step, step.Calls.Length) is not { } source || step.Op.Span.End > source.Text.Length)
        {
            return plain;
        }

        string text = string.Join(" ", source.Text.Substring(step.Op.Span.Start, step.Op.Span.Length).Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 0 && text.Length <= LongestLabel && text.IndexOf("//", StringComparison.Ordinal) < 0 ? text : plain;
    }

    /// <summary>"x[r, c] reads x[r, c + 1]".</summary>
    private string Example(Lead lead)
    {
        var offsets = new Dim[order.Axes];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = Dim.Zero;
        }

        for (int i = 0; i < offsets.Length; i++)
        {
            // Without a limit, the next position is one that is read.
            Ratio? component = lead.Components[i];
            offsets[i] = component is null ? Dim.One : component.Floor ?? Dim.Zero;
            if (component is null)
            {
                break;
            }
        }

        string[] sites = order.Sites switch { 1 => ["t"], 2 => ["r", "c"], _ => [.. Enumerable.Range(1, order.Sites).Select(i => "s" + i.ToString(CultureInfo.InvariantCulture))] };
        string read = Place(sites, offsets);
        string own = Place(sites, null);
        return order.Axes == 0 ? $"{name} reads {name} itself" : $"{name}{own} reads {name}{read}{(read == own ? " itself" : "")}";
    }

    private string Place(string[] sites, Dim[]? offsets)
    {
        string Index(string index, int axis) => offsets?[axis] switch
        {
            null or { Value: 0 } => index,
            { Value: < 0 and { } back } => $"{index} - {(-back).ToString(CultureInfo.InvariantCulture)}",
            { } ahead => $"{index} + {ahead}",
        };
        IEnumerable<string> indices = sites.Select(Index);
        if (order.HasChannels)
        {
            indices = indices.Prepend(Index("k", order.Sites));
        }

        return indices.Any() && chart.Root.Type.Shape.Length > 0 ? "[" + string.Join(", ", indices) + "]" : "";
    }
}
