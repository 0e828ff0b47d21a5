namespace GenDsl.Runtime;

/// <summary>Where a feed stands: the pass, and the batches pulled in it.</summary>
internal readonly record struct FeedPosition(long Epoch, long Pulls, long Batch, long Rows);
