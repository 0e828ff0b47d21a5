namespace GenDsl.Runtime;

/// <summary>How a kernel treats the features of a site; decides whether values with classes keep them.</summary>
public enum SiteKernelKind
{
    /// <summary>Feature k of the result is computed from feature k of the inputs; a single feature broadcasts.</summary>
    Pointwise,

    /// <summary>Equal parts of the features meet, or are joined: feature k depends on features congruent to k modulo every common divisor of the parts.</summary>
    Parts,

    /// <summary>Any feature may depend on any: softmax or normalisation over features.</summary>
    Mixing,
}
