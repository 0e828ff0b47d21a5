using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Values for the hyperparameters and free sizes of a module, and what sizes become with them.</summary>
internal sealed class SizeValues
{
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _numbers = new(StringComparer.Ordinal);

    /// <summary>Options by hyperparameter: int, double or bool; those left at their defaults are absent.</summary>
    public IReadOnlyDictionary<string, object> Hyperparameters => _numbers;

    public static SizeValues Of(IrModule module, IEnumerable<IrFunction> functions, Random random, bool defaults)
    {
        var values = new SizeValues();
        foreach (Hyperparameter parameter in module.Hyperparameters)
        {
            // What the compiler adds to a derived trainer decides no size, and says nothing about the program.
            bool isAdded = module is IrTrainer { IsDerived: true } && parameter.Name is ("learning_rate" or "clip");
            if (isAdded)
            {
                continue;
            }

            bool keeps = defaults && parameter.Default is not null;
            switch (parameter.Kind)
            {
                case HostKind.Int when keeps:
                    values._sizes[parameter.Name] = values.Of(parameter.Default!.Size!);
                    break;
                case HostKind.Int:
                    values._sizes[parameter.Name] = Choose(module, parameter.Name, parameter.Minimum ?? 1, random);
                    values._numbers[parameter.Name] = (int)values._sizes[parameter.Name];
                    break;
                case HostKind.Float when !keeps:
                    values._numbers[parameter.Name] = 0.05 + (random.Next(20) / 20.0);
                    break;
                case HostKind.Bool when !keeps:
                    values._numbers[parameter.Name] = random.Next(2) == 0;
                    break;
            }
        }

        IEnumerable<DimVariable> free = functions.SelectMany(f => f.Parameters.Concat(f.Results)).SelectMany(p => p.Type.Members is { } members ? p.Type.Shape.Add(members) : p.Type.Shape).SelectMany(d => d.Variables)
            .Concat(module.FixedSizes).Where(v => v.Kind == DimVariableKind.Free);
        foreach (DimVariable size in free.Where(s => !values._sizes.ContainsKey(s.Name)).ToList())
        {
            values._sizes[size.Name] = Choose(module, size.Name, size.Minimum, random);
        }

        return values;
    }

    public long Of(Dim size) =>
        size.Substitute(v => _sizes.TryGetValue(v.Name, out long value) ? Dim.Constant(value) : null).Value
        ?? throw new UnsoundException($"The size '{size}' is not known from the hyperparameters and the data.");

    public long[] Of(ImmutableArray<Dim> shape) => [.. shape.Select(Of)];

    /// <summary>The value of a fixed size.</summary>
    public int Of(DimVariable size) => (int)_sizes[size.Name];

    /// <summary>The sizes that decide loops inside a module that is constructed here.</summary>
    public SizeValues Inside(ModuleInstance module)
    {
        var values = new SizeValues();
        foreach (Hyperparameter parameter in module.Module.Hyperparameters.Where(h => h.Kind == HostKind.Int))
        {
            values._sizes[parameter.Name] = module.Hyperparameters.TryGetValue(parameter.Name, out HostValue? given) ? Of(given.Size!) : values.Of(parameter.Default!.Size!);
        }

        foreach (KeyValuePair<string, Dim> size in (module.AverageOf ?? module).FreeSizes)
        {
            values._sizes[size.Key] = Of(size.Value);
        }

        return values;
    }

    /// <summary>Sets a loop index.</summary>
    public void Set(string index, long value) => _sizes[index] = value;

    public override string ToString() => string.Join(", ", _sizes.Select(s => $"{s.Key} = {s.Value}").Concat(_numbers.Where(n => n.Value is not int).Select(n => $"{n.Key} = {n.Value}")));

    // Small and often odd, 1 among them, obeying the facts of the declaration.
    private static long Choose(IrModule module, string name, long minimum, Random random)
    {
        List<SizeFact> facts = [.. module.SizeFacts.Where(f => f.Name == name)];
        long least = facts.Select(f => f.Minimum ?? minimum).Append(minimum).Max();
        List<long> legal = [.. Enumerable.Range(0, 60).Select(i => least + i).Where(v => facts.TrueForAll(f => f.Holds(v))).Take(5)];
        return legal.Count > 0 ? legal[random.Next(legal.Count)] : throw new UnsoundException($"No size '{name}' obeys the facts.");
    }
}
