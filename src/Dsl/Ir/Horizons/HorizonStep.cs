using System.Collections.Immutable;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Ir.Horizons;

/// <summary>A layer on the way from the root that a lead came by: the last of a chain.</summary>
/// <param name="Op">The operation.</param>
/// <param name="Calls">The calls that it stands in, outermost first.</param>
/// <param name="After">The lead behind it.</param>
/// <param name="Before">The step before; null for the first.</param>
/// <param name="IsRepeated">True where rounds of a loop add up to no limit.</param>
public sealed record HorizonStep(IrOp Op, ImmutableArray<InvokeOp> Calls, Lead After, HorizonStep? Before, bool IsRepeated = false);

/// <summary>One lead that may be the largest, with the way it came by.</summary>
/// <param name="Lead">How far ahead.</param>
/// <param name="Last">The last step of the way; null at the root.</param>
public sealed record Candidate(Lead Lead, HorizonStep? Last);
