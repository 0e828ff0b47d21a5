namespace GenDsl.Runtime.Data.Own;

/// <summary>The size that pictures are brought to.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
internal readonly record struct PictureSize(int Channels, int Height, int Width)
{
    public long[] Shape => [Channels, Height, Width];
}
