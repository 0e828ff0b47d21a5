using System;
using System.Threading;

namespace GenDsl.Runtime;

/// <summary>Settings of a sampler that draws position by position. None changes what is drawn, beyond rounding.</summary>
public sealed record SamplingOptions
{
    /// <summary>Whether sites are computed once or the whole net runs at every position.</summary>
    public SamplingMethod Method { get; init; }

    /// <summary>What computes the sites: compiled vector code or tensor calls.</summary>
    public SamplerExecutor Executor { get; init; }

    /// <summary>Told the number of positions drawn so far, out of how many.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Ends the drawing early by an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}
