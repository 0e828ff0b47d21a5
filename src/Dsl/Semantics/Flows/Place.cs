using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>A place of a flow's body: its data, or a part of another place. Updates give it new versions.</summary>
internal sealed class Place(string name, TextSpan span)
{
    public string Name { get; } = name;

    public TextSpan Span { get; } = span;

    /// <summary>The version in hand; while it is in parts, the one before them.</summary>
    public IrValue Current { get; set; } = null!;

    /// <summary>The parts it is in, or null.</summary>
    public PlaceSplit? Split { get; set; }

    /// <summary>The split that it is a part of; null for the data.</summary>
    public PlaceSplit? Of { get; init; }

    /// <summary>The step that gave the whole another shape, in which this part no longer lies; null while it does.</summary>
    public TextSpan? Ended { get; set; }

    /// <summary>The parts that were ever made of it, and theirs.</summary>
    public System.Collections.Generic.List<Place> Parts { get; } = [];

    /// <summary>Ends all parts.</summary>
    public void EndParts(TextSpan by)
    {
        foreach (Place part in Parts)
        {
            part.Ended ??= by;
            part.EndParts(by);
        }
    }

    /// <summary>What hides the sites that are not its own; null where it has none.</summary>
    public IrValue? Mask { get; set; }
}

/// <summary>A place in two parts.</summary>
/// <param name="whole">The place.</param>
/// <param name="entry">The partition: a word, or <c>halves</c>.</param>
/// <param name="parity">Which part is the first; null for halves.</param>
internal sealed class PlaceSplit(Place whole, string entry, HostValue? parity)
{
    public Place Whole { get; } = whole;

    public string Entry { get; } = entry;

    public HostValue? Parity { get; } = parity;

    public Place First { get; set; } = null!;

    public Place Second { get; set; } = null!;

    /// <summary>True for parts that keep the shape of the whole.</summary>
    public bool IsMasked => Parity is not null;

    /// <summary>
    /// The whole through all updates of the parts so far, for the versions that they made: an update that changes nothing at the sites of the
    /// other part may as well be one of the whole. Null where there was another.
    /// </summary>
    public (IrValue First, IrValue Second, IrValue Whole)? Joint { get; set; }

    /// <summary>What the parts give together, as last read, with the versions it was read from.</summary>
    public (IrValue First, IrValue Second, IrValue Whole)? Merged { get; set; }
}

/// <summary>The name of a place.</summary>
internal sealed class PlaceValue(Place place) : Value
{
    public Place Place { get; } = place;

    public override string Description => $"the data '{Place.Name}'";
}
