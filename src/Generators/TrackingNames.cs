namespace GenDsl.Generators;

/// <summary>Names of the pipeline's steps, by which tests see what an edit makes run again.</summary>
internal static class TrackingNames
{
    public const string Read = nameof(Read);
    public const string Options = nameof(Options);
    public const string Foreign = nameof(Foreign);
    public const string Language = nameof(Language);
    public const string Compile = nameof(Compile);
    public const string Diagnostics = nameof(Diagnostics);
    public const string Output = nameof(Output);
}
