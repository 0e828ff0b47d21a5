using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// What a module constructs. A construction is known by its place in the text, so that a body that is elaborated
/// several times (a model's bound, its sampler) shares its layers.
/// </summary>
internal sealed class Construction(IrModule owner)
{
    private readonly Dictionary<object, object> _byPlace = new(ByReference.Instance);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IrModule Owner { get; } = owner;

    /// <summary>What was constructed at a place, or null.</summary>
    public T? At<T>(object place) where T : class => _byPlace.TryGetValue(place, out object? known) ? (T)known : null;

    /// <summary>Remembers what stands at a place of the text.</summary>
    public void Place(object place, object what) => _byPlace[place] = what;

    public LayerInstance AddLayer(object place, string? name, Catalog.Operation? operation, ImmutableArray<Catalog.Weight> weights, ImmutableArray<LoopIndex> loops, bool fromData = false)
    {
        var layer = new LayerInstance(Unique(name, operation?.Name.TrimStart('~') ?? "param"), operation, weights, loops);
        Owner.Layers.Add(layer);
        _byPlace[place] = layer;
        Owner.UsesMode |= fromData;
        Owner.InitialisesFromData |= fromData;
        return layer;
    }

    /// <summary>Takes note of what an operation of a layer asks of whoever calls the module.</summary>
    public void Note(Catalog.Operation operation)
    {
        Owner.UsesDraws |= operation.UsesDraws;
        Owner.UsesMode |= operation.UsesMode;
        Owner.UsesBatchStatistics |= operation is { UsesMode: true, CouplesRows: true };
        Owner.InitialisesFromData |= operation.InitialisesFromData;
    }

    public void AddModule(object place, ModuleInstance instance)
    {
        instance.Name = Unique(null, Decapitalise(instance.Module.DeclaredName), always: false);
        Owner.Children.Add(instance);
        Owner.UsesMode |= instance.Module.UsesMode;
        Owner.UsesDraws |= instance.Module.UsesDraws;
        Owner.UsesBatchStatistics |= instance.Module.UsesBatchStatistics;
        Owner.IsOfRows |= instance.Module.IsOfRows;
        Owner.LooksAtAllRows |= instance.Module.LooksAtAllRows;
        Owner.InitialisesFromData |= instance.Module.InitialisesFromData;
        _byPlace[place] = instance;
    }

    /// <summary>Gives a construction the name it is bound to, the first time it is bound.</summary>
    public void Rename(ModuleInstance instance, string name)
    {
        if (_names.Add(name))
        {
            _names.Remove(instance.Name);
            instance.Name = name;
        }
    }

    // conv1, conv2, ...; a name given in the text stays as it is.
    private string Unique(string? given, string stem, bool always = true)
    {
        if (given is not null && _names.Add(given))
        {
            return given;
        }

        if (!always && _names.Add(stem))
        {
            return stem;
        }

        string name;
        do
        {
            _counts.TryGetValue(stem, out int count);
            _counts[stem] = count + 1;
            name = stem + (count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        while (!_names.Add(name));
        return name;
    }

    private static string Decapitalise(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    private sealed class ByReference : IEqualityComparer<object>
    {
        public static ByReference Instance { get; } = new();

        bool IEqualityComparer<object>.Equals(object? x, object? y) => ReferenceEquals(x, y);

        int IEqualityComparer<object>.GetHashCode(object obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
