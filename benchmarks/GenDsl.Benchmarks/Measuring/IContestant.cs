namespace GenDsl.Benchmarks.Measuring;

/// <summary>A training program under measurement.</summary>
internal interface IContestant
{
    /// <summary>Runs one block of steps, then reads its losses once.</summary>
    double[] RunBlock();
}
