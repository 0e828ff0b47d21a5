using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Data;

/// <summary>Chooses data for a source that was given none: the first procedural set that fits its columns, by their names too if there is one.</summary>
internal static class DefaultData
{
    public static string For(SourceInfo source, string trainer)
    {
        var fits = DataSets.All.Where(set => set.IsProcedural && Fits(set, source));
        var fit = fits.FirstOrDefault(set => IsNamed(set, source)) ?? fits.FirstOrDefault();
        return fit?.Name ?? throw new GenDslException(
            $"{trainer} reads {string.Join(", ", source.Columns.Select(column => column.Space))}, and no procedural data set fits that. "
            + $"Give it data: --data {source.Name}=NAME, of {string.Join(", ", DataSets.All.Select(set => set.Name))}.");
    }

    private static bool IsNamed(DataSetInfo set, SourceInfo source)
    {
        using var sample = DataSets.Open(set.Name, new DataOptions { Rows = 1 });
        return source.Columns.All(column => sample.Columns.Any(of => of.Name == column.Name));
    }

    private static bool Fits(DataSetInfo set, SourceInfo source)
    {
        using var sample = DataSets.Open(set.Name, new DataOptions { Rows = 1 });
        try
        {
            sample.Require(source.Columns);
            foreach (var column in source.Columns)
            {
                sample.Bind(column).Dispose();
            }

            return true;
        }
        catch (GenDslException)
        {
            return false;
        }
    }
}
