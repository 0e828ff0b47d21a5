namespace GenDsl.Runtime.Data.Own;

/// <summary>What the first bytes of a picture say.</summary>
/// <param name="Width">In pixels, upright.</param>
/// <param name="Height">In pixels, upright.</param>
/// <param name="IsGrey">Whether the file holds grey levels alone.</param>
internal readonly record struct PictureHead(int Width, int Height, bool IsGrey);
