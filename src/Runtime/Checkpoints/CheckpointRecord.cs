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
    IReadOnlyDictionary<string, StateRole> Roles);
