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
        IrFor loop => loop.Carried.Select(c => c.Initial).Concat(Outside(loop.Body)),
        IrRepeat repeat => Outside(repeat.Body),
        IrMinimize minimize => [minimize.Objective],
        IrReportStatement report => [report.Value],
        _ => [],
    };

    // A loop's body frees what it makes itself; what it reads from outside must outlive all rounds.
    private static IEnumerable<IrValue> Outside(IrBlock body) => body.Statements.SelectMany(Reads).Except(body.Statements.SelectMany(Made));

    private static IEnumerable<IrValue> Made(IrStatement statement) => statement switch
    {
        IrOpStatement { Op: { } op } => op.Outputs,
        IrFor loop => loop.Carried.Select(c => c.Result),
        _ => [],
    };
}
