using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>What a trainer says about the steps since its last report.</summary>
public interface IReport
{
    /// <summary>The steps done.</summary>
    long Step { get; }

    /// <summary>The passes of the clock source done.</summary>
    double Epoch { get; }

    /// <summary>The phase that the steps belong to; empty where there are none.</summary>
    string Phase => "";

    /// <summary>The figures, in order of declaration.</summary>
    IReadOnlyList<NamedValue> Values { get; }
}
