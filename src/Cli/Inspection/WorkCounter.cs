using System;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Cli.Inspection;

/// <summary>Adds up what one step computes, per row of a batch, by walking its statements.</summary>
internal sealed class WorkCounter
{
    /// <summary>A backward pass costs twice its forward pass.</summary>
    private const int Recorded = 3;

    /// <summary>Multiplications and additions of a row.</summary>
    public double Operations { get; private set; }

    /// <summary>Numbers of a row that operations write, the gradients of recorded ones included.</summary>
    public double Written { get; private set; }

    /// <summary>Numbers of a row that are kept for a backward pass.</summary>
    public double Kept { get; private set; }

    /// <summary>Calls of the tensor library, whatever their size.</summary>
    public double Calls { get; private set; }

    public void Count(IrBlock block, SizeScope scope, bool isRecorded = false)
    {
        foreach (var statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement op:
                    Count(op.Op, scope, isRecorded || op.Op.IsRecorded);
                    break;
                case IrFor loop:
                    foreach (var round in scope.Rounds([loop.Index]))
                    {
                        Count(loop.Body, round, isRecorded);
                    }

                    break;
                case IrRepeat repeat:
                    for (var i = scope.Of(repeat.Count.Size) ?? 1; i > 0; i--)
                    {
                        Count(repeat.Body, scope, isRecorded);
                    }

                    break;
                case IrEvery every:
                    // A share of each step.
                    var inner = new WorkCounter();
                    inner.Count(every.Body, scope, isRecorded);
                    var share = 1.0 / (scope.Of(every.Count.Size) ?? 1);
                    Add(inner, share, share);
                    break;
            }
        }
    }

    private void Count(IrOp op, SizeScope scope, bool isRecorded)
    {
        switch (op)
        {
            case InvokeOp { Function: { } forward } call:
                Count(forward.Body, scope.Inside(call.Module, forward, call.Inputs), isRecorded);
                break;
            case ModelOp { Function: { } function } call:
                Count(call, function, scope, isRecorded);
                break;
            case CatalogOp or DrawOp:
                var factor = isRecorded ? Recorded : 1;
                var written = op.Outputs.Sum(output => output.Type.Rows is null ? 0.0 : scope.Product(output.Type.Shape) ?? 0);
                Calls += factor;
                Operations += factor * (op is CatalogOp entry ? OperationsOf(entry, scope) : 0);
                if (op is not CatalogOp { Operation.IsView: true })
                {
                    Written += factor * written;
                    Kept += isRecorded ? written : 0;
                }

                break;
        }
    }

    // The rows of several draws for each sample are counted as so many: what is computed once for all is little beside them.
    private void Count(ModelOp call, IrFunction function, SizeScope scope, bool isRecorded)
    {
        var inner = new WorkCounter();
        inner.Count(function.Body, scope.Inside(call.Module, function, call.Inputs), isRecorded);
        double times = call.Count is { } count ? scope.Of(count.Size) ?? 1 : 1;
        Add(inner, times, calls: 1);
    }

    private void Add(WorkCounter inner, double times, double calls)
    {
        Operations += times * inner.Operations;
        Written += times * inner.Written;
        Kept += times * inner.Kept;
        Calls += calls * inner.Calls;
    }

    /// <summary>Each number of a kernel takes part once at every position: of the output, or of the input where that is the smaller side.</summary>
    private static double OperationsOf(CatalogOp op, SizeScope scope)
    {
        var kernel = op.Layer?.Weights.Where(weight => weight.Role == WeightRole.Kernel).Sum(weight => scope.Product(weight.Shape) ?? 0.0) ?? 0;
        if (kernel == 0)
        {
            return 0;
        }

        // Of a normalised layer, the layer itself multiplies.
        var name = op.Operation.Name;
        if (name[0] == '~')
        {
            return 0;
        }

        var isConvolution = name.Contains("conv", StringComparison.Ordinal);
        var side = name.Contains("transpose", StringComparison.Ordinal) ? op.Inputs[0] : op.Outputs[0];
        var shape = side.Type.Shape;
        var positions = isConvolution ? shape.Skip(1) : shape.Take(shape.Length - 1);
        return 2 * kernel * (scope.Product(positions) ?? 1);
    }
}
