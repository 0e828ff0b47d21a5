using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Where a layer is constructed: by its place the same layer is found again.</summary>
internal sealed record LayerPlace(object Place, ImmutableArray<LoopIndex> Loops, string? BoundName, Wrapping? Wrapping = null);

/// <summary>Applying an entry of the catalogue.</summary>
internal sealed partial class BodyElaborator
{
    // What has no rows is the same for every row: beside what has some it stands once for each. Nets do not count their rows.
    private void EachRow(Dictionary<string, ImmutableArray<IrValue>> tensors, TextSpan span)
    {
        ImmutableArray<IrValue> parts = tensors["x"];
        if (parts.Select(p => p.Type.Rows).FirstOrDefault(r => r is not null) is { } rows)
        {
            tensors["x"] = ImmutableArray.CreateRange(parts, p => OverRows(p, rows, span));
        }
    }

    private Value Apply(Operation operation, LayerPlace? place, OperationArguments arguments, TextSpan span)
    {
        // log(exp(u)) is u: exact, and it spares what would underflow.
        if (operation.Name == "log" && arguments.Tensors["x"][0].Producer is CatalogOp { Operation.Name: "exp" } exp)
        {
            return new TensorValue(exp.Inputs[0]);
        }

        if (operation.Name == "log" && arguments.Tensors["x"][0].Producer is CatalogOp { Operation.Name: "sigmoid" } sigmoid)
        {
            return Apply(Catalogue.Find("log_sigmoid")!, [sigmoid.Inputs[0]], null, span);
        }

        if (operation.IsOfRows && Within is BodyKind.Model or BodyKind.Flow)
        {
            return Error(span, b => b.NotAllowedHere($"'{operation.Name}'", $"a {(Within == BodyKind.Model ? "model" : "flow")}: it is a function of each sample by itself"));
        }

        if (operation.Name == "concat" && (Within is BodyKind.Trainer or BodyKind.Observer))
        {
            EachRow(arguments.Tensors, span);
        }

        bool failed = false;
        var call = new OperationCall(operation, arguments.Tensors.ToDictionary(t => t.Key, t => ImmutableArray.CreateRange(t.Value, v => v.Type)), arguments.Numbers, arguments.Initializers, arguments.Places, span, (at, diagnostic) =>
        {
            failed = true;
            Report(at, diagnostic);
        }, (number, legal, what, at) =>
        {
            bool ok = Demand(number, legal, what, at);
            failed |= !ok;
            return ok;
        });
        if (operation.Rule(call) is not { } outcome || failed)
        {
            return ErrorValue.Instance;
        }

        // What moves numbers about leaves no axis of rows.
        if (outcome.Access is not PointwiseAccess && !operation.IsOfRows)
        {
            outcome = outcome with { Results = [.. outcome.Results.Select(r => r with { Across = null })] };
        }

        _construction.Owner.IsOfRows |= operation.IsOfRows;
        _construction.Owner.LooksAtAllRows |= operation is { IsOfRows: true, CouplesRows: true };
        LayerInstance? layer = null;
        Wrapping? wrapping = place?.Wrapping;
        ImmutableArray<Weight> weights = outcome.Weights;
        if (place is not null && !IsWrappable(call, outcome, ref wrapping, ref weights, span))
        {
            return ErrorValue.Instance;
        }

        if (operation.Kind == OperationKind.Layer)
        {
            layer = _construction.At<LayerInstance>(place!.Place);
            if (layer is null)
            {
                layer = _construction.AddLayer(place.Place, place.BoundName, operation, weights, place.Loops, wrapping is { FromData: true });
            }
            else if (!layer.Weights.Select(w => TensorType.ShapeOf(w.Shape)).SequenceEqual(weights.Select(w => TensorType.ShapeOf(w.Shape))))
            {
                string made = TensorType.ShapeOf(layer.Weights[0].Shape);
                Report(span, b => b.LayerReused(layer.Name, made, call.Type("x")));
                return ErrorValue.Instance;
            }
            else if (!Masks(layer.Weights).SequenceEqual(Masks(outcome.Weights)))
            {
                Report(span, b => b.MaskReused(layer.Name));
                return ErrorValue.Instance;
            }

            if (operation == CodebookEntries.Codebook && Chosen(arguments.Tensors["x"][0], layer, span) is { } chosen)
            {
                return chosen;
            }

            _construction.Note(operation);
        }

        string stem = layer?.Name ?? NameOf(operation.Name);
        ImmutableArray<IrValue> outputs = [.. outcome.Results.Select((type, i) => new IrValue(outcome.Results.Length == 1 ? stem : $"{stem}{(i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}", type, _call ?? span))];
        var bindings = new List<(string, IrValue)>();
        foreach (OperationParameter parameter in operation.Parameters)
        {
            if (arguments.Tensors.TryGetValue(parameter.Name, out ImmutableArray<IrValue> values))
            {
                bindings.AddRange(values.Select(v => (parameter.Name, v)));
            }
        }

        IrValue? weight = wrapping is null ? null : Weight(layer!, wrapping, _call ?? span);
        weight = operation.Prepared is { } prepared ? Prepare(prepared, layer!, weight, _call ?? span) : weight;
        if (weight is not null)
        {
            bindings.Add(("weight", weight));
        }

        var op = new CatalogOp(operation, layer, [.. bindings], outcome.Attributes, outcome.Access, outputs, _call ?? span);
        Emit(op);
        Step(op);

        if (wrapping is { FromData: true })
        {
            return new TensorValue(FromData(layer!, outputs[0], _call ?? span));
        }

        return outputs.Length == 1 ? new TensorValue(outputs[0]) : new TupleValue([.. outputs.Select(o => new TensorValue(o))]);
    }

    // What the layer is applied with, of its own tensors alone.
    private IrValue Prepare(Operation operation, LayerInstance layer, IrValue? weight, TextSpan span)
    {
        Weight kernel = layer.Weights.First(w => w.Role == WeightRole.Kernel);
        var prepared = new IrValue(layer.Name + "_weight", TensorType.Real(null, kernel.Shape), span);
        Emit(new CatalogOp(operation, layer, weight is null ? [] : [("weight", weight)], ImmutableDictionary<string, OperationAttribute>.Empty, new NothingAccess(), [prepared], span));
        return prepared;
    }

    private static IEnumerable<Dim?> Masks(ImmutableArray<Weight> weights) =>
        weights.Where(w => w.Role == WeightRole.Constant).SelectMany(w => w.Initializer.Arguments).Select(a => a.Size);

    // What a colleague would call the result of an operator.
    private static string NameOf(string operation) => operation switch
    {
        "+" => "total",
        "-" => "difference",
        "*" => "product",
        "/" => "quotient",
        "+s" or "s-" => "shifted",
        "*s" or "/s" or "s/" => "scaled",
        "^s" => "power",
        "neg" => "negative",
        "stop" => "stopped",
        "<" or "<=" or ">" or ">=" or "<s" or "<=s" or ">s" or ">=s" => "holds",
        "~max" or "~max_number" => "greater",
        "~min" or "~min_number" => "smaller",
        _ => operation.TrimStart('~'),
    };
}
