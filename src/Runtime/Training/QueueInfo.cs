namespace GenDsl.Runtime;

/// <summary>A queue of a trainer, such as that of MoCo's keys (He et al. 2020, arXiv:1911.05722).</summary>
/// <param name="Name">The state's name in the program.</param>
/// <param name="Rows">How many rows it keeps.</param>
/// <param name="Source">The source whose rows enter it.</param>
public sealed record QueueInfo(string Name, long Rows, string Source);
