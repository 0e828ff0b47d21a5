using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>
/// What of a step the pass before the first one runs: the calls of nets and models that start from data, in the order of the
/// text, with what they need; nothing moves, rounds run once. Nothing is differentiated, so what a <c>grad</c> leads to is left out.
/// </summary>
internal sealed class InitialBlock
{
    private readonly HashSet<IrValue> _missing = [];

    private InitialBlock()
    {
    }

    /// <summary>The statements; a report without a figure stands where a result is only computed.</summary>
    public static IrBlock Of(IrBlock step)
    {
        var block = new IrBlock();
        block.Statements.AddRange(new InitialBlock().Statements(step));
        return block;
    }

    /// <summary>True for a call of a whole net that starts from data; its parts start with it.</summary>
    public static bool Initialises(IrOp op) => op is InvokeOp { IsEvaluated: false, Module: { AverageOf: null, PartOf: null, IsGiven: false, Module.InitialisesFromData: true } }
        or ModelOp { CutsGradient: false, Module: { AverageOf: null, PartOf: null, IsGiven: false, Module.InitialisesFromData: true } };

    private IEnumerable<IrStatement> Statements(IrBlock block) => block.Statements.SelectMany(Of);

    private IEnumerable<IrStatement> Of(IrStatement statement)
    {
        switch (statement)
        {
            case IrOpStatement { Op: { } op } when op is GradOp || op.Inputs.Any(_missing.Contains):
                _missing.UnionWith(op.Outputs);
                break;
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
                var body = new IrBlock();
                _missing.UnionWith(loop.Carried.Where(c => _missing.Contains(c.Initial)).Select(c => c.Round));
                body.Statements.AddRange(Statements(loop.Body));
                if (loop.Carried.Any(c => _missing.Contains(c.Initial) || _missing.Contains(c.Next)))
                {
                    _missing.UnionWith(loop.Carried.Select(c => c.Result));
                    break;
                }

                yield return new IrFor(loop.Index, body, loop.Carried, loop.Span);
                break;
            case { Inner: { } inner }:
                foreach (IrStatement once in Statements(inner))
                {
                    yield return once;
                }

                break;
        }
    }
}
