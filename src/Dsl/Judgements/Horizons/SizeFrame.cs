using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>What the sizes of a body mean in the sizes of the model that is judged: one frame per call on the way.</summary>
/// <param name="Sizes">Hyperparameters and free sizes by name.</param>
/// <param name="Indices">Loop indices by name.</param>
/// <param name="Calls">The calls, outermost first.</param>
internal sealed record SizeFrame(ImmutableDictionary<string, Dim> Sizes, ImmutableDictionary<string, Dim> Indices, ImmutableArray<InvokeOp> Calls)
{
    /// <summary>The body of the model itself, its sizes left as they are.</summary>
    public static SizeFrame Symbolic { get; } = new(Empty, Empty, []);

    private static ImmutableDictionary<string, Dim> Empty => ImmutableDictionary.Create<string, Dim>(StringComparer.Ordinal);

    /// <summary>The body of a module with its hyperparameters at their defaults.</summary>
    public static SizeFrame AtDefaults(IrModule module)
    {
        SizeFrame frame = Symbolic;
        foreach (Hyperparameter parameter in module.Hyperparameters.Where(h => h.Kind == HostKind.Int))
        {
            if (parameter.Default?.Size is { } size)
            {
                frame = frame.With(parameter.Name, frame.Of(size));
            }
        }

        return frame;
    }

    /// <summary>A size.</summary>
    public Dim Of(Dim size) => Sizes.IsEmpty && Indices.IsEmpty
        ? size
        : size.Substitute(v => (v.Kind == DimVariableKind.Index ? Indices : Sizes).TryGetValue(v.Name, out Dim? known) ? known : null);

    /// <summary>A shape.</summary>
    public ImmutableArray<Dim> Of(ImmutableArray<Dim> shape) => [.. shape.Select(Of)];

    /// <summary>The frame with another hyperparameter known.</summary>
    public SizeFrame With(string name, Dim size) => this with { Sizes = Sizes.SetItem(name, size) };

    /// <summary>The frame of a round of a loop.</summary>
    public SizeFrame Round(LoopIndex index, Dim value) => this with { Indices = Indices.SetItem(index.Variable.Name, value) };

    /// <summary>The frame inside a call: the callee's sizes solved from its arguments, in the sizes of this frame's model.</summary>
    public SizeFrame Inside(InvokeOp call, IrFunction function)
    {
        ModuleInstance instance = call.Module;
        var unifier = new ShapeUnifier(instance.KnownSizes.Concat((instance.AverageOf ?? instance).FreeSizes));
        unifier.Unify(instance.Module.Name, [.. function.Parameters.Select(p => (p.Name, p.Type))], [.. call.Inputs.Select(i => (i.Type, call.Span))], (_, _) => { });
        return new(unifier.Sizes.ToImmutableDictionary(s => s.Key, s => Of(s.Value), StringComparer.Ordinal), Empty, Calls.Add(call));
    }

    /// <summary>The sizes as one text: frames of equal texts mean the same.</summary>
    public string Key => string.Join(";", Sizes.Concat(Indices).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"));
}
