namespace GenDsl.Runtime;

/// <summary>How a coupling divides a sample into the part that it leaves alone and the part that it moves.</summary>
public enum PartitionKind
{
    /// <summary>The sites of one colour of a checkerboard (Dinh et al. 2017, arXiv:1605.08803).</summary>
    Checkerboard,

    /// <summary>Half of the channels.</summary>
    Channels,

    /// <summary>Half of the rows.</summary>
    TopBottom,

    /// <summary>Half of the columns.</summary>
    LeftRight,
}
