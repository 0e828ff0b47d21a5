namespace GenDsl.Runtime.Media;

/// <summary>How pictures are laid out in a grid.</summary>
public sealed record ImageGridOptions
{
    /// <summary>Pictures per row; 0 for the grid nearest to a square.</summary>
    public int Columns { get; init; }

    /// <summary>Grey pixels between pictures and around them.</summary>
    public int Padding { get; init; } = 2;

    /// <summary>By which whole factor pictures are enlarged; 0 for the one that makes them about 84 pixels wide.</summary>
    public int Scale { get; init; }
}
