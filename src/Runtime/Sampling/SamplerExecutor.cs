namespace GenDsl.Runtime;

/// <summary>What runs a <see cref="SamplerPlan"/>.</summary>
public enum SamplerExecutor
{
    /// <summary>Spans on the CPU in f32 up to a measured number of rows, where every operation has a span form; tensors otherwise.</summary>
    Automatic,

    /// <summary>C# vector code over packed weights: CPU and f32 only.</summary>
    Spans,

    /// <summary>Tensor calls: any device, f32 or f64.</summary>
    Tensors,
}
