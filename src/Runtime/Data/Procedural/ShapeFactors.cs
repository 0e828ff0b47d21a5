using System;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>What one rendered shape looks like.</summary>
/// <param name="Class">0 square, 1 triangle, 2 ellipse, 3 cross.</param>
/// <param name="X">Horizontal place of the centre in [-1, 1], 1 at the right; one unit is a fifth of the picture's side.</param>
/// <param name="Y">Vertical place of the centre in [-1, 1], 1 at the bottom.</param>
/// <param name="Rotation">Clockwise rotation in turns, [0, 1).</param>
/// <param name="Scale">Radius of the circle around the shape in [0.5, 1]; one unit is 0.28 of the picture's side.</param>
/// <param name="Colour">In [0, 1]: the hue in turns, or in a grey picture the brightness from half (0) to full (1).</param>
internal readonly record struct ShapeFactors(int Class, float X, float Y, float Rotation, float Scale, float Colour)
{
    public const int Classes = 4;

    /// <summary>One unit of place, and one of radius, as parts of the picture's side; together just below a half, so no shape is cut off.</summary>
    public const double PlaceUnit = 0.2;

    /// <inheritdoc cref="PlaceUnit"/>
    public const double RadiusUnit = 0.28;

    public static readonly string[] ClassNames = ["square", "triangle", "ellipse", "cross"];

    public static ShapeFactors Draw(ref RowRandom random) => new(
        random.Below(Classes),
        (float)random.Between(-1, 1),
        (float)random.Between(-1, 1),
        (float)random.Unit() is var turn && turn < 1 ? turn : 0,
        (float)random.Between(0.5, 1),
        (float)random.Unit());

    /// <summary>The five continuous factors by name.</summary>
    public float Continuous(string name) => name switch
    {
        "x" => X,
        "y" => Y,
        "rotation" => Rotation,
        "scale" => Scale,
        "colour" => Colour,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
