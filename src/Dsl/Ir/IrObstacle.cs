namespace GenDsl.Dsl.Ir;

/// <summary>Why a sampler cannot compute each site once.</summary>
/// <param name="Operation">Where.</param>
/// <param name="Reason">A clause for a message: "'softmax' has no form that computes one site".</param>
public sealed record IrObstacle(IrOp Operation, string Reason);
