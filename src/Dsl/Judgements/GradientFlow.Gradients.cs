using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements;

/// <summary>Gradients as values: what they record, and whether what they run through can be differentiated twice.</summary>
public sealed partial class GradientFlow
{
    private readonly HashSet<GradOp> _seen = [];
    private readonly HashSet<GradOp> _twice = [];
    private readonly HashSet<IrValue> _none = [];

    private void Gradient(GradOp grad)
    {
        var path = new GradientPath(_gradients, grad.Of, grad.At);
        if (path.Values.Count == 0)
        {
            _none.UnionWith(grad.Outputs);
            if (_seen.Add(grad))
            {
                _report(grad.Span, b => b.GradientMisses(grad.At.Name));
            }

            return;
        }

        grad.At.IsDifferentiatedAt = true;
        foreach (IrValue value in path.Values.Where(v => !ReferenceEquals(v, grad.At)))
        {
            if (value.Producer is not { } op)
            {
                continue;
            }

            RecordedFor(op, grad, () => grad.KeepsGraph = true);
            if (op.Called is { } module)
            {
                NotMovedSince(value, op, module, grad.Span, null);
            }
        }

        if (_seen.Add(grad) && Steps(path.Values, grad.At, []).FirstOrDefault(s => s.Op.Operation.CouplesRows) is { Op: { } coupling } step)
        {
            _report(grad.Span, b => b.GradientOfCoupledRows(grad.At.Name, coupling.Operation.Name, step.Net));
        }
    }

    // True where a value is computed from a gradient that there is none of.
    private bool DependsOnNone(IrValue root)
    {
        var seen = new HashSet<IrValue> { root };
        var open = new Stack<IrValue>(seen);
        while (_none.Count > 0 && open.Count > 0)
        {
            IrValue value = open.Pop();
            if (_none.Contains(value))
            {
                return true;
            }

            foreach (IrValue source in _values.Sources(value).Where(seen.Add))
            {
                open.Push(source);
            }
        }

        return false;
    }

    // A minimize differentiates the gradient again.
    private void Twice(GradOp grad, IrMinimize minimize)
    {
        var path = new GradientPath(_gradients, grad.Of, grad.At);
        foreach (IrValue value in path.Values.Where(v => v.Producer is not null && !ReferenceEquals(v, grad.At)))
        {
            RecordedFor(value.Producer!, minimize, () => minimize.KeepsGraph = true);
        }

        if (_twice.Add(grad) && Steps(path.Values, grad.At, []).FirstOrDefault(s => s.Op.Operation.LacksSecondGradient) is { Op: { } lacking } step)
        {
            int line = _source.Lines.PositionOf(grad.Span.Start).Line + 1;
            bool isHere = step.Declared is null or { IsLibrary: false };
            _report(isHere ? lacking.Span : grad.Span, b => b.NoSecondGradient(lacking.Operation.Name, step.Net, line));
        }
    }

    // The operations on the way, with the net that they stand in: inside a net, what lies between the parameters that the way comes in by and the result it leaves by.
    private IEnumerable<(CatalogOp Op, string? Net, IrModule? Declared)> Steps(IEnumerable<IrValue> path, IrValue at, HashSet<(IrFunction, int, int)> seen, IrModule? around = null)
    {
        foreach (IrValue value in path.Where(v => !ReferenceEquals(v, at)))
        {
            if (value.Producer is CatalogOp op)
            {
                yield return (op, around?.DeclaredName, around);
            }
            else if (value.Producer is { Called: { } module } call && FunctionFlow.Called(call) is { } function)
            {
                IEnumerable<IrValue> on = path as ICollection<IrValue> ?? [.. path];
                for (int i = 0; i < function.Parameters.Length; i++)
                {
                    int result = call.Outputs.IndexOf(value);
                    if (!on.Contains(call.Inputs[i]) || !seen.Add((function, result, i)))
                    {
                        continue;
                    }

                    var inner = new GradientPath(_gradients, function.Results[result], function.Parameters[i]);
                    foreach ((CatalogOp, string?, IrModule?) step in Steps(inner.Values, function.Parameters[i], seen, module.Module))
                    {
                        yield return step;
                    }
                }
            }
        }
    }
}
