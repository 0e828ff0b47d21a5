using System;
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
        foreach (Dictionary<string, long> values in Smallest(a, b))
        {
            long? x = Evaluate(a, values);
            long? y = Evaluate(b, values);
            if (x is not null && y is not null && x != y)
            {
                return $"with {Text(values)} the sizes are {Number(x.Value)} and {Number(y.Value)}";
            }
        }

        return null;
    }

    /// <summary><c>with h = 3 it is 1</c>: the smallest values at which a condition on a size fails; null where none is found.</summary>
    public static string? Violating(Dim size, Func<long, bool> holds)
    {
        foreach (Dictionary<string, long> values in Smallest(size, Dim.Zero))
        {
            if (Evaluate(size, values) is { } value && !holds(value))
            {
                return $"with {Text(values)} it is {Number(value)}";
            }
        }

        return null;
    }

    /// <summary><c>h >= 2</c>: the least bound on one variable that keeps a size at a minimum or more; null where one bound is not enough.</summary>
    public static string? BoundFor(Dim size, long minimum)
    {
        foreach (DimVariable variable in size.Variables.Where(v => v.Kind != DimVariableKind.Index))
        {
            for (long least = variable.Minimum + 1; least <= variable.Minimum + 64; least++)
            {
                long bound = least;
                Dim bounded = size.Substitute(v => v.Name == variable.Name ? Dim.Of(v with { Minimum = bound }) : null);
                if (bounded.LowerBound >= minimum)
                {
                    return $"{variable.Name} >= {Number(bound)}";
                }
            }
        }

        return null;
    }

    private static IEnumerable<Dictionary<string, long>> Smallest(Dim a, Dim b)
    {
        List<DimVariable> variables = [.. a.Variables.Concat(b.Variables).GroupBy(v => v.Name).Select(g => g.First())];
        if (variables.Count is 0 or > 4)
        {
            yield break;
        }

        for (int extra = 0; extra <= MaximumSum; extra++)
        {
            foreach (IReadOnlyList<int> offsets in Sums(variables.Count, extra))
            {
                Dictionary<string, long> values = [];
                for (int i = 0; i < variables.Count; i++)
                {
                    DimVariable v = variables[i];
                    values[v.Name] = v.Modulus > 1 ? (v.Modulus * (v.MinimumQuotient + offsets[i])) + v.Residue : v.Minimum + offsets[i];
                }

                if (variables.All(v => v.Below is not { } below || Evaluate(below, values) is not { } end || values[v.Name] < end))
                {
                    yield return values;
                }
            }
        }
    }

    private static string Text(Dictionary<string, long> values) => string.Join(", ", values.Select(v => $"{v.Key} = {Number(v.Value)}"));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

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
