using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>Sizes that only the data knows: read from the tensors of a call where the body asks for them, and held to the facts that speak of them.</summary>
internal static class FreeSizes
{
    /// <summary>Writes the locals of the sizes that a body, or a fact of its module, asks for.</summary>
    /// <param name="module">Whose facts are checked.</param>
    /// <param name="function">Its parameters tell the sizes.</param>
    /// <param name="sizeOf">The C# expression of an axis, from 0, of a parameter; of the length of a family for -1.</param>
    /// <param name="inSites">True for a trace.</param>
    public static void Write(CodeWriter members, FunctionContext context, IrModule module, IrFunction function, Func<IrValue, int, string> sizeOf, bool inSites = false)
    {
        HashSet<string> used = Used(function.Body, inSites);
        used.UnionWith(module.SizeFacts.Select(f => f.Name));

        // Plain names first: a size such as 2 * d + c follows once c is known.
        foreach (bool onlyNames in new[] { true, false })
        {
            foreach (IrValue parameter in function.Parameters)
            {
                foreach ((Dim dim, int axis) in Shown(parameter.Type))
                {
                    if ((dim.AsVariable is null && onlyNames)
                        || dim.Variables.Where(v => v.Kind == DimVariableKind.Free && !context.Sizes.ContainsKey(v.Name)).ToList() is not [{ } size]
                        || !used.Contains(size.Name)
                        || Solved(context, dim, size, sizeOf(parameter, axis)) is not { } value)
                    {
                        continue;
                    }

                    string local = context.Names.New(size.Name);
                    context.Sizes[size.Name] = local;
                    members.Line($"var {local} = {value};");
                    Facts(members, module, size, local);
                }
            }
        }
    }

    /// <summary>How C# asks a tensor, or family, for an axis; for the length of a family the axis is -1.</summary>
    public static string OfTensor(string name, TensorType type, int axis) =>
        axis < 0 && type.Members is not null ? name + ".Length" : $"{name}{(type.Members is null ? "" : "[0]")}.size({CSharpNames.Number(axis + 1L)})";

    /// <summary>How C# asks a value of a sampler's plan.</summary>
    public static string OfSites(string name, TensorType type, int axis) =>
        axis < 0 ? name + ".Length" : $"{name}{(type.Members is null ? "" : "[0]")}.Size({CSharpNames.Number((long)type.Shape.Length)}, {CSharpNames.Number((long)axis)})";

    // The sizes of a parameter that its data show, each with its axis; the rows are the one before the first.
    private static IEnumerable<(Dim Size, int Axis)> Shown(TensorType type) => type.KnownFromData.Select((d, i) => (d, type.Members is null ? i : i - 1))
        .Concat(type is { Members: null, Rows.Count: { } rows } ? [(rows, -1)] : []);

    /// <summary>The names of the free sizes that the C# of a body mentions.</summary>
    public static HashSet<string> Used(IrBlock body, bool inSites = false) => [.. SizeReads.Of(body, inSites).SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free).Select(v => v.Name)];

    private static void Facts(CodeWriter members, IrModule module, DimVariable size, string local)
    {
        foreach (SizeFact fact in module.SizeFacts.Where(f => f.Name == size.Name))
        {
            using (members.Braces($"if ({OptionsRecord.Violation(fact, local)})"))
            {
                members.Line($"throw new GenDslException($\"{module.Name} needs {fact.Text}, but {fact.Name} is {{{local}}}.\");");
            }

            members.Blank();
        }
    }

    /// <summary>slope * unknown + rest = found, the slope a number or made of hyperparameters; null where the size is of another form.</summary>
    public static string? Solved(FunctionContext context, Dim dim, DimVariable unknown, string found)
    {
        if (dim.AsVariable is not null)
        {
            return found;
        }

        Dim rest = dim.Substitute(v => v.Name == unknown.Name ? Dim.Zero : null);
        Dim slope = dim.Substitute(v => v.Name == unknown.Name ? Dim.One : null) - rest;
        if (slope.Value is 0 || slope.Variables.Any(v => v.Kind != DimVariableKind.Hyperparameter) || !(dim - rest).Equals(slope * Dim.Of(unknown)))
        {
            return null;
        }

        string without = rest.Equals(Dim.Zero) ? found : $"({found} - ({context.Host.Size(rest)}))";
        return slope.Equals(Dim.One) ? without : $"{without} / {context.Host.Factor(slope)}";
    }
}
