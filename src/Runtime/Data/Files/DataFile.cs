namespace GenDsl.Runtime.Data.Files;

/// <summary>A file of a data set.</summary>
/// <param name="Path">Where it lies below a data folder, with forward slashes.</param>
/// <param name="Sha256">Its sha256, lower-case hexadecimal.</param>
/// <param name="Addresses">Where it can be downloaded, by HTTPS; empty where it must be brought.</param>
internal sealed record DataFile(string Path, string Sha256, params string[] Addresses)
{
    /// <summary>The folder, which is the data set's name.</summary>
    public string Set => Path[..Path.IndexOf('/')];
}
