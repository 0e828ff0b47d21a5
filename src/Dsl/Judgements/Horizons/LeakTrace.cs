using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>The layer that lets a value see more than its past.</summary>
/// <param name="Place">Where it stands, or where the net is called that it stands in.</param>
/// <param name="Layer">Its text or name.</param>
/// <param name="Example">A number and one that it should not read.</param>
/// <param name="Cure">What would keep it to the past.</param>
/// <param name="Inside">The way into the net.</param>
internal sealed record LeakTrace(TextSpan Place, string Layer, string Example, LeakCure Cure, ImmutableArray<RelatedPlace> Inside);
