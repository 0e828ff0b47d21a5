using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>
/// The latents of a reading of which every value is computed. Values become rows, as draws do; of several latents, all combinations, the
/// first one running fastest. What was computed for each is added up at the end.
/// </summary>
internal sealed class Enumerations(BodyElaborator body)
{
    private readonly List<Dictionary<string, OperationAttribute>> _open = [];
    private Dim _total = Dim.One;

    /// <summary>The name of the first latent; null where there is none.</summary>
    public string? First { get; private set; }

    /// <summary>The log-probability of the values by the guide's logits; null where they are summed out without.</summary>
    public IrValue? LogProb { get; private set; }

    /// <summary>True where there is a latent, and the guide has no logits for it.</summary>
    public bool AreSummedOut => First is not null && LogProb is null;

    /// <summary>All values of a latent of a type, in rows.</summary>
    public IrValue Values(string latent, TensorType type, Dim count, TextSpan span)
    {
        First ??= latent;
        bool isVector = type.Element == Element.Real;
        string form = isVector ? "Vectors" : DistributionOperations.AreIndices(type) ? "Codes" : "Levels";
        var attributes = new Dictionary<string, OperationAttribute>
        {
            ["form"] = new CodeAttribute(form),
            ["count"] = new SizeAttribute(count),
            ["inner"] = new SizeAttribute(_total),
            ["rows"] = new RowsAttribute(),
        };
        _open.Add(attributes);
        _total *= count;
        var values = new IrValue(latent, isVector ? type.With(range: Interval.Unit) : type with { Space = null }, span);
        body.Emit(new CatalogOp(BoundEntries.Values, null, [], attributes, Access.Pointwise, [values], span));
        return values;
    }

    /// <summary>Notes how probable the guide thinks the values of a latent; false where another latent is told otherwise.</summary>
    /// <param name="logProb">[N;]; null where it does not say.</param>
    public bool Weigh(string latent, Value? logProb, TextSpan span)
    {
        if (latent != First && (logProb is null) != (LogProb is null))
        {
            return false;
        }

        if (logProb is TensorValue { Tensor: { } tensor })
        {
            LogProb = LogProb is null ? tensor : (body.Combine("+", new TensorValue(LogProb), logProb, span) as TensorValue)?.Tensor;
        }

        return true;
    }

    /// <summary>True for the operation whose result has the rows in hand before it has a row for each value.</summary>
    public static bool IsValues(IrOp op) => op is CatalogOp { Operation.Name: "~values" };

    /// <summary>Gives what depends on the values a row for each, and takes the results back to one.</summary>
    /// <param name="results">[N;], or, of divergences, with more axes.</param>
    /// <param name="asWeights">
    /// Whether the first result is the logarithm of a weight, and the sum of weights is wanted, with means of the others by the weights; else all
    /// are means by the guide's logits.
    /// </param>
    public ImmutableArray<IrValue> SumOut(ImmutableArray<IrValue> results, bool asWeights)
    {
        Rows before = results[0].Type.Rows!;
        var rows = new Rows("values");
        var total = new SizeAttribute(_total);
        _open.ForEach(a => a["total"] = total);
        RowCopies.Spread(body.Block, IsValues, rows, total);
        if (!asWeights)
        {
            return [.. results.Select(Mean)];
        }

        IrValue weights = Equals(results[0].Type.Rows, rows) ? results[0] : Emit(BoundEntries.Copies, results[0], rows, BoundEntries.AttributesOfCopies(total, results[0].Type));
        IrValue sum = Emit(BoundEntries.SummedOut, weights, before, Total(total));
        sum.Type = sum.Type.With(range: Interval.All);
        if (results.Length == 1)
        {
            return [sum];
        }

        LogProb = Emit(BoundEntries.Posterior, weights, rows, Total(total));
        LogProb.Type = LogProb.Type.With(range: -Interval.NonNegative);
        return [sum, .. results.Skip(1).Select(Mean)];

        // The probabilities add up to 1: what is the same for all values is its own mean.
        IrValue Mean(IrValue result) => !Equals(result.Type.Rows, rows) ? result : Emit(BoundEntries.Expected, result, before, Total(total), ("log_q", LogProb!));
    }

    private static Dictionary<string, OperationAttribute> Total(SizeAttribute total) => new() { ["total"] = total };

    private IrValue Emit(Operation operation, IrValue x, Rows rows, IReadOnlyDictionary<string, OperationAttribute> attributes, params (string Name, IrValue Value)[] more)
    {
        var result = new IrValue(x.Name, x.Type with { Rows = rows }, x.Span);
        body.Emit(new CatalogOp(operation, null, [("x", x), .. more], attributes, Access.Pointwise, [result], x.Span));
        return result;
    }
}
