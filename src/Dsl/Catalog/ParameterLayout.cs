using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>How the shape of a distribution's parameters follows from what it is about.</summary>
public enum ParameterLayout
{
    /// <summary>The same shape.</summary>
    PerNumber,

    /// <summary>One for every value that a number may have: [n * c, ...] for [c, ...], [n, t] for [t], [n] for a single number. Parameter j of channel ch is feature j * c + ch.</summary>
    PerClass,

    /// <summary>A multiple, for each component of a mixture, of what a pixel of so many channels needs: [p * m, ...] for [c, ...]. Parameter j of component i is feature j * m + i.</summary>
    PerComponent,

    /// <summary>The same shape, whose first axis is the values that a choice may have: [n] or [n, ...].</summary>
    PerVector,
}

/// <summary>The rules of the layouts.</summary>
public static class ParameterShapes
{
    /// <summary>The channels of a value: its first axis where it has two or more, else 1.</summary>
    public static Dim Channels(TensorType observed) => observed.Shape.Length < 2 ? Dim.One : observed.Shape[0];

    /// <summary>The axes of a value that are not channels.</summary>
    public static ImmutableArray<Dim> Sites(TensorType observed) => observed.Shape.Length < 2 ? observed.Shape : observed.Shape.RemoveAt(0);

    /// <summary>The parameters of a component of a mixture of discretised logistics: its weight, and for every channel a mean, a log-scale and a coefficient for each channel before.</summary>
    public static Dim PerComponent(Dim channels) => 1 + (2 * channels) + Dim.FloorDivide(channels * (channels - 1), 2);

    /// <summary>How many features a parameter has: as many classes, or components, as said, for so many channels.</summary>
    public static Dim Count(ParameterLayout layout, Dim each, Dim channels) => layout switch
    {
        ParameterLayout.PerClass => each * channels,
        ParameterLayout.PerComponent => each * PerComponent(channels),
        _ => channels,
    };

    /// <summary>True where a parameter of this shape fits what is observed.</summary>
    public static bool Fits(ParameterLayout layout, TensorType observed, TensorType parameter)
    {
        if (layout == ParameterLayout.PerNumber)
        {
            return parameter.IsScalar || parameter.SameShape(observed);
        }

        if (layout == ParameterLayout.PerVector)
        {
            return observed.Shape.Length > 0 && parameter.SameShape(observed);
        }

        ImmutableArray<Dim> sites = Sites(observed);
        Dim channels = Channels(observed);
        return parameter.Shape.Length == sites.Length + 1 && parameter.Shape.Skip(1).SequenceEqual(sites)
            && (layout == ParameterLayout.PerClass
                ? parameter.Shape[0].Equals(observed.Count * channels)
                : parameter.Shape[0].TryDivide(PerComponent(channels)) is not null);
    }

    /// <summary>The shape wanted, and how the features of a site are asked for: <c>[768, 32, 32]</c>, <c>categorical(256).parameters(3) = 768</c>.</summary>
    public static (string Shape, string Asked) Wanted(string distribution, ParameterLayout layout, TensorType observed)
    {
        Dim channels = Channels(observed);
        bool isPerClass = layout == ParameterLayout.PerClass;
        string first = isPerClass ? (observed.Count * channels).ToString() : $"{PerComponent(channels)} * m";
        return ("[" + string.Join(", ", new[] { first }.Concat(Sites(observed).Select(d => d.ToString()))) + "]", $"{distribution}({(isPerClass ? observed.Count.ToString() : "m")}).parameters({channels}) = {first}");
    }
}
