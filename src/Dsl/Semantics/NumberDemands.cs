using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Demands on numbers as conditions, and facts at the defaults of a module.</summary>
internal static class NumberDemands
{
    /// <summary>The comparisons that a demand stands for.</summary>
    public static IEnumerable<HostValue> Conditions(NumberDemand demand)
    {
        if (demand.Legal is not { } legal)
        {
            yield return HostArithmetic.Binary("!=", demand.Number, HostValue.Of(0))!;
            yield break;
        }

        if (!double.IsInfinity(legal.Low))
        {
            yield return HostArithmetic.Binary(legal.LowOpen ? ">" : ">=", demand.Number, End(legal.Low))!;
        }

        if (!double.IsInfinity(legal.High))
        {
            yield return HostArithmetic.Binary(legal.HighOpen ? "<" : "<=", demand.Number, End(legal.High))!;
        }
    }

    /// <summary>The defaults for which a fact does not hold, as <c>m = 1.5</c>; null where it holds or nobody knows.</summary>
    public static string? AtDefaults(IrModule module, Fact fact)
    {
        double? Default(string name) => module.Hyperparameters.FirstOrDefault(h => h.Name == name)?.Default is { } value ? HostReading.Number(value.Expression, Default) : null;
        return fact.Conditions.Any(c => HostReading.Number(c.Expression, Default) is 0)
            ? string.Join(", ", fact.Conditions.SelectMany(c => HostReading.Hyperparameters(c.Expression)).Distinct()
                .Where(name => Default(name) is not null)
                .Select(name => $"{name} = {HostReading.Text(module.Hyperparameters.First(h => h.Name == name).Default!.Expression)}"))
            : null;
    }

    // Whole numbers are written as such, as far as they are exact.
    private static HostValue End(double end) => end == System.Math.Floor(end) && System.Math.Abs(end) < 1L << 53 ? HostValue.Of(Shapes.Dim.Constant((long)end)) : HostValue.Float(end);
}
