using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Tests.Judgements.Mutation;

/// <summary>A text with one place moved by one.</summary>
/// <param name="Kind">mask, shift, pad or kernel.</param>
/// <param name="Name">Where and how.</param>
/// <param name="Text">The whole text.</param>
/// <param name="Layer">The layer or call that was changed, in the new text; null for a shift that was taken out or turned: the layer behind it is to blame.</param>
internal sealed record CausalMutant(string Kind, string Name, string Text, TextSpan? Layer);
