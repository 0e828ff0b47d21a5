using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Dsl.Shapes;

/// <summary>Finds the smallest values of the variables at which two sizes differ.</summary>
public static class DimExample
{
    private const int MaximumSum = 24;

    /// <summary><c>with h = 3 the sizes are 4 and 2</c>, or null where neither has a variable or no difference is found.</summary>
    public static string? Differing(Dim a, Dim b)
    {
        List<DimVariable> variables = [.. a.Variables.Concat(b.Variables).GroupBy(v => v.Name).Select(g => g.First())];
        if (variables.Count is 0 or > 4)
        {
            return null;
        }

        for (int extra = 0; extra <= MaximumSum; extra++)
        {
            foreach (IReadOnlyList<int> offsets in Sums(variables.Count, extra))
            {
                Dictionary<string, long> values = [];
                for (int i = 0; i < variables.Count; i++)
                {
                    values[variables[i].Name] = variables[i].Minimum + offsets[i];
                }

                long? x = Evaluate(a, values);
                long? y = Evaluate(b, values);
                if (x is not null && y is not null && x != y)
                {
                    string text = string.Join(", ", values.Select(v => $"{v.Key} = {v.Value.ToString(CultureInfo.InvariantCulture)}"));
                    return $"with {text} the sizes are {x.Value.ToString(CultureInfo.InvariantCulture)} and {y.Value.ToString(CultureInfo.InvariantCulture)}";
                }
            }
        }

        return null;
    }

    /// <summary>The value of a size; null where a variable has none.</summary>
    public static long? Evaluate(Dim size, IReadOnlyDictionary<string, long> values) =>
        size.Substitute(v => values.TryGetValue(v.Name, out long value) ? Dim.Constant(value) : null).Value;

    private static IEnumerable<IReadOnlyList<int>> Sums(int count, int sum)
    {
        if (count == 1)
        {
            yield return [sum];
            yield break;
        }

        for (int first = 0; first <= sum; first++)
        {
            foreach (IReadOnlyList<int> rest in Sums(count - 1, sum - first))
            {
                yield return [first, .. rest];
            }
        }
    }
}
