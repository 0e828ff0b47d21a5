using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>
/// Writes the inverse of steps: from the last versions back to the first. A version that needs nothing of itself is
/// recovered at once; versions that need their own past are recovered position by position.
/// </summary>
/// <param name="chart">The steps.</param>
/// <param name="graph">What needs what; every cycle lies in the past.</param>
/// <param name="cloner">Knows the last versions and the conditions; learns the others.</param>
internal sealed class Inversion(Chart chart, NeedGraph graph, OpCloner cloner)
{
    // By the versions of two masked parts, the whole as far as it is recovered: what is undone of a part changes nothing at the sites of the other.
    private readonly Dictionary<IrValue, Joint> _joints = [];

    /// <summary>The number of passes that come one after the other.</summary>
    public Dim Passes { get; private set; } = Dim.Zero;

    /// <summary>Recovers all versions.</summary>
    /// <param name="onLast">Makes a last version known that is not; null where all are.</param>
    /// <param name="isOver">Stops early.</param>
    public void Run(Action<IrValue>? onLast = null, Func<bool>? isOver = null)
    {
        foreach (ImmutableArray<IrValue> component in graph.Components)
        {
            if (isOver?.Invoke() == true)
            {
                return;
            }

            if (component.All(cloner.Knows))
            {
                continue;
            }

            if (graph.IsCycle(component))
            {
                Positions(component);
            }
            else if (graph.ConsumerOf(component[0]) is { } step)
            {
                Undo(step);
            }
            else
            {
                onLast!(component[0]);
            }
        }
    }

    private void Undo(ChartStep step)
    {
        switch (step)
        {
            case UpdateStep update:
                cloner.Map(update.Old, Undone(update, cloner.Get(update.New), cloner));
                UndoJoint(update);
                break;
            case BijectionStep bijection:
                cloner.Map(bijection.Old, Undone(bijection, cloner.Get(bijection.New), cloner));
                break;
            case FlowStep flow:
                Undo(flow);
                break;
            case SplitStep split:
                cloner.Map(split.Whole, Merged(split));
                break;
            case MergeStep merge:
                Undo(merge);
                break;
            case LoopStep loop:
                Undo(loop);
                break;
            default:
                throw new InvalidOperationException(step.GetType().Name);
        }
    }

    private IrValue Undone(ChartStep step, IrValue result, OpCloner where)
    {
        if (step is UpdateStep update)
        {
            // The reciprocal of exp(-a).
            if (update is { Operator: "*", Operand.Tensor.Producer: CatalogOp { Operation.Name: "exp", Inputs: [{ Producer: CatalogOp { Operation.Name: "neg" } negative }] } })
            {
                return Renamed(where.Target.Combine("*", new TensorValue(result), new TensorValue(where.Target.Exponential(where.Get(negative.Inputs[0]), update.Span)), update.Span), update.Old);
            }

            string inverse = update.Operator switch { "+" => "-", "-" => "+", "*" => "/", _ => "*" };
            Value operand = update.Operand.Tensor is { } tensor ? new TensorValue(where.Get(tensor)) : update.Operand.AsValue();
            return Renamed(where.Target.Combine(inverse, new TensorValue(result), operand, update.Span), update.Old);
        }

        var bijection = (BijectionStep)step;
        CatalogOp op = bijection.Op;
        IrValue recovered = where.Twin(bijection.Old);
        var undone = new CatalogOp(
            FlowEntries.InverseOf(op.Operation), op.Layer, [(op.Bindings[0].Parameter, result), .. op.Bindings.Skip(1).Where(b => op.Operation != FlowEntries.Dequantize).Select(b => (b.Parameter, where.Get(b.Value)))],
            op.Attributes, op.Access, [recovered], op.Span);
        where.Target.Emit(undone);
        where.Target.Step(undone);
        return recovered;
    }

    private static IrValue Renamed(Value value, IrValue like)
    {
        IrValue tensor = ((TensorValue)value).Tensor;
        if (!tensor.IsNamed)
        {
            (tensor.Name, tensor.IsNamed) = (like.Name, like.IsNamed);
        }

        return tensor;
    }

    private void UndoJoint(UpdateStep update)
    {
        if (_joints.TryGetValue(update.New, out Joint? joint))
        {
            joint.Whole = update.IsNeutral && joint.Whole is { } whole ? Undone(update, whole, cloner) : null;
            _joints[update.Old] = joint;
        }
    }

