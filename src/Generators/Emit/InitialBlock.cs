using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>
/// What of a step the pass before the first one runs: the calls of nets and models that start from data, in the order of the
/// text, with what they need; nothing moves, rounds run once.
/// </summary>
internal static class InitialBlock
{
    /// <summary>The statements; a report without a figure stands where a result is only computed.</summary>
    public static IrBlock Of(IrBlock step)
    {
        var block = new IrBlock();
        block.Statements.AddRange(step.Statements.SelectMany(Of));
        return block;
    }

    private static IEnumerable<IrStatement> Of(IrStatement statement)
    {
        switch (statement)
        {
            case IrOpStatement { Op: { } op }:
                yield return statement;
                if (Initialises(op))
                {
                    foreach (IrValue output in op.Outputs)
                    {
                        yield return new IrReportStatement(null!, output, statement.Span);
                    }
                }

                break;
            case IrFor loop:
                yield return new IrFor(loop.Index, Of(loop.Body), loop.Carried, loop.Span);
                break;
            case IrRepeat repeat:
                foreach (IrStatement inner in Of(repeat.Body).Statements)
                {
                    yield return inner;
                }

                break;
        }
    }

    /// <summary>True for a call of a whole net that starts from data; its parts start with it.</summary>
    public static bool Initialises(IrOp op) => op is InvokeOp { Module: { AverageOf: null, PartOf: null, Module.InitialisesFromData: true } }
        or ModelOp { CutsGradient: false, Module: { AverageOf: null, PartOf: null, Module.InitialisesFromData: true } };
}
