namespace GenDsl.Runtime;

/// <summary>What a run of a sampler did: for tests and for comparing its time with what the machine could do.</summary>
/// <param name="Executor">What ran it.</param>
/// <param name="Evaluations">Sites computed, over all values; with classes, a class of a site counts as one.</param>
/// <param name="MultiplyAdds">Multiplications of weights, for all samples together.</param>
/// <param name="WeightBytes">Weights of the matrices.</param>
/// <param name="WeightBytesRead">The same, counted once for every unit (site or row) that uses them.</param>
/// <param name="KeptBytes">Memory of the values that depend on what is drawn, the drawn numbers aside.</param>
public sealed record SamplerReport(
    SamplerExecutor Executor, long Evaluations, long MultiplyAdds, long WeightBytes, long WeightBytesRead, long KeptBytes);
