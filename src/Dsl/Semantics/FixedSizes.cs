using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Semantics;

/// <summary>The free sizes of a module that reach the shape of a parameter: they are fixed when it is constructed.</summary>
internal static class FixedSizes
{
    public static ImmutableArray<DimVariable> Of(IrModule module)
    {
        IEnumerable<Dim> own = module.Layers.SelectMany(l => l.Weights).SelectMany(w => w.Shape.Concat(w.Initializer.Arguments.Select(a => a.Size).OfType<Dim>()));
        IEnumerable<Dim> inside = module.Children.SelectMany(c => c.FreeSizes.Values.Concat(c.Hyperparameters.Values.Select(h => h.Size).OfType<Dim>()));
        IEnumerable<Dim> bounds = module.Layers.SelectMany(l => l.Loops).Concat(module.Children.SelectMany(c => c.Loops)).SelectMany(l => new[] { l.From, l.To });
        return [.. own.Concat(inside).Concat(bounds).SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free)
            .GroupBy(v => v.Name, StringComparer.Ordinal).Select(g => g.First()).OrderBy(v => v.Name, StringComparer.Ordinal)];
    }
}
