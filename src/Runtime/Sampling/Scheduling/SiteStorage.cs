namespace GenDsl.Runtime;

/// <summary>What is kept of a value.</summary>
/// <param name="Rows">Rows in the ring; 0 where only the unit at hand is kept.</param>
/// <param name="Left">Zero columns on the left.</param>
/// <param name="Right">Zero columns on the right.</param>
internal readonly record struct SiteStorage(int Rows, int Left, int Right)
{
    /// <summary>True where only the unit at hand is kept.</summary>
    public bool IsTransient => Rows == 0;
}
