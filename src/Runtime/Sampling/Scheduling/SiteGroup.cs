using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>Nodes that are always due together: at each unit, a site (of one class) or a row, all of them run in order.</summary>
internal sealed class SiteGroup
{
    /// <summary>Its place among the groups.</summary>
    public required int Index { get; init; }

    public required IReadOnlyList<SiteValue> Nodes { get; init; }

    /// <summary>True where a whole row is computed when the drawing of a row starts.</summary>
    public required bool IsByRow { get; init; }

    /// <summary>How far ahead of what is drawn it must be.</summary>
    public required SiteOffset Lead { get; init; }

    public SiteShape Shape => Nodes[0].Shape;

    /// <summary>Number of classes; 0 where the features of a site are one.</summary>
    public int Classes => Shape.Grading?.Classes ?? 0;
}