    private void Undo(FlowStep step)
    {
        IrValue old = cloner.Twin(step.Old);
        var logDet = new IrValue("log_det", Opposite(cloner.TypeOf(step.Op.Outputs[1].Type)), step.Span);
        var undone = new InvokeOp(step.Op.Module, [cloner.Get(step.New), .. step.Op.Inputs.Skip(1).Select(cloner.Get)], [old, logDet], step.Span) { IsInverse = !step.Op.IsInverse };
        cloner.Target.Emit(undone);
        cloner.Target.Transformed(undone);
        cloner.Map(step.Old, old);

        // The log-determinant of a way is minus that of the way back.
        cloner.Map(step.Op.Outputs[1], ((TensorValue)cloner.Target.Combine("-", new HostValueHolder(HostValue.Float(0.0)), new TensorValue(logDet), step.Span)).Tensor);
    }

    private static TensorType Opposite(TensorType type) => type.With(range: -type.Range);

    private void Undo(MergeStep step)
    {
        IrValue whole = cloner.Get(step.Whole);
        if (step.Masks is { } masks)
        {
            foreach ((IrValue part, IrValue mask) in new[] { (step.First, masks.First), (step.Second, masks.Second) })
            {
                cloner.Map(part, ((TensorValue)cloner.Target.Combine("*", new TensorValue(whole), new TensorValue(cloner.Get(mask)), step.Span)).Tensor);
            }

            _joints[step.First] = _joints[step.Second] = new Joint(whole);

            return;
        }

        (IrValue first, IrValue second) = cloner.Target.Halves(whole, step.First.Name, step.Second.Name, step.Span);
        cloner.Map(step.First, first);
        cloner.Map(step.Second, second);
    }

    private IrValue Merged(SplitStep step)
    {
        if (_joints.TryGetValue(step.First, out Joint? joint) && _joints.TryGetValue(step.Second, out Joint? other) && joint == other && joint.Whole is { } recovered && !ReferenceEquals(recovered, joint.Given))
        {
            (recovered.Name, recovered.IsNamed) = (step.Whole.Name, step.Whole.IsNamed);
            return recovered;
        }

        (IrValue first, IrValue second) = (cloner.Get(step.First), cloner.Get(step.Second));
        IrValue whole = step.Masks is null
            ? cloner.Target.Joined(first, second, step.Span)
            : ((TensorValue)cloner.Target.Combine("+", new TensorValue(first), new TensorValue(second), step.Span)).Tensor;
        if (step.Masks is null)
        {
            (whole.Name, whole.IsNamed) = (step.Whole.Name, step.Whole.IsNamed);
        }

        return whole;
    }

    // The rounds from the last to the first, each undone.
    private void Undo(LoopStep step)
    {
        IrFor loop = step.Loop;
        HashSet<IrValue> own = ValueSources.MadeIn(loop);
        var block = new IrBlock();
        OpCloner inner = cloner.Inside(cloner.Target.Inner(block, new Scope(null), loop.Index), own.Contains);
        List<(LoopCarried Old, IrValue Initial, IrValue Round)> starts = [];
        foreach (LoopCarried carried in step.Carried)
        {
            var round = new IrValue(carried.Round.Name, cloner.TypeOf(carried.Round.Type), carried.Round.Span) { IsNamed = true };
            starts.Add((carried, cloner.Get(carried.Result), round));
            inner.Map(carried.Next, round);
        }

        ImmutableArray<ChartStep> steps = step.Rounds.StepsTo(step.Carried.Select(c => c.Next));
        var rounds = new Inversion(step.Rounds, new NeedGraph(step.Rounds, steps), inner);
        rounds.Run();
        if (rounds.Passes.Value != 0)
        {
            Passes += rounds.Passes * (loop.Index.To - loop.Index.From);
        }

        var all = new List<LoopCarried>();
        foreach ((LoopCarried old, IrValue initial, IrValue round) in starts)
        {
            IrValue next = inner.Get(old.Round);
            IrValue result = cloner.Twin(old.Initial);
            round.MergedFrom.AddRange([initial, next]);
            result.MergedFrom.AddRange([initial, next]);
            all.Add(new LoopCarried(initial, round, next, result));
            cloner.Map(old.Initial, result);
        }

        var undone = new IrFor(loop.Index, block, [.. all], loop.Span) { IsBackwards = !loop.IsBackwards };
        if (step is { RoundLogDet: { } term, LogDet.Tensor: { } total })
        {
            // Summed up as it comes, the sign is changed once.
            IrValue each = inner.Get(term);
            bool isNegative = each.Producer is CatalogOp { Operation.Name: "neg" };
            (undone, LoopCarried sum) = LogDets.Accumulate(cloner.Target, inner.Target, undone, isNegative ? each.Producer!.Inputs[0] : each, all[0].Initial, step.Span);
            cloner.Target.Block.Statements.Add(undone);
            Value here = new TensorValue(sum.Result);
            cloner.Map(total, isNegative ? ((TensorValue)cloner.Target.Combine("-", new HostValueHolder(HostValue.Float(0.0)), here, step.Span)).Tensor : sum.Result);
            return;
        }

        cloner.Target.Block.Statements.Add(undone);
    }

