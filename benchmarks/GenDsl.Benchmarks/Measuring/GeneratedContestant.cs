using System;
using System.Collections.Generic;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>A generated trainer through its public <c>Fit</c>: one report is one block.</summary>
internal sealed class GeneratedContestant<TReport>(IAsyncEnumerable<TReport> reports, Func<TReport, double[]> losses) : IContestant
{
    private readonly IAsyncEnumerator<TReport> _reports = reports.GetAsyncEnumerator();

    public double[] RunBlock() =>
        _reports.MoveNextAsync().AsTask().GetAwaiter().GetResult()
            ? losses(_reports.Current)
            : throw new InvalidOperationException("The run ended before its measurement did.");
}
