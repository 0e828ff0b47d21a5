using System.Collections.Generic;
using GenDsl.Cli.Runs;

namespace GenDsl.Cli.Training;

/// <summary>What is said before a run starts.</summary>
/// <param name="Length">Its total length.</param>
/// <param name="StepsPerEpoch">0 where no data is read.</param>
/// <param name="Lines">What the user should know.</param>
internal sealed record RunOutline(Length Length, long StepsPerEpoch, IReadOnlyList<string> Lines);
