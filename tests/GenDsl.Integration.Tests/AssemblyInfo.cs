using Xunit;

// Live tensors are counted per process, and libtorch uses all cores by itself: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
