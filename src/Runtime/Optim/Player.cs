namespace GenDsl.Runtime;

/// <summary>A move at the numbers of one step.</summary>
/// <param name="Move">What moves.</param>
/// <param name="LearningRate">The step size.</param>
/// <param name="Clip">The largest joint norm of the gradients; 0 for no limit.</param>
/// <param name="ClipValue">The largest magnitude of each number of the gradients; 0 for no limit.</param>
public readonly record struct Player(Move Move, double LearningRate, double Clip, double ClipValue);
