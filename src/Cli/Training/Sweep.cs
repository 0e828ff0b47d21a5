using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;

namespace GenDsl.Cli.Training;

/// <summary>A number of a sample that goes from one value to another, in even steps, while everything else stays: <c>--set first=-2..2</c>.</summary>
/// <param name="Name">The number.</param>
/// <param name="From">Its value in the first column.</param>
/// <param name="To">Its value in the last one.</param>
internal sealed record Sweep(string Name, double From, double To)
{
    /// <summary>Values, a column of the grid each.</summary>
    public const int Values = 8;

    /// <summary>Reads <c>-2..2</c>; null for what is of another form.</summary>
    public static Sweep? Parse(string name, string text)
    {
        var ends = text.Split("..");
        return ends.Length == 2 && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var from) && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            && double.IsFinite(from) && double.IsFinite(to) && !ends[1].StartsWith('.')
            ? new Sweep(name, from, to)
            : null;
    }

    /// <summary>The samples of each row side by side, with the same noise: <c>[count * Values, ...space]</c>.</summary>
    public torch.Tensor Draw(ITrainer trainer, string sample, SampleRequest request, out SpaceInfo space)
    {
        space = null!;
        List<torch.Tensor> columns = [];
        try
        {
            for (var i = 0; i < Values; i++)
            {
                var numbers = new Dictionary<string, double>(request.Numbers) { [Name] = From + ((To - From) * i / (Values - 1)) };
                columns.Add(trainer.Sample(sample, request with { Numbers = numbers }, out space));
            }

            using var beside = torch.stack([.. columns], 1);
            return beside.flatten(0, 1);
        }
        finally
        {
            columns.ForEach(column => column.Dispose());
        }
    }
}
