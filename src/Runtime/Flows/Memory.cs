namespace GenDsl.Runtime;

/// <summary>What is kept of the loops of flows until it has been differentiated.</summary>
public enum Memory
{
    /// <summary>All that the rounds compute: memory grows with the number of rounds.</summary>
    Stored,

    /// <summary>
    /// The result alone: in the backward pass each round's argument is found by undoing the round, and the round is computed again. Memory is that of one
    /// round, time that of a second forward pass and of the way back; gradients are equal up to rounding.
    /// </summary>
    Invertible,
}
