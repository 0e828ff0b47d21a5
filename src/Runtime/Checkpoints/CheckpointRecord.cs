using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>Everything of a checkpoint that is not a tensor.</summary>
internal sealed record CheckpointRecord(
    string Trainer,
    string SchemaHash,
    long Step,
    double Epoch,
    PlanCursor? Cursor,
    string? Schedule,
    OptionBag Options,
    IReadOnlyDictionary<string, FeedPosition> Feeds,
    IReadOnlyDictionary<string, (double Sum, long Count)> Meters,
    CheckpointEnvironment Environment,
    IReadOnlyDictionary<string, StateRole> Roles)
{
    /// <summary>What was collected: how many columns were computed, at which step, of how many rows.</summary>
    public IReadOnlyDictionary<string, (int Columns, long Step, long OutOf)> Collected { get; init; } = new Dictionary<string, (int, long, long)>();
}
