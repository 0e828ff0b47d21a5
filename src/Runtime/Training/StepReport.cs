using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>A report of any trainer.</summary>
/// <param name="Step">The steps done.</param>
/// <param name="Epoch">The passes of the clock source done.</param>
/// <param name="Values">The figures, in order of declaration.</param>
public sealed record StepReport(long Step, double Epoch, IReadOnlyList<NamedValue> Values) : IReport
{
    /// <inheritdoc/>
    public string Phase { get; init; } = "";
}
