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
}
