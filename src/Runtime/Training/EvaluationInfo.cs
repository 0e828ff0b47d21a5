using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>An evaluation that a trainer can run.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Sources">The sources it reads.</param>
public sealed record EvaluationInfo(string Name, IReadOnlyList<SourceInfo> Sources);
