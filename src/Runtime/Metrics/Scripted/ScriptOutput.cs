namespace GenDsl.Runtime;

/// <summary>What one of a net's results is.</summary>
public enum ScriptOutput
{
    /// <summary>Something that no figure is made of.</summary>
    Unused,

    /// <summary>Features, of which the Frechet distance is made.</summary>
    Features,

    /// <summary>Logits of classes, of which the Inception score is made.</summary>
    Logits,

    /// <summary>Probabilities of classes, in place of their logits.</summary>
    Probabilities,
}
