using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>The places of a flow's body and their versions: parted, merged, parted again.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>The steps that this body makes of data; null where it makes none.</summary>
    public Chart? Chart { get; set; }

    /// <summary>The place of a flow's data; null in other bodies.</summary>
    public Place? Data { get; set; }

    /// <summary>The version of a place in hand.</summary>
    public IrValue Read(Place place)
    {
        Activate(place);
        if (place.Split is not { } split)
        {
            return place.Current;
        }

        (IrValue first, IrValue second) = (Read(split.First), Read(split.Second));
        if (split.Merged is { } known && ReferenceEquals(known.First, first) && ReferenceEquals(known.Second, second))
        {
            return known.Whole;
        }

        IrValue whole = Merge(split, first, second);
        split.Merged = (first, second, whole);
        return whole;
    }

    /// <summary>The place as one version, its parts together again.</summary>
    public IrValue Collapse(Place place)
    {
        Activate(place);
        if (place.Split is not { } split)
        {
            return place.Current;
        }

        Collapse(split.First);
        Collapse(split.Second);
        IrValue whole = Read(place);
        Chart!.Add(new MergeStep(split.First.Current, split.Second.Current, whole, MasksOf(split), place.Span));
        (place.Current, place.Split) = (whole, null);
        return whole;
    }

    private static (IrValue First, IrValue Second)? MasksOf(PlaceSplit split) => split.IsMasked ? (split.First.Mask!, split.Second.Mask!) : null;

    // Where the whole has gone on since, it is parted again.
    private void Activate(Place place)
    {
        if (place.Of is not { } split)
        {
            return;
        }

        Activate(split.Whole);
        if (!ReferenceEquals(split.Whole.Split, split))
        {
            Collapse(split.Whole);
            Part(split);
        }
    }

    private void Part(PlaceSplit split)
    {
        IrValue whole = split.Whole.Current;
        TextSpan span = split.First.Span;
        if (split.IsMasked)
        {
            (split.First.Mask, split.Second.Mask) = MasksFor(whole, split.Entry, split.Parity!, span);
            foreach (Place part in new[] { split.First, split.Second })
            {
                part.Current = Named(Combine("*", new TensorValue(whole), new TensorValue(part.Mask!), span), part.Name);
            }

            split.Joint = (split.First.Current, split.Second.Current, whole);
        }
        else
        {
            (split.First.Current, split.Second.Current) = Halves(whole, split.First.Name, split.Second.Name, span);
        }

        (split.Whole.Split, split.Merged) = (split, null);
        Chart!.Add(new SplitStep(whole, split.First.Current, split.Second.Current, MasksOf(split), span));
    }

    private static IrValue Named(Value value, string name)
    {
        IrValue tensor = ((TensorValue)value).Tensor;
        if (!tensor.IsNamed)
        {
            (tensor.Name, tensor.IsNamed) = (name, true);
        }

        return tensor;
    }

    private IrValue Merge(PlaceSplit split, IrValue first, IrValue second)
    {
        if (split.Joint is { } joint && ReferenceEquals(joint.First, first) && ReferenceEquals(joint.Second, second) && !Chart!.Has(joint.Whole))
        {
            return joint.Whole;
        }

        if (split.IsMasked)
        {
            return ((TensorValue)Combine("+", new TensorValue(first), new TensorValue(second), split.First.Span)).Tensor;
        }

        return Joined(first, second, split.First.Span);
    }

    /// <summary>The halves of the first axis, under names.</summary>
    public (IrValue First, IrValue Second) Halves(IrValue whole, string first, string second, TextSpan span)
    {
        ImmutableArray<Value> parts = ((TupleValue)Apply(Catalogue.Find("halves")!, [whole], null, span)).Items;
        return (Named(parts[0], first), Named(parts[1], second));
    }

    /// <summary>Two halves together.</summary>
    public IrValue Joined(IrValue first, IrValue second, TextSpan span)
    {
        var both = new Dictionary<string, ImmutableArray<IrValue>> { ["x"] = [first, second] };
        return ((TensorValue)Apply(Catalogue.Find("concat")!, null, new OperationArguments(both, [], [], []), span)).Tensor;
    }

    private bool IsEnded(Place place, TextSpan declared, TextSpan span)
    {
        if (place.Ended is not { } by)
        {
            return false;
        }

        Report(span, b => b.PartEnded(place.Name, by, declared));
        return true;
    }
}