    // One pass a position: each takes over what only earlier positions went into.
    private void Positions(ImmutableArray<IrValue> component)
    {
        HashSet<IrValue> members = [.. component];
        ImmutableArray<IrValue> order = graph.InOrder(component);
        List<Need> inside = [.. component.SelectMany(graph.NeedsOf).Where(n => members.Contains(n.Version))];
        HashSet<IrValue> estimated = [.. inside.Where(n => n is { IsOperand: true, Reach: Reach.Past }).Select(n => n.Version)];
        HashSet<IrValue> carriedVersions = [.. estimated, .. component.Where(chart.Sources.Contains), .. graph.Components.Where(c => !c.Equals(component)).SelectMany(c => c).SelectMany(graph.NeedsOf).Select(n => n.Version).Where(members.Contains)];
        TensorType type = component[0].Type;
        DrawOrder positions = DrawOrder.Of(type.Shape, channelsAreEvent: false);
        bool withChannels = positions.HasChannels && inside.Any(n => n is { IsOperand: true, Reach: Reach.Past, IsPastBySites: false });
        Dim count = Dim.Product(type.Shape.Length == 1 || withChannels ? type.Shape : type.Shape.RemoveAt(0));
        TextSpan span = graph.ConsumerOf(order[0])!.Span;
        var index = new LoopIndex(new DimVariable("position", DimVariableKind.Index, 0), Dim.Zero, count);
        Passes += count;

        // What no position changes is computed once, before.
        var dependent = new Dictionary<IrValue, bool>();
        bool IsDependent(IrValue value) => dependent.TryGetValue(value, out bool known) ? known
            : dependent[value] = members.Contains(value) || (!chart.Has(value) && (value.Producer is { } op && !ValueSources.OnlyAsksForRows(op) ? op.Inputs : []).Concat(value.MergedFrom).Any(IsDependent));
        var block = new IrBlock();
        OpCloner inner = cloner.Inside(cloner.Target.Inner(block, new Scope(null), index), IsDependent);
        IrValue like = cloner.Get(LastOf(order[0], members));
        List<(IrValue Version, IrValue Initial, IrValue Round)> starts = [];
        foreach (IrValue version in carriedVersions)
        {
            IrValue zeros = LogDets.Number(cloner.Target, like, like.Type.Rows, HostValue.Float(0.0), span, version.Type.Shape);
            var round = new IrValue(version.Name, cloner.TypeOf(version.Type).With(range: Ranges.Interval.All), span) { IsNamed = true };
            starts.Add((version, zeros, round));
            if (estimated.Contains(version))
            {
                inner.Map(version, round);
            }
        }

        // Of a version that one step reads at its own place and another only in the past, each gets what it may read.
        bool isMixed = inside.Exists(n => n is { IsOperand: true, Reach: Reach.Own } && estimated.Contains(n.Version));
        var fresh = new Dictionary<IrValue, IrValue>();
        OpCloner ReaderOf(ChartStep step)
        {
            if (!isMixed)
            {
                return inner;
            }

            OpCloner own = cloner.Inside(inner.Target, IsDependent);
            foreach (Need need in inside.Where(n => n.IsOperand && ReferenceEquals(n.Step, step)))
            {
                own.Map(need.Version, need.Reach == Reach.Past ? starts.Find(s => ReferenceEquals(s.Version, need.Version)).Round : fresh[need.Version]);
            }

            return own;
        }

        foreach (IrValue version in order)
        {
            ChartStep step = graph.ConsumerOf(version)!;
            IrValue Behind(IrValue made) => fresh.TryGetValue(made, out IrValue? here) ? here : cloner.Get(made);
            fresh[version] = step switch
            {
                UpdateStep or BijectionStep => Undone(step, Behind(step.To[0]), ReaderOf(step)),
                SplitStep { Masks: not null } split => Combined("+", Behind(split.First), Behind(split.Second)),
                MergeStep { Masks: { } masks } merge => Combined("*", Behind(merge.Whole), cloner.Get(ReferenceEquals(version, merge.First) ? masks.First : masks.Second)),
                _ => throw new InvalidOperationException(step.GetType().Name),
            };
            IrValue Combined(string op, IrValue left, IrValue right) => ((TensorValue)inner.Target.Combine(op, new TensorValue(left), new TensorValue(right), step.Span)).Tensor;
            if (!estimated.Contains(version))
            {
                inner.Map(version, fresh[version]);
            }
        }

        Func<IrValue, IrValue, IrValue> taken = type.Shape.Length == 1 ? TakenNumber(inner.Target, index, span) : TakenPlaces(inner.Target, index, like, starts[0].Round, withChannels, span);
        var carried = new List<LoopCarried>();
        foreach ((IrValue version, IrValue initial, IrValue round) in starts)
        {
            IrValue next = taken(round, fresh[version]);
            var result = new IrValue(version.Name, cloner.TypeOf(version.Type), span) { IsNamed = true };
            round.MergedFrom.AddRange([initial, next]);
            result.MergedFrom.Add(next);
            carried.Add(new LoopCarried(initial, round, next, result));
            cloner.Map(version, result);
        }

        cloner.Target.Block.Statements.Add(new IrFor(index, block, [.. carried], span));
    }

