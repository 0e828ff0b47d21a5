using System.Collections.Generic;

namespace GenDsl.Runtime.Media;

/// <summary>A line of a metrics file.</summary>
/// <param name="Step">The steps done.</param>
/// <param name="Epoch">The passes of the clock source done.</param>
/// <param name="Seconds">The time since the run started.</param>
/// <param name="Values">The figures, in order.</param>
public sealed record MetricsLine(long Step, double Epoch, double Seconds, IReadOnlyList<NamedValue> Values)
{
    /// <summary>The phase that the steps belong to; empty where there are none.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The line as it stands in the file, with its line end.</summary>
    public string ToJson() => MetricsJson.Write(this);
}
