using GenDsl.Benchmarks.Twins;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>A hand-written program in blocks of steps.</summary>
internal sealed class TwinContestant(ITwin twin, int steps) : IContestant
{
    public double[] RunBlock()
    {
        for (var i = 0; i < steps; i++)
        {
            twin.Step();
        }

        return twin.ReadLosses();
    }
}
