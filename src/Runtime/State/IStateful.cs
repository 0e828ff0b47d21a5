namespace GenDsl.Runtime;

/// <summary>Something with tensors that checkpoints must hold.</summary>
public interface IStateful
{
    /// <summary>Its tensors.</summary>
    StateTable State { get; }
}
