using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Cli.Inspection;

/// <summary>The values of the sizes of one module: hyperparameters, free sizes, loop indices.</summary>
internal sealed class SizeScope
{
    private readonly ImmutableDictionary<string, long> _sizes;

    private SizeScope(ImmutableDictionary<string, long> sizes) => _sizes = sizes;

    /// <summary>A module at its defaults, with some set.</summary>
    public static SizeScope Of(IrModule module, IReadOnlyDictionary<string, string> set)
    {
        var scope = new SizeScope(ImmutableDictionary.Create<string, long>(StringComparer.Ordinal));
        foreach (var hyperparameter in module.Hyperparameters.Where(hyperparameter => hyperparameter.Kind == HostKind.Int))
        {
            var given = set.TryGetValue(hyperparameter.Name, out var text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                ? number
                : (long?)null;
            if ((given ?? scope.Of(hyperparameter.Default?.Size)) is { } value)
            {
                scope = scope.With(hyperparameter.Name, value);
            }
        }

        return scope;
    }

    public SizeScope With(string name, long value) => new(_sizes.SetItem(name, value));

    /// <summary>The scope inside of a module that is constructed here.</summary>
    public SizeScope Inside(ModuleInstance instance)
    {
        var sizes = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (name, size) in instance.Hyperparameters.Select(pair => (pair.Key, pair.Value.Size)).Concat(instance.FreeSizes.Select(pair => (pair.Key, (Dim?)pair.Value))))
        {
            if (Of(size) is { } value)
            {
                sizes[name] = value;
            }
        }

        var scope = new SizeScope(sizes.ToImmutable());
        foreach (var missing in instance.Module.Hyperparameters.Where(hyperparameter => !scope._sizes.ContainsKey(hyperparameter.Name)))
        {
            if (scope.Of(missing.Default?.Size) is { } value)
            {
                scope = scope.With(missing.Name, value);
            }
        }

        return scope;
    }

    /// <summary>The scope inside of a function of that module, with what its arguments tell of its free sizes.</summary>
    public SizeScope Inside(ModuleInstance instance, IrFunction function, IEnumerable<IrValue> arguments)
    {
        var inside = Inside(instance);
        var told = function.Parameters.Zip(arguments).SelectMany(pair => pair.First.Type.Shape.Zip(pair.Second.Type.Shape, (own, given) => (Own: own, Value: Of(given)))).ToList();

        // A size such as 2 * c follows where only c is open in it.
        foreach (var (own, value) in told.OrderBy(pair => pair.Own.AsVariable is null))
        {
            if (value is not { } known || own.Variables.Where(variable => inside.Named(variable.Name) is null).Take(2).ToList() is not [{ } open])
            {
                continue;
            }

            var (rest, next) = (inside.With(open.Name, 0).Of(own), inside.With(open.Name, 1).Of(own));
            if (next - rest is { } slope and not 0 && (known - rest) % slope == 0)
            {
                inside = inside.With(open.Name, (known - rest!.Value) / slope);
            }
        }

        return inside;
    }

    /// <summary>One scope per round of the loops.</summary>
    public IEnumerable<SizeScope> Rounds(IEnumerable<LoopIndex> loops) => loops.Aggregate(
        (IEnumerable<SizeScope>)[this],
        (scopes, loop) => scopes.SelectMany(scope => scope.Rounds(loop)));

    /// <summary>The value of a name, null where it is not known.</summary>
    public long? Named(string name) => _sizes.TryGetValue(name, out var value) ? value : null;

    /// <summary>The number, null where it is not known before data is there.</summary>
    public long? Of(Dim? size) => size?.Substitute(variable => _sizes.TryGetValue(variable.Name, out var value) ? Dim.Constant(value) : null).Value;

    /// <summary>The product of sizes, null where one is not known.</summary>
    public long? Product(IEnumerable<Dim> shape) => shape.Aggregate((long?)1, (product, size) => product * Of(size));

    /// <summary>A shape with what is known filled in.</summary>
    public string Text(IEnumerable<Dim> shape) =>
        "[" + string.Join(", ", shape.Select(size => Of(size)?.ToString(CultureInfo.InvariantCulture) ?? size.ToString())) + "]";

    private IEnumerable<SizeScope> Rounds(LoopIndex loop)
    {
        var (from, to) = (Of(loop.From) ?? 0, Of(loop.To) ?? 0);
        for (var i = from; i < to; i++)
        {
            yield return With(loop.Variable.Name, i);
        }
    }
}
