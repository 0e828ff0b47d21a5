using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>For each statement of a block, the values that no later statement of the block reads.</summary>
internal sealed class LastUses
{
    private readonly IReadOnlyList<IrValue>[] _dead;

    public LastUses(IReadOnlyList<IrStatement> statements)
    {
        _dead = new IReadOnlyList<IrValue>[statements.Count];
        HashSet<IrValue> later = [];
        for (int i = statements.Count - 1; i >= 0; i--)
        {
            _dead[i] = [.. Reads(statements[i]).Distinct().Where(later.Add)];
        }
    }

    /// <summary>Values that die with a statement.</summary>
    public IReadOnlyList<IrValue> At(int statement) => _dead[statement];

    private static IEnumerable<IrValue> Reads(IrStatement statement) => statement switch
    {
        IrOpStatement { Op: { } op } => op.Inputs,
        IrFor loop => loop.Carried.Where(c => !c.IsSum).Select(c => c.Initial).Concat(Outside(loop.Body)).Concat(loop.Carried.Select(c => c.Next).Except(loop.Body.Statements.SelectMany(Made))),
        IrRepeat repeat => Outside(repeat.Body),
        IrMinimize minimize => [minimize.Objective],
        IrReportStatement report => [report.Value],
        _ => [],
    };

    /// <summary>What a loop's body reads from outside: it must outlive all rounds.</summary>
    public static IEnumerable<IrValue> Outside(IrBlock body) => body.Statements.SelectMany(Reads).Except(body.Statements.SelectMany(Made));

    /// <summary>The values that a statement makes.</summary>
    public static IEnumerable<IrValue> Made(IrStatement statement) => statement switch
    {
        IrOpStatement { Op: { } op } => op.Outputs,
        IrFor loop => loop.Carried.Select(c => c.Result),
        _ => [],
    };
}
