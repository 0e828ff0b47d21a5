using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>
/// The horizons of all values of a body, from its first statement to its last: nets are followed into their bodies, loops
/// to what no further round adds to.
/// </summary>
internal sealed class HorizonAnalysis
{
    private readonly DrawOrder _order;
    private readonly Dictionary<IrValue, Horizon> _given;
    private readonly Dictionary<string, ImmutableArray<Horizon>> _calls = new(StringComparer.Ordinal);
    private readonly LoopHorizon _loops;

    private HorizonAnalysis(DrawOrder order, IReadOnlyDictionary<IrValue, Horizon> given)
    {
        (_order, _given) = (order, []);
        foreach (KeyValuePair<IrValue, Horizon> value in given)
        {
            _given[value.Key] = value.Value;
        }

        _loops = new LoopHorizon(Walk);
    }

    /// <summary>Judges a body.</summary>
    /// <param name="order">The order of the root.</param>
    /// <param name="block">The statements.</param>
    /// <param name="given">What is known from the start: the root, what it is a chart of, values that are roots of their own. Others know nothing of it.</param>
    /// <param name="frame">The sizes.</param>
    public static IReadOnlyDictionary<IrValue, Horizon> Of(DrawOrder order, IrBlock block, IReadOnlyDictionary<IrValue, Horizon> given, SizeFrame frame)
    {
        var analysis = new HorizonAnalysis(order, given);
        var values = new Dictionary<IrValue, Horizon>(analysis._given);
        analysis.Walk(block, values, frame);
        return values;
    }

    private void Walk(IrBlock block, Dictionary<IrValue, Horizon> values, SizeFrame frame)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    ImmutableArray<Horizon> results = Results(op, [.. op.Inputs.Select(i => values.TryGetValue(i, out Horizon? known) ? known : Horizon.None(_order))], frame);
                    for (int i = 0; i < results.Length; i++)
                    {
                        if (!_given.ContainsKey(op.Outputs[i]))
                        {
                            values[op.Outputs[i]] = results[i];
                        }
                    }

                    break;
                case IrFor loop:
                    _loops.Walk(loop, values, frame, _order);
                    break;
            }
        }
    }

    private ImmutableArray<Horizon> Results(IrOp op, ImmutableArray<Horizon> inputs, SizeFrame frame)
    {
        if (inputs.All(i => i.IsNone))
        {
            return [.. op.Outputs.Select(_ => Horizon.None(_order))];
        }

        switch (op)
        {
            case CatalogOp call:
                AccessTransfer transfer = TransferOf(call, frame);
                return [.. op.Outputs.Select((_, i) => Stepped(call, transfer.Of(inputs, i), frame))];
            case InvokeOp { Function: { } forward } invoke:
                return Called(invoke, forward, inputs, frame);
            case DrawOp:
                // A draw from probabilities knows what they know.
                return [Stepped(op, new AccessTransfer(Access.Pointwise, [.. op.Inputs.Select(i => frame.Of(i.Type.Shape))], [frame.Of(op.Outputs[0].Type.Shape)]).Of(inputs, 0), frame)];
            case FamilyWriteOp:
                // One horizon for all parts of a family.
                return [Horizon.Join(inputs[0], inputs[1], frame.Of(op.Outputs[0].Type.Shape))];
            case FamilyReadOp or FamilySliceOp:
                return [inputs[0]];
            default:
                // Whatever has no case may read everything: a query of a model, a broken net, an operation yet unknown.
                Horizon all = inputs.First(i => !i.IsNone).Full();
                return [.. op.Outputs.Select(_ => Stepped(op, all, frame))];
        }
    }

    /// <summary>The transfer of an operation with its sizes in those of the judged model.</summary>
    public static AccessTransfer TransferOf(CatalogOp call, SizeFrame frame) =>
        new(Sized(call.Access, frame), [.. call.Inputs.Select(i => frame.Of(i.Type.Shape))], [.. call.Outputs.Select(o => frame.Of(o.Type.Shape))])
        {
            InputClasses = call.Inputs.FirstOrDefault()?.Type.Classes is { } classes ? frame.Of(classes) : null,
        };

    private static Access Sized(Access access, SizeFrame frame) => access switch
    {
        TapsAccess taps => taps with
        {
            Axes = [.. taps.Axes.Select(a => new AxisTaps(frame.Of(a.Stride), a.IsTransposed, frame.Of(a.Kernel), frame.Of(a.Dilation), frame.Of(a.Before)))],
            Mask = taps.Mask is { } mask ? mask with { Classes = frame.Of(mask.Classes) } : null,
        },
        ClassesAccess classes => classes with { Order = frame.Of(classes.Order) },
        _ => access,
    };

    // What only moves numbers, or changes each by itself, is no step of the way unless the lead changes.
    private static Horizon Stepped(IrOp op, Horizon horizon, SizeFrame frame)
    {
        bool isQuiet = op is CatalogOp { Access: PointwiseAccess or RearrangeAccess } or DrawOp;
        return horizon.Map(c => isQuiet && (c.Last?.After ?? Lead.Zero(horizon.Order.Axes)).Equals(c.Lead)
            ? c
            : c with { Last = new HorizonStep(op, frame.Calls, c.Lead, c.Last) });
    }

    private ImmutableArray<Horizon> Called(InvokeOp invoke, IrFunction forward, ImmutableArray<Horizon> inputs, SizeFrame frame)
    {
        SizeFrame inside = frame.Inside(invoke, forward);
        string key = $"{string.Join("/", inside.Calls.Select(c => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(c)))}|{inside.Key}|{string.Join("|", inputs.Select(KeyOf))}";
        if (_calls.TryGetValue(key, out ImmutableArray<Horizon> known))
        {
            return known;
        }

        var values = new Dictionary<IrValue, Horizon>();
        for (int i = 0; i < inputs.Length; i++)
        {
            values[forward.Parameters[i]] = inputs[i];
        }

        Walk(forward.Body, values, inside);
        ImmutableArray<Horizon> results = [.. forward.Results.Select(r => values.TryGetValue(r, out Horizon? known) ? known : Horizon.None(_order))];
        return _calls[key] = results;
    }

    private static string KeyOf(Horizon horizon) => $"{horizon.Order} {string.Join(" or ", horizon.Candidates.Select(c => c.Lead.ToString()))} {string.Join(",", horizon.Carriers)}";
}
