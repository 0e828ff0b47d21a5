namespace GenDsl.Runtime;

/// <summary>Where a run stands in its plan.</summary>
/// <param name="Phase">The phase that the next step belongs to, unless it is over.</param>
/// <param name="Step">The steps done in it.</param>
/// <param name="FirstPull">The batches that its clock had given before it began.</param>
/// <param name="EarlierEpochs">The passes of the phases before, each over its own clock.</param>
internal sealed record PlanCursor(int Phase, long Step, long FirstPull, double EarlierEpochs)
{
    public static PlanCursor Start { get; } = new(0, 0, 0, 0);
}
