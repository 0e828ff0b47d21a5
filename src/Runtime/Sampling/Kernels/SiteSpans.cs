using System;

namespace GenDsl.Runtime;

/// <summary>The inputs of a kernel at a site.</summary>
internal readonly unsafe ref struct SiteSpans(float** starts, int* lengths, int count)
{
    public int Count => count;

    public ReadOnlySpan<float> this[int i] => new(starts[i], lengths[i]);
}
