namespace GenDsl.Runtime;

/// <summary>A hyperparameter of a trainer.</summary>
/// <param name="Name">Its name in the program, for example <c>critic_steps</c>.</param>
/// <param name="ClrType"><c>int</c>, <c>float</c> or <c>bool</c>.</param>
/// <param name="Default">Its default, in the invariant culture.</param>
/// <param name="Minimum">The smallest value allowed, null if there is none.</param>
/// <param name="Doc">What it is.</param>
public sealed record HyperparameterInfo(string Name, string ClrType, string Default, double? Minimum, string Doc);
