using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Reversible updates of places.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary><c>v += e</c>, <c>v |>= F</c> of a place.</summary>
    private void Update(Place place, RebindingSyntax rebinding)
    {
        if (IsEnded(place, place.Span, rebinding.Name.Span))
        {
            return;
        }

        if (rebinding.Operator == "|>=")
        {
            Transform(place, rebinding);
            return;
        }

        Value operand = Evaluate(rebinding.Value);
        string op = rebinding.Operator.Substring(0, 1);
        if (operand is not (TensorValue { Tensor.Type.Element: Element.Real } or HostValueHolder { Host.Kind: HostKind.Int or HostKind.Float }))
        {
            if (operand is not ErrorValue)
            {
                Report(rebinding.Value.Span, b => b.WrongKind($"What '{place.Name}' is changed by", "a real tensor or a number", operand.Description));
            }

            return;
        }

        Interval range = operand is TensorValue { Tensor.Type.Range: var of } ? of : ((HostValueHolder)operand).Host.Range;
        if (op is "*" or "/" && range.ContainsZero)
        {
            Report(rebinding.Value.Span, b => b.ScaleMayBeZero(place.Name, rebinding.Operator, range));
            return;
        }

        IrValue old = Collapse(place);
        if (old.Type.Element != Element.Real)
        {
            Report(rebinding.Name.Span, b => b.NeedsReal(rebinding.Operator, old.Type));
            return;
        }

        if (operand is TensorValue { Tensor: { } tensor })
        {
            if (!Broadcasts(tensor.Type, old.Type))
            {
                Report(rebinding.Value.Span, b => b.ShapesDiffer(rebinding.Operator, $"'{place.Name}'", old.Type, "what it is changed by", tensor.Type));
                return;
            }

        }

        (operand, bool isNeutral) = place.Mask is { } mask ? OnlyWithin(mask, op, operand, rebinding.Span) : (operand, true);

        if (Combine(op, new TensorValue(old), operand, rebinding.Span) is not TensorValue { Tensor: { } updated })
        {
            return;
        }

        if (ReferenceEquals(updated, old))
        {
            // + 0 and * 1 change nothing.
            return;
        }

        // Numbers stay where they are, whatever classes of features the operand came out of a masked layer with.
        updated.Type = updated.Type.With(range: Interval.All) with { Order = old.Type.Order, Classes = old.Type.Classes };
        place.Current = Named(new TensorValue(updated), place.Name);
        if (place.Of is { Joint: { } joint } split)
        {
            split.Joint = isNeutral ? Joined(split, joint, old, updated, op, operand, rebinding.Span) : null;
        }

        Chart!.Add(new UpdateStep(old, updated, op, operand.AsOperand(), rebinding.Span)
        {
            LogDet = op is "*" or "/" ? LogScale(place, old, operand, op == "/", isNeutral, rebinding.Span)?.AsOperand() : null,
            IsNeutral = isNeutral,
        });
    }

    // An operand that does nothing at the sites of the other part: it adds 0 there, or scales by exp(0). For another scale that would cost more
    // than it spares.
    private (Value Operand, bool IsNeutral) OnlyWithin(IrValue mask, string op, Value operand, TextSpan span) => (op, operand) switch
    {
        ("+" or "-", _) => (Masked(operand, mask, span), true),
        (_, TensorValue { Tensor.Producer: CatalogOp { Operation.Name: "exp" } exp }) => (new TensorValue(Exponential(((TensorValue)Masked(new TensorValue(exp.Inputs[0]), mask, span)).Tensor, span)), true),
        _ => (operand, false),
    };

    // Where one factor is the same for all samples, it is masked instead of the product. A part is itself a product by a mask, but no other's.
    private Value Masked(Value value, IrValue mask, TextSpan span) =>
        value is TensorValue { Tensor: { Producer: CatalogOp { Operation.Name: "*", Inputs: [{ } left, { } right] } } product } && !Chart!.Has(product) && (left.Type.Rows is null) != (right.Type.Rows is null)
            ? left.Type.Rows is null ? Combine("*", Masked(new TensorValue(left), mask, span), new TensorValue(right), span) : Combine("*", new TensorValue(left), Masked(new TensorValue(right), mask, span), span)
            : Combine("*", value, new TensorValue(mask), span);

    /// <summary>e to a tensor.</summary>
    public IrValue Exponential(IrValue tensor, TextSpan span) => ((TensorValue)Apply(Catalogue.Find("exp")!, [tensor], null, span)).Tensor;

    // The whole through an update of a part.
    private (IrValue First, IrValue Second, IrValue Whole)? Joined(
        PlaceSplit split, (IrValue First, IrValue Second, IrValue Whole) joint, IrValue old, IrValue updated, string op, Value operand, TextSpan span)
    {
        // In a loop a part goes on from what the loop carries.
        bool isFirst = ReferenceEquals(joint.First, old);
        if (!isFirst && !ReferenceEquals(joint.Second, old))
        {
            return null;
        }

        IrValue whole = ((TensorValue)Combine(op, new TensorValue(joint.Whole), operand, span)).Tensor;
        whole.Type = whole.Type.With(range: Interval.All) with { Order = joint.Whole.Type.Order, Classes = joint.Whole.Type.Classes };
        Named(new TensorValue(whole), split.Whole.Name);
        return isFirst ? (updated, joint.Second, whole) : (joint.First, updated, whole);
    }

    private static bool Broadcasts(TensorType from, TensorType to) =>
        from.Shape.Length == 0 || (from.Shape.Length == to.Shape.Length && from.Shape.Zip(to.Shape, (a, b) => a.Equals(b) || a.Equals(Dim.One)).All(ok => ok));

    // The sum of log|e| over the sites of the place, as often as each number of e is used.
    private Value? LogScale(Place place, IrValue old, Value operand, bool isDivided, bool isMasked, TextSpan span)
    {
        Dim all = Dim.Product(old.Type.Shape);
        if (operand is HostValueHolder { Host: { } number })
        {
            HostValue log = HostArithmetic.Call("log", number.Range.High < 0 ? HostArithmetic.Negate(number) : number);
            Value each = new HostValueHolder(log);
            Value sum = place.Mask is null
                ? new HostValueHolder(HostArithmetic.Binary("*", log, HostValue.Of(all))!)
                : SumPerSample(OverRows(((TensorValue)Combine("*", new TensorValue(OnSites(place, old, span)), each, span)).Tensor, old.Type.Rows, span), span);
            return isDivided ? Combine("*", sum, new HostValueHolder(HostValue.Float(-1.0)), span) : sum;
        }

        IrValue scale = ((TensorValue)operand).Tensor;
        Value size = Interval.Positive.Contains(scale.Type.Range) || scale.Type.Range.Low >= 0 ? operand : Apply(Catalogue.Find("abs")!, [scale], null, span);
        if (size is TensorValue { Tensor: { } absolute } && !Interval.Positive.Contains(absolute.Type.Range))
        {
            absolute.Type = absolute.Type.With(range: new Interval(0, double.PositiveInfinity, true, true));
        }

        if (Apply(Catalogue.Find("log")!, [((TensorValue)size).Tensor], null, span) is not TensorValue { Tensor: { } logs })
        {
            return null;
        }

        if (place.Mask is { } mask && !isMasked)
        {
            logs = ((TensorValue)Combine("*", new TensorValue(logs), new TensorValue(mask), span)).Tensor;
        }

        Dim often = all.TryDivide(Dim.Product(logs.Type.Shape)) ?? Dim.One;

        // Minus something, where the scale is computed of it, is there already.
        bool isThere = scale.Producer is CatalogOp { Operation.Name: "exp" } exp && ReferenceEquals(exp.Inputs[0], logs);
        Value total = SumPerSample(OverRows(logs, old.Type.Rows, span), span, foldsSign: !isThere);
        total = often.Value == 1 ? total : Combine("*", total, new HostValueHolder(HostValue.Of(often)), span);
        return isDivided ? Combine("*", total, new HostValueHolder(HostValue.Float(-1.0)), span) : total;
    }

    // The mask at every site of the place's shape.
    private IrValue OnSites(Place place, IrValue version, TextSpan span)
    {
        if (place.Mask!.Type.SameShape(version.Type))
        {
            return place.Mask;
        }

        IrValue ones = LogDets.Number(this, version, null, HostValue.Float(1.0), span, version.Type.Shape);
        return ((TensorValue)Combine("*", new TensorValue(ones), new TensorValue(place.Mask), span)).Tensor;
    }

    private void Transform(Place place, RebindingSyntax rebinding)
    {
        IrValue old = Collapse(place);
        if (place.Mask is not null)
        {
            Report(rebinding.Span, b => b.NotAllowedHere($"'|>=' on '{place.Name}', a part with other sites between its own,", "a flow; update it by '+=' and '*=', or part the data by 'halves'"));
            return;
        }

        int before = Chart!.Steps.Count;
        Value value = Piped(new TensorValue(old), rebinding.Name.Span, rebinding.Value, rebinding.Span);
        if (value is not TensorValue { Tensor: { } result })
        {
            if (value is not ErrorValue)
            {
                Report(rebinding.Value.Span, b => b.WrongKind($"What '|>=' makes of '{place.Name}'", "a tensor", value.Description));
            }

            return;
        }

        if (!Chart.Has(result) || ReferenceEquals(result, old))
        {
            if (!ReferenceEquals(result, old))
            {
                Report(rebinding.Value.Span, b => b.NotABijection(place.Name, Unknown(result)));
            }

            return;
        }

        if (!result.Type.SameShape(old.Type))
        {
            if (place.Of is not null)
            {
                // A part of another shape no longer lies in the whole.
                Report(rebinding.Span, b => b.NotAllowedHere($"'|>=' with another shape, {old.Type.ShapeText} to {result.Type.ShapeText}, on a part", "a flow; change the shape of the data as a whole"));
                return;
            }

            place.EndParts(rebinding.Span);
        }

        place.Current = result;
    }

    // The step of a way that is none of the chart.
    private string Unknown(IrValue result)
    {
        while (result.Producer is { Inputs: { IsEmpty: false } inputs } && !Chart!.Has(inputs[0]) && inputs[0].Producer is not null)
        {
            result = inputs[0];
        }

        return result.Producer switch
        {
            CatalogOp op => op.Operation.Name,
            InvokeOp invoke => invoke.Module.Module.DeclaredName,
            _ => result.Name,
        };
    }

    // x |>= f |> g is g(f(x)).
    private Value Piped(Value input, TextSpan inputSpan, ExpressionSyntax functions, TextSpan span)
    {
        if (functions is PipeSyntax chain)
        {
            return Piped(Piped(input, inputSpan, chain.Input, span), inputSpan, chain.Function, span);
        }

        return Pipe(input, inputSpan, functions);
    }
}
