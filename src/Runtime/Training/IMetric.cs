using System;

namespace GenDsl.Runtime;

/// <summary>A figure of all rows of a source that is not the mean of its batches' figures. Batches are added as the metric itself says.</summary>
public interface IMetric : IDisposable
{
    /// <summary>The figure of what was added; NaN without rows.</summary>
    double Value { get; }
}
