namespace GenDsl.Runtime;

/// <summary>What one element of a space is, and thereby how its numbers are stored and read.</summary>
public enum ElementKind
{
    /// <summary>A real number (f32 or f64), possibly bounded.</summary>
    Real,

    /// <summary>One of <see cref="SpaceInfo.Count"/> evenly spaced levels (256 for <c>u8</c>); nets see it as a real number between the bounds.</summary>
    Levels,

    /// <summary>Zero or one; nets see it as a real number.</summary>
    Bit,

    /// <summary>One of <see cref="SpaceInfo.Count"/> unordered classes, as an int64 index.</summary>
    Class,

    /// <summary>One of <see cref="SpaceInfo.Count"/> entries of a code book, as an int64 index.</summary>
    Code,

    /// <summary>A mu-law quantised audio sample, as an int64 index below <see cref="SpaceInfo.Count"/>.</summary>
    MuLaw,
}
