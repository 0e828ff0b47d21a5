using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Parts of nets that a trainer calls by themselves: <c>M.prior</c>.</summary>
internal sealed partial class BodyElaborator
{
    private Value Part(ModuleInstance owner, NameSyntax name)
    {
        if (owner.Module.Children.Find(c => c.Name == name.Text) is not { } child)
        {
            return owner.Module.IsBroken
                ? ErrorValue.Instance
                : Error(name.Span, b => b.UnknownMember($"'{owner.Name}'", name.Text, owner.Module.Children.Select(c => c.Name)));
        }

        if (child.Loops.Length > 0)
        {
            return Error(name.Span, b => b.NotSupportedYet($"A call of '{name.Text}', of which there is one for each round of a loop,", "Give the net that is wanted a name outside of the loop."));
        }

        // Its sizes are said in those of its owner.
        Dictionary<string, Dim> known = owner.KnownSizes.Concat((owner.AverageOf ?? owner).FreeSizes).GroupBy(s => s.Key).ToDictionary(s => s.Key, s => s.First().Value);
        Dim In(Dim size) => size.Substitute(v => known.TryGetValue(v.Name, out Dim? value) ? value : null);
        var part = new ModuleInstance(
            owner.Name + "." + child.Name, child.Module, child.Hyperparameters.ToDictionary(h => h.Key, h => h.Value.Size is { } size ? HostValue.Of(In(size)) : h.Value), [], child.Span)
        {
            PartOf = (owner.Root, owner.PathOf(child.Name)),
        };
        foreach (KeyValuePair<string, Dim> size in child.FreeSizes)
        {
            part.FreeSizes[size.Key] = In(size.Value);
        }

        return new ModuleValue(part);
    }
}
