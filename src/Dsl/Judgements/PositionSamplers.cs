using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements;

/// <summary>How a law that reads its own past is drawn, and why a site may not be computed once.</summary>
internal static class PositionSamplers
{
    /// <summary>What is known of how a law is drawn.</summary>
    public static IrPositionSampler Of(Autoregression law, IrFunction density)
    {
        var sampler = new IrPositionSampler(law, density);
        ImmutableArray<Dim> shape = law.Root.Type.Shape;

        // One axis holds variables where a masked layer reads it as such, and sites otherwise.
        bool isVariables = shape.Length == 1 && SiteFlow.Reaches(sampler.Net, law.Root, op => op is CatalogOp { Access: ClassesAccess });
        bool hasChannels = shape.Length > 1 || isVariables;
        return sampler with
        {
            Sites = hasChannels ? [.. shape.Skip(1)] : shape,
            Channels = hasChannels ? shape[0] : null,
            IsOrdered = isVariables || law.Grain.Kind == GrainKind.SubPixels,
            Obstacle = ObstacleOf(sampler),
        };
    }

    /// <summary>The first obstacle on the way from the root to the law; null where there is none.</summary>
    private static IrObstacle? ObstacleOf(IrPositionSampler sampler)
    {
        Autoregression law = sampler.Law;
        HashSet<IrOp> needed = SiteFlow.Needed(sampler.Net, [law.Root]);
        if (!law.Chart.IsEmpty && needed.FirstOrDefault(op => op is not CatalogOp { Access: NothingAccess } && op.Inputs.Contains(law.Data)) is { } beside)
        {
            return new(beside, $"'{law.Data.Name}' is read beside '{law.Root.Name}', whose order is another");
        }

        if (law.Chart.FirstOrDefault(c => c.Operation.Inverse is null) is { } fixedOp)
        {
            return new(fixedOp, $"'{fixedOp.Operation.Name}' is not known backwards");
        }

        return SiteFlow.Obstacle(sampler.Net, [law.Root]) is { } op ? new(op, $"{Describe(op)} has no form that computes one site") : null;
    }

    private static string Describe(IrOp op) => op switch
    {
        CatalogOp call => $"'{call.Operation.Name}'",
        InvokeOp invoke => $"the net '{invoke.Module.Module.Name}'",
        _ => "this",
    };
}
