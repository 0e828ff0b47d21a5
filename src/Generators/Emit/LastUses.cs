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
            _dead[i] = [.. Reads(statements[i]).SelectMany(Kept).Distinct().Where(later.Add)];
        }
    }

    /// <summary>Values that die with a statement.</summary>
    public IReadOnlyList<IrValue> At(int statement) => _dead[statement];

    // What must be there for a value to be read: of a family all versions are in one place, and a part that is read by
    // index stays in it.
    private static IEnumerable<IrValue> Kept(IrValue value) =>
        value.Type.Members is not null ? [value.Root]
        : value.Producer is FamilyReadOp read ? [value, read.Inputs[0].Root]
        : [value];

    private static IEnumerable<IrValue> Reads(IrStatement statement) => statement switch
    {
        IrOpStatement { Op: { } op } => op.Inputs,
        IrFor loop => loop.Carried.Where(c => !c.IsSum).Select(c => c.Initial).Concat(Outside(loop.Body)).Concat(loop.Carried.Select(c => c.Next).Except(loop.Body.Statements.SelectMany(Made))),
        { Inner: { } inner } => Outside(inner),
        IrMinimize minimize => [minimize.Objective],
        IrReportStatement report => [report.Value],
        IrWriteState write => [write.Value],
        _ => [],
    };

    /// <summary>What a loop's body reads from outside: it must outlive all rounds.</summary>
    public static IEnumerable<IrValue> Outside(IrBlock body) => body.Statements.SelectMany(Reads).SelectMany(Kept).Except(body.Statements.SelectMany(Made));

    /// <summary>The values that a statement makes.</summary>
    public static IEnumerable<IrValue> Made(IrStatement statement) => statement switch
    {
        IrOpStatement { Op: { } op } => op.Outputs,
        IrFor loop => loop.Carried.Select(c => c.Result),
        _ => [],
    };
}
