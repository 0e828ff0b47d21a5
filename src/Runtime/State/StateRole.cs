namespace GenDsl.Runtime;

/// <summary>What a state tensor is for; it decides who may move it and what averages, decay and checkpoints do with it.</summary>
public enum StateRole
{
    /// <summary>A learned weight that multiplies its input. Averaged; the only role that weight decay touches.</summary>
    Kernel,

    /// <summary>Another learned tensor: bias, gain, embedding, free parameter. Averaged, never decayed.</summary>
    Gain,

    /// <summary>A running statistic, written by learning calls. Averaged.</summary>
    Statistic,

    /// <summary>The power-iteration vector of a spectral norm. Every net keeps its own.</summary>
    PowerVector,

    /// <summary>A counter or initialisation flag. Copied into averages.</summary>
    Counter,

    /// <summary>A moment or step counter of an optimizer.</summary>
    Moment,

    /// <summary>A tensor that is drawn once and never written. Copied into averages.</summary>
    Constant,

    /// <summary>A tensor that steps write.</summary>
    State,

    /// <summary>A queue of rows of past steps.</summary>
    Queue,

    /// <summary>A pool of past samples.</summary>
    Pool,

    /// <summary>Rows that a plan has collected.</summary>
    Collected,
}
