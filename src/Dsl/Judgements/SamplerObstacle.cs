using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements;

/// <summary>Why a sampler cannot compute each site once.</summary>
/// <param name="Operation">Where.</param>
/// <param name="Reason">A clause for a message: "'softmax' has no form that computes one site".</param>
public sealed record SamplerObstacle(IrOp Operation, string Reason)
{
    /// <summary>The first obstacle on the way from the root to the law; null where there is none.</summary>
    public static SamplerObstacle? Of(IrPositionSampler sampler)
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
