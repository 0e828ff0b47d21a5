using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>A figure and its name.</summary>
public readonly record struct NamedValue(string Name, double Value)
{
    /// <summary>What a figure is of no use without, such as <c>10 splits</c>; null where it says all.</summary>
    public string? Protocol { get; init; }

    /// <summary>The figures that there are.</summary>
    public static IEnumerable<NamedValue> Present(params (string Name, double? Value)[] figures) =>
        from figure in figures where figure.Value is not null select new NamedValue(figure.Name, figure.Value.GetValueOrDefault());
}
