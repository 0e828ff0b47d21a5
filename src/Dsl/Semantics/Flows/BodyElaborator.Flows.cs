using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>Reversible updates: the places of a flow's body, its partitions and loops.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>The steps that this body makes of data; null where it makes none.</summary>
    public Chart? Chart { get; set; }

    /// <summary>The place of a flow's data; null in other bodies.</summary>
    public Place? Data { get; set; }

    /// <summary>The version of a place in hand.</summary>
    public IrValue Read(Place place)
    {
        Activate(place);
        if (place.Split is not { } split)
        {
            return place.Current;
        }

        (IrValue first, IrValue second) = (Read(split.First), Read(split.Second));
        if (split.Merged is { } known && ReferenceEquals(known.First, first) && ReferenceEquals(known.Second, second))
        {
            return known.Whole;
        }

        IrValue whole = Merge(split, first, second);
        split.Merged = (first, second, whole);
        return whole;
    }

    /// <summary>The place as one version, its parts together again.</summary>
    public IrValue Collapse(Place place)
    {
        Activate(place);
        if (place.Split is not { } split)
        {
            return place.Current;
        }

        Collapse(split.First);
        Collapse(split.Second);
        IrValue whole = Read(place);
        Chart!.Add(new MergeStep(split.First.Current, split.Second.Current, whole, MasksOf(split), place.Span));
        (place.Current, place.Split) = (whole, null);
        return whole;
    }

    private static (IrValue First, IrValue Second)? MasksOf(PlaceSplit split) => split.IsMasked ? (split.First.Mask!, split.Second.Mask!) : null;

    // Where the whole has gone on since, it is parted again.
    private void Activate(Place place)
    {
        if (place.Of is not { } split)
        {
            return;
        }

        Activate(split.Whole);
        if (!ReferenceEquals(split.Whole.Split, split))
        {
            Collapse(split.Whole);
            Part(split);
        }
    }

    private void Part(PlaceSplit split)
    {
        IrValue whole = split.Whole.Current;
        TextSpan span = split.First.Span;
        if (split.IsMasked)
        {
            (split.First.Mask, split.Second.Mask) = MasksFor(whole, split.Entry, split.Parity!, span);
            foreach (Place part in new[] { split.First, split.Second })
            {
                part.Current = Named(Combine("*", new TensorValue(whole), new TensorValue(part.Mask!), span), part.Name);
            }
        }
        else
        {
            IrValue[] parts = [.. ((TupleValue)Apply(Catalogue.Find("halves")!, [whole], null, span)).Items.Select(i => ((TensorValue)i).Tensor)];
            (split.First.Current, split.Second.Current) = (Named(new TensorValue(parts[0]), split.First.Name), Named(new TensorValue(parts[1]), split.Second.Name));
        }

        (split.Whole.Split, split.Merged) = (split, null);
        Chart!.Add(new SplitStep(whole, split.First.Current, split.Second.Current, MasksOf(split), span));
    }

    private static IrValue Named(Value value, string name)
    {
        IrValue tensor = ((TensorValue)value).Tensor;
        if (!tensor.IsNamed)
        {
            (tensor.Name, tensor.IsNamed) = (name, true);
        }

        return tensor;
    }

    private (IrValue First, IrValue Second) MasksFor(IrValue whole, string entry, HostValue parity, TextSpan span)
    {
        ImmutableArray<Dim> shape = whole.Type.Shape;
        ImmutableArray<Dim> own = [.. shape.Select((size, axis) => entry switch
        {
            "channels" => axis == 0 ? size : Dim.One,
            "checkerboard" => axis == 0 ? Dim.One : size,
            "top_bottom" => axis == 1 ? size : Dim.One,
            _ => axis == 2 ? size : Dim.One,
        })];
        var mask = new IrValue("mask", TensorType.Real(null, own).With(range: Interval.Unit), span) { IsNamed = true };
        var attributes = new Dictionary<string, IrAttribute>
        {
            ["kind"] = new CodeAttribute(MemberName.Pascal(entry)),
            ["parity"] = new SizeAttribute(parity.Size!),
            ["sizes"] = new SizesAttribute(shape),
        };
        Emit(new CatalogOp(FlowEntries.Mask, null, [("x", whole)], attributes, new NothingAccess(), [mask], span));
        var other = (TensorValue)Combine("-", new HostValueHolder(HostValue.Float(1.0)), new TensorValue(mask), span);
        return (mask, Named(other, "rest"));
    }

    private IrValue Merge(PlaceSplit split, IrValue first, IrValue second)
    {
        if (split.IsMasked)
        {
            return ((TensorValue)Combine("+", new TensorValue(first), new TensorValue(second), split.First.Span)).Tensor;
        }

        var both = new Dictionary<string, ImmutableArray<IrValue>> { ["x"] = [first, second] };
        return ((TensorValue)Apply(Catalogue.Find("concat")!, null, new OperationArguments(both, [], [], []), split.First.Span)).Tensor;
    }

    /// <summary><c>(a, b) = checkerboard(x, 0)</c> of a place; false for another binding.</summary>
    private bool Partition(BindingSyntax binding)
    {
        if (Chart is null || Data is null || !binding.IsTuple || binding.Value is not (CallSyntax or PipeSyntax)
            || PartitionOf(binding.Value) is not var (entry, whole, parity, at) || whole is not IdentifierSyntax { Name.Text: { } name } || Scope.Find(name) is not { Value: PlaceValue { Place: { } place } } read)
        {
            return false;
        }

        read.IsRead = true;
        if (binding.Names.Length != 2)
        {
            Report(binding.Span, b => b.WrongTupleSize(binding.Names.Length, "a partition, which has 2 parts"));
            return Spoil(binding);
        }

        HostValue? turn = null;
        if (entry != "halves")
        {
            Value given = parity is null ? new HostValueHolder(HostValue.Of(Dim.Zero)) : Evaluate(parity);
            if (given is not HostValueHolder { Host: { Size: { } size } number })
            {
                if (given is not ErrorValue)
                {
                    Report(parity!.Span, b => b.WrongKind($"The parity of '{entry}'", "an integer", given.Description));
                }

                return Spoil(binding);
            }

            if (!AtLeast(size, 0, $"The parity of '{entry}'", null, parity?.Span ?? at))
            {
                return Spoil(binding);
            }

            turn = number;
        }
        else if (parity is not null)
        {
            Report(parity.Span, b => b.TooManyArguments("halves", 1, 2));
            return Spoil(binding);
        }

        if (IsEnded(place, read.Span, whole.Span))
        {
            return Spoil(binding);
        }

        IrValue version = Collapse(place);
        int axes = version.Type.Shape.Length;
        if (version.Type.Element != Element.Real)
        {
            Report(at, b => b.NeedsReal(entry, version.Type));
            return Spoil(binding);
        }

        if (entry is "checkerboard" or "top_bottom" or "left_right" ? axes != 3 : axes == 0)
        {
            Report(at, b => b.WrongRank(entry, version.Type, entry == "channels" || entry == "halves" ? "at least one axis" : "[channels, height, width]"));
            return Spoil(binding);
        }

        if (entry == "halves" && version.Type.Shape[0].TryDivide(2) is null)
        {
            Report(at, b => b.NotDivisible("halves", version.Type, 2));
            return Spoil(binding);
        }

        var split = new PlaceSplit(place, entry, turn);
        split.First = new Place(binding.Names[0].Text, binding.Names[0].Span) { Of = split };
        split.Second = new Place(binding.Names[1].Text, binding.Names[1].Span) { Of = split };
        place.Parts.AddRange([split.First, split.Second]);
        Part(split);
        foreach ((NameSyntax part, Place its) in binding.Names.Zip(new[] { split.First, split.Second }, (n, p) => (n, p)))
        {
            if (!part.IsMissing)
            {
                Scope.Set(part.Text, new PlaceValue(its), part.Span);
            }
        }

        return true;
    }

    private bool Spoil(BindingSyntax binding)
    {
        foreach (NameSyntax name in binding.Names.Where(n => !n.IsMissing))
        {
            Scope.Set(name.Text, ErrorValue.Instance, name.Span, isParameter: true);
        }

        return true;
    }

    // The partition, what it parts, and the parity.
    private (string Entry, ExpressionSyntax Whole, ExpressionSyntax? Parity, TextSpan Span)? PartitionOf(ExpressionSyntax value)
    {
        (ExpressionSyntax callee, ImmutableArray<ExpressionSyntax> arguments) = value switch
        {
            CallSyntax call => (call.Callee, [.. call.Arguments.Select(a => a.Value)]),
            PipeSyntax { Function: CallSyntax call } pipe => (call.Callee, [pipe.Input, .. call.Arguments.Select(a => a.Value)]),
            PipeSyntax pipe => (pipe.Function, [pipe.Input]),
            _ => (value, ImmutableArray<ExpressionSyntax>.Empty),
        };
        if (callee is not IdentifierSyntax { Name.Text: { } word } || arguments.IsEmpty || arguments.Length > 2)
        {
            return null;
        }

        string? entry = Scope.Find(word) is { } bound
            ? bound.Value is HostValueHolder { Host: { Kind: HostKind.Word, Expression: HostLiteral { Lexeme: { } given } } } ? given : null
            : _file.Find(word) is null ? word : null;
        if (entry is null || !(entry == "halves" || FlowEntries.Partitions.Contains(entry)))
        {
            return null;
        }

        if (Scope.Find(word) is { } read)
        {
            read.IsRead = true;
        }

        return (entry, arguments[0], arguments.Length == 2 ? arguments[1] : null, value.Span);
    }

    private bool IsEnded(Place place, TextSpan declared, TextSpan span)
    {
        if (place.Ended is not { } by)
        {
            return false;
        }

        Report(span, b => b.PartEnded(place.Name, by, declared));
        return true;
    }

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

            // What is added must not reach the sites of the other part.
            operand = place.Mask is { } mask && op is "+" or "-" ? Combine("*", operand, new TensorValue(place.Mask!), rebinding.Span) : operand;
        }
        else if (place.Mask is { } own && op is "+" or "-")
        {
            operand = Combine("*", operand, new TensorValue(place.Mask!), rebinding.Span);
        }

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
        Chart!.Add(new UpdateStep(old, updated, op, operand, rebinding.Span) { LogDet = op is "*" or "/" ? LogScale(place, old, operand, op == "/", rebinding.Span) : null });
    }

    private static bool Broadcasts(TensorType from, TensorType to) =>
        from.Shape.Length == 0 || (from.Shape.Length == to.Shape.Length && from.Shape.Zip(to.Shape, (a, b) => a.Equals(b) || a.Equals(Dim.One)).All(ok => ok));

    // The sum of log|e| over the sites of the place, as often as each number of e is used.
    private Value? LogScale(Place place, IrValue old, Value operand, bool isDivided, TextSpan span)
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

        if (place.Mask is { } mask)
        {
            logs = ((TensorValue)Combine("*", new TensorValue(logs), new TensorValue(mask), span)).Tensor;
        }

        Dim often = all.TryDivide(Dim.Product(logs.Type.Shape)) ?? Dim.One;
        Value total = SumPerSample(OverRows(logs, old.Type.Rows, span), span);
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

    /// <summary>A step that undoes: registered where its data are a version.</summary>
    public void Step(CatalogOp op)
    {
        if (Chart is null || op.Inputs.IsEmpty || !Chart.Has(op.Inputs[0]))
        {
            return;
        }

        // In a flow, parts are places; in a model each goes its own way.
        if (op.Operation.Name == "halves" && Data is null)
        {
            Chart.Add(new SplitStep(op.Inputs[0], op.Outputs[0], op.Outputs[1], null, op.Span));
        }

        if (!op.Operation.IsBijection)
        {
            return;
        }

        IrValue old = op.Inputs[0];
        IrValue result = op.Outputs[0];
        Value? logDet = null;
        if (op.Operation.LogDet is { Length: > 0 })
        {
            var sum = new IrValue("log_det", TensorType.Real(old.Type.Rows, []), op.Span) { IsNamed = true };
            Emit(new CatalogOp(FlowEntries.LogDetOf(op.Operation), op.Layer, [.. op.Bindings, ("y", result)], op.Attributes, Access.Everything, [sum], op.Span));
            logDet = new TensorValue(sum);
        }
        else if (op.Operation.LogDet is not null && op.Attributes["log_abs"] is NumberAttribute { Value: { } each } && HostArithmetic.Binary("*", each, HostValue.Of(Dim.Product(old.Type.Shape))) is { } all)
        {
            bool isInverse = op.Operation.Name.StartsWith("~inverse_", System.StringComparison.Ordinal);
            logDet = new HostValueHolder(isInverse ? HostArithmetic.Negate(all) : all);
        }

        Chart.Add(new BijectionStep(op, old, result, [.. op.Inputs.Skip(1)]) { LogDet = logDet });
    }

    /// <summary>Levels as reals in [0, 1): the noise fills the bins, and the change of scale counts.</summary>
    private Value Dequantized(IReadOnlyList<RawArgument> first, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        if (Kind != BodyKind.Model || Chart is null)
        {
            return Error(span, b => b.NotAllowedHere("'dequantize'", "this body; it turns the data of a model into reals"));
        }

        if (ArgumentMatcher.Match("dequantize", [("x", false), ("noise", false)], first, ["x"], arguments, span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        if (!matched.TryGetValue("x", out List<RawArgument>? given))
        {
            return Error(span, b => b.MissingArgument("dequantize", "x", "what to turn into reals"));
        }

        if (AsTensor(given[0].Piped ?? Evaluate(given[0].Syntax!), given[0].Span, "'x' of 'dequantize'") is not { } levels)
        {
            return ErrorValue.Instance;
        }

        if (levels.Type.Element is not (Element.Level or Element.Bit or Element.MuLaw) || levels.Type.Rows is null)
        {
            return Error(span, b => b.NeedsLevels("dequantize", levels.Type));
        }

        IrValue? noise;
        Value? logProb = null;
        if (matched.TryGetValue("noise", out List<RawArgument>? law))
        {
            (noise, logProb) = Proposed(law[0].Syntax!, levels.Type, law[0].Span);
            if (noise is null)
            {
                return ErrorValue.Instance;
            }
        }
        else
        {
            noise = new IrValue("noise", TensorType.Real(levels.Type.Rows, levels.Type.Shape).With(range: Interval.Unit), span) { IsNamed = true };
            Emit(new DrawOp(DrawKind.Uniform, Site("dequantize"), levels.Type.Shape, [HostValue.Float(0.0), HostValue.Float(1.0)], [], noise, span));
        }

        var real = new IrValue("dequantized", TensorType.Real(levels.Type.Rows, levels.Type.Shape).With(range: new Interval(0, 1, false, true)), span);
        HostValue each = HostValue.Float(-System.Math.Log(levels.Type.Count.Value ?? 2));
        var op = new CatalogOp(
            FlowEntries.Dequantize, null, [("x", levels), ("noise", noise)],
            new Dictionary<string, IrAttribute> { ["levels"] = new SizeAttribute(levels.Type.Count), ["undo"] = new CodeAttribute(levels.Type.Element == Element.MuLaw ? "QuantizeLabels" : "Quantize") }, Access.Pointwise, [real], span);
        Emit(op);
        if (Chart.Has(levels) && HostArithmetic.Binary("*", each, HostValue.Of(Dim.Product(levels.Type.Shape))) is { } all)
        {
            // What the noise model says of its draw is the other side of the bound.
            Value change = new HostValueHolder(all);
            Chart.Add(new BijectionStep(op, levels, real, []) { LogDet = logProb is null ? change : Combine("-", change, logProb, span) });
        }

        return new TensorValue(real);
    }

    // A draw of a model of noise, with its log-probability.
    private (IrValue? Noise, Value? LogProb) Proposed(ExpressionSyntax syntax, TensorType like, TextSpan span)
    {
        (ExpressionSyntax construction, ImmutableArray<ArgumentSyntax> conditions) = syntax is CallSyntax { Callee: CallSyntax inner } call ? (inner, call.Arguments) : (syntax, ImmutableArray<ArgumentSyntax>.Empty);
        Value value = Evaluate(construction);
        if (value is not ModuleValue { Instance: { Module: IrModel model } instance })
        {
            if (value is not ErrorValue)
            {
                Report(construction.Span, b => b.WrongKind("The noise of 'dequantize'", "a model, such as 'Noise()(x)'", value.Description));
            }

            return (null, null);
        }

        if (model.Propose is not { } function || model.LogProb is not { } exact)
        {
            if (model.Elbo is not null || model.LogProb is not null)
            {
                Report(construction.Span, b => b.NoiseModelUnfit(model.DeclaredName, "its law is not one of what bijections make of a draw, such as 'u ~ normal(0, 1) |> F |> sigmoid'"));
            }

            return (null, null);
        }

        TensorType drawn = exact.Parameters[0].Type;
        if (Match(instance, model.DeclaredName, function, [], conditions, span) is not { } match)
        {
            return (null, null);
        }

        TensorType type = match.Unifier.Substitute(drawn);
        if (!type.SameShape(like) || type.Element != Element.Real || !Interval.Unit.Contains(type.Range))
        {
            Report(construction.Span, b => b.NoiseModelUnfit(model.DeclaredName, $"it is a law of {type}, where numbers of {like.ShapeText} in [0, 1] are wanted"));
            return (null, null);
        }

        model.IsProposed = true;
        var noise = new IrValue("noise", TensorType.Real(like.Rows, like.Shape).With(range: Interval.Unit), span) { IsNamed = true };
        var logProb = new IrValue("logNoise", TensorType.Real(like.Rows, []), span) { IsNamed = true };
        Emit(new ModelOp(instance, ModelQuery.Propose, Site("dequantize"), match.Inputs, [noise, logProb], span));
        return (noise, new TensorValue(logProb));
    }

    /// <summary>What a flow makes of data: a step where they are a version.</summary>
    public Value Transformed(InvokeOp op)
    {
        if (Chart is not null && Chart.Has(op.Inputs[0]))
        {
            Chart.Add(new FlowStep(op, op.Inputs[0], op.Outputs[0], [.. op.Inputs.Skip(1)]) { LogDet = new TensorValue(op.Outputs[1]) });
        }

        op.Outputs[0].Name = op.Inputs[0].Name;
        return new TensorValue(op.Outputs[0]);
    }

    /// <summary><c>for</c> in a flow: it carries the data, and nothing else.</summary>
    private void FlowLoop(ForSyntax syntax)
    {
        if (Bound(syntax.From) is not { } from || Bound(syntax.To) is not { } to)
        {
            return;
        }

        if (Loops.Any(l => l.Variable.Name == syntax.Index.Text))
        {
            Report(syntax.Index.Span, b => b.Duplicate(syntax.Index.Text, "the index of a loop around this one"));
            return;
        }

        var index = new LoopIndex(new DimVariable(syntax.Index.Text, DimVariableKind.Index, from.Value ?? 0), from, to);
        List<Place> leaves = [.. Leaves(Data!)];
        List<IrValue> before = [.. leaves.Select(l => l.Current)];
        var inner = new Scope(Scope);
        inner.Set(syntax.Index.Text, new HostValueHolder(HostValue.Of(Dim.Of(index.Variable))), syntax.Index.Span, isParameter: true);
        var block = new IrBlock();
        BodyElaborator body = Inner(block, inner, index);
        var rounds = new Chart(block);
        (body.Chart, body.Data) = (rounds, Data);
        List<IrValue> starts = [];
        foreach (Place leaf in leaves)
        {
            TensorType type = leaf.Current.Type.Element == Element.Real ? leaf.Current.Type.With(range: Interval.All) : leaf.Current.Type;
            var round = new IrValue(leaf.Name, type, syntax.Span) { IsNamed = true };
            round.MergedFrom.Add(leaf.Current);
            rounds.Begin(round);
            starts.Add(round);
            leaf.Current = round;
        }

        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            foreach (NameSyntax name in Rebinds(statement).Where(n => Scope.Find(n.Text) is { Value: not PlaceValue and not ErrorValue } && !inner.Has(n.Text)))
            {
                body.Report(name.Span, b => b.LoopCarriesOnlyData(name.Text, Data!.Name));
            }

            if (!body.RunShared(statement))
            {
                body.Report(statement.Span, b => b.NotAllowedHere(Describe(statement), "a 'for' loop"));
            }
        }

        UnusedNames.Report(body);
        foreach (Place leaf in leaves)
        {
            body.Collapse(leaf);
        }

        var carried = new List<LoopCarried>();
        bool ok = true;
        for (int i = 0; i < leaves.Count; i++)
        {
            (IrValue initial, IrValue round, IrValue next) = (before[i], starts[i], leaves[i].Current);
            if (!next.Type.SameShape(round.Type))
            {
                Report(syntax.Span, b => b.LoopChangesShape(leaves[i].Name, round.Type, next.Type));
                ok = false;
            }

            var result = new IrValue(leaves[i].Name, round.Type.With(range: Interval.All), syntax.Span) { IsNamed = true };
            result.MergedFrom.AddRange([initial, next]);
            round.MergedFrom.Add(next);
            carried.Add(new LoopCarried(initial, round, next, result));
            leaves[i].Current = ok ? result : initial;
        }

        if (!ok)
        {
            return;
        }

        StartsAtZero(syntax, index);
        var loop = new IrFor(index, block, [.. carried], syntax.Span);
        Block.Statements.Add(loop);
        rounds.Keep(rounds.StepsTo(carried.Select(c => c.Next)));
        Chart!.Add(new LoopStep(loop, rounds, [.. carried], [.. ValueSources.Outside(loop)]));
        foreach (Place leaf in leaves)
        {
            if (leaf.Of is { } of)
            {
                of.Merged = null;
            }
        }
    }

    // A loop of a model whose rounds are steps of data.
    private void ChartLoop(IrFor loop, BodyElaborator body)
    {
        ImmutableArray<LoopCarried> carried = [.. loop.Carried.Where(c => Chart is not null && Chart.Has(c.Initial) && body.Chart!.Has(c.Next) && ReferenceEquals(body.Chart.SourceOf(c.Next), c.Round))];
        body.Chart?.Keep(body.Chart.StepsTo(carried.Select(c => c.Next)));
        foreach (LoopCarried one in carried.Where(c => !ReferenceEquals(c.Next, c.Round)))
        {
            Chart!.Add(new LoopStep(loop, body.Chart!, [one], [.. ValueSources.Outside(loop)]));
        }
    }

    private static IEnumerable<NameSyntax> Rebinds(StatementSyntax statement) => statement switch
    {
        BindingSyntax binding => binding.Names.Where(n => !n.IsMissing),
        RebindingSyntax rebinding => [rebinding.Name],
        _ => [],
    };

    private static IEnumerable<Place> Leaves(Place place) => place.Split is { } split ? Leaves(split.First).Concat(Leaves(split.Second)) : [place];
}
