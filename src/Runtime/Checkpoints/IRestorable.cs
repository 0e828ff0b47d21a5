namespace GenDsl.Runtime;

/// <summary>Something that a checkpoint can fill.</summary>
public interface IRestorable
{
    /// <summary>Takes over the state of a checkpoint; changes nothing if it does not fit.</summary>
    void Restore(Checkpoint checkpoint);
}
