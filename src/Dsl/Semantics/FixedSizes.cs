using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// The free sizes of a module that are fixed when it is constructed: those that reach the shape of a parameter, and counts
/// of discrete values, which no tensor tells.
/// </summary>
internal static class FixedSizes
{
    /// <param name="parameters">What the module is applied to.</param>
    public static ImmutableArray<DimVariable> Of(IrModule module, IEnumerable<IrValue> parameters)
    {
        IEnumerable<Dim> own = module.Layers.SelectMany(l => l.Weights).SelectMany(w => w.Shape.Concat(w.Initializer.Arguments.Select(a => a.Size).OfType<Dim>()));
        IEnumerable<Dim> inside = module.Children.SelectMany(c => c.FreeSizes.Values.Concat(c.Hyperparameters.Values.Select(h => h.Size).OfType<Dim>()));
        IEnumerable<Dim> bounds = module.Layers.SelectMany(l => l.Loops).Concat(module.Children.SelectMany(c => c.Loops)).SelectMany(l => new[] { l.From, l.To });
        IEnumerable<Dim> counts = parameters.Select(p => p.Type.Count);
        return [.. own.Concat(inside).Concat(bounds).Concat(counts).SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free)
            .GroupBy(v => v.Name, StringComparer.Ordinal).Select(g => g.First()).OrderBy(v => v.Name, StringComparer.Ordinal)];
    }

    /// <summary>Those of a flow: also the sizes of its data that what becomes of them no longer shows, as h and w behind <c>flatten</c>.</summary>
    /// <param name="parameters">What the flow is applied to.</param>
    /// <param name="inverse">What its inverse is applied to.</param>
    public static ImmutableArray<DimVariable> Of(IrFlow flow, IEnumerable<IrValue> parameters, IReadOnlyList<IrValue> inverse)
    {
        ImmutableArray<DimVariable> built = Of(flow, parameters);
        HashSet<string> known = [.. built.Select(v => v.Name), .. flow.Hyperparameters.Select(h => h.Name)];
        foreach (bool onlyNames in new[] { true, false })
        {
            foreach (Dim size in inverse.SelectMany(p => p.Type.Shape).Where(d => !onlyNames || d.AsVariable is not null))
            {
                if (size.Variables.Where(v => !known.Contains(v.Name)).Take(2).ToList() is [{ } open] && IsSolvable(size, open))
                {
                    known.Add(open.Name);
                }
            }
        }

        return [.. built.Concat(parameters.SelectMany(p => p.Type.Shape).SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free && known.Add(v.Name))).OrderBy(v => v.Name, StringComparer.Ordinal)];
    }

    /// <summary>slope * open + rest, the slope a number.</summary>
    public static bool IsSolvable(Dim size, DimVariable open)
    {
        Dim rest = size.Substitute(v => v.Name == open.Name ? Dim.Zero : null);
        Dim slope = size.Substitute(v => v.Name == open.Name ? Dim.One : null) - rest;
        return slope.Value is not (null or 0) && (size - rest).Equals(slope * Dim.Of(open));
    }
}