    // What a round makes of an estimate: the places of its position are taken over from what was computed at all.
    private Func<IrValue, IrValue, IrValue> TakenPlaces(BodyElaborator target, LoopIndex index, IrValue like, IrValue round, bool withChannels, TextSpan span)
    {
        var positions = new IrValue("positions", new TensorType(Element.Truth, 2, null, [(Dim.Product(like.Type.Shape) * 2) - 1], Ranges.Interval.Unit), span) { IsNamed = true };
        cloner.Target.Emit(new CatalogOp(FlowEntries.Positions, null, [("x", like)], ImmutableDictionary<string, OperationAttribute>.Empty, new NothingAccess(), [positions], span));
        var here = new IrValue("here", new TensorType(Element.Truth, 2, null, like.Type.Shape, Ranges.Interval.Unit), span) { IsNamed = true };
        target.Emit(new CatalogOp(
            FlowEntries.PositionMask, null, [("x", round), ("positions", positions)],
            new Dictionary<string, OperationAttribute> { ["position"] = new SizeAttribute(Dim.Of(index.Variable)), ["channels"] = new CodeAttribute(withChannels ? "true" : "false") }, new NothingAccess(), [here], span));
        return (estimate, computed) =>
        {
            var next = new IrValue(estimate.Name, estimate.Type, span) { IsNamed = true };
            target.Emit(new CatalogOp(FlowEntries.TakePosition, null, [("x", estimate), ("computed", computed), ("here", here)], ImmutableDictionary<string, OperationAttribute>.Empty, Access.Pointwise, [next], span));
            return next;
        };
    }

    // The same of vectors: what is computed number by number is computed at the position alone.
    private static Func<IrValue, IrValue, IrValue> TakenNumber(BodyElaborator target, LoopIndex index, TextSpan span)
    {
        var number = new NumberAtPosition(target, Dim.Of(index.Variable), span);
        return (estimate, computed) =>
        {
            var next = new IrValue(estimate.Name, estimate.Type, span) { IsNamed = true };
            var attributes = new Dictionary<string, OperationAttribute> { ["position"] = new SizeAttribute(Dim.Of(index.Variable)) };
            target.Emit(new CatalogOp(FlowEntries.PutPosition, null, [("x", estimate), ("computed", number.Of(computed))], attributes, Access.Everything, [next], span));
            return next;
        };
    }

    // The version behind the last step of a component.
    private IrValue LastOf(IrValue version, HashSet<IrValue> members)
    {
        while (members.Contains(version))
        {
            version = graph.ConsumerOf(version)!.To[0];
        }

        return version;
    }

    private sealed class Joint(IrValue given)
    {
        public IrValue Given { get; } = given;

        /// <summary>Null behind a step that is not neutral.</summary>
        public IrValue? Whole { get; set; } = given;
    }
}
