using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>How often each value of a function is read, after what nothing reads has been left out.</summary>
internal sealed class Usage
{
    private readonly Dictionary<IrValue, int> _reads = [];

    /// <summary>Counts the reads of a body.</summary>
    /// <param name="block">The body.</param>
    /// <param name="results">What the function returns.</param>
    public Usage(IrBlock block, IEnumerable<IrValue> results)
    {
        foreach (IrValue result in results)
        {
            Read(result);
        }

        Count(block);
    }

    /// <summary>Number of reads.</summary>
    public int Reads(IrValue value) => _reads.TryGetValue(value, out int count) ? count : 0;

    /// <summary>True where an operation has to be written.</summary>
    public bool IsNeeded(IrOp op) => op.Outputs.Any(o => Reads(o) > 0);

    /// <summary>False for a sum over the rounds of a loop that nothing reads.</summary>
    public bool IsCarried(LoopCarried carried) => !carried.IsSum || Reads(carried.Result) > 0;

    // Backwards, so that a reader is known before what it reads is counted.
    private void Count(IrBlock block)
    {
        foreach (IrStatement statement in Enumerable.Reverse(block.Statements))
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op } when IsNeeded(op):
                    foreach (IrValue input in op.Inputs)
                    {
                        Read(input);
                    }

                    break;
                case IrFor loop:
                    foreach (LoopCarried carried in loop.Carried.Where(IsCarried))
                    {
                        Read(carried.Next);
                        if (!carried.IsSum)
                        {
                            Read(carried.Initial);
                        }
                    }

                    Count(loop.Body);
                    break;
                case { Inner: { } inner }:
                    Count(inner);
                    break;
                case IrMinimize minimize:
                    Read(minimize.Objective);
                    break;
                case IrReportStatement report:
                    Read(report.Value);
                    break;
                case IrWriteState write:
                    Read(write.Value);
                    break;
            }
        }
    }

    private void Read(IrValue value) => _reads[value] = Reads(value) + 1;
}
