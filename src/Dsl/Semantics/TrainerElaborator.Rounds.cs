using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What runs several times in a step, or not in each, and the batches that it takes.</summary>
internal sealed partial class TrainerElaborator
{
    private int _repeats;

    private void Repeat(BodyElaborator body, RepeatSyntax syntax)
    {
        Value count = body.Evaluate(syntax.Count);
        if (count is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host })
        {
            if (count is not ErrorValue)
            {
                body.Report(syntax.Count.Span, b => b.WrongKind("The number of rounds", "a number", count.Description));
            }

            return;
        }

        if (host.Constant is { } rounds && (rounds < 1 || rounds != Math.Floor(rounds)))
        {
            body.Report(syntax.Count.Span, b => rounds < 1
                ? b.BelowMinimum("The number of rounds", "1", count.Description)
                : b.WrongKind("The number of rounds", "an integer", count.Description));
            return;
        }

        IrBlock block = Block(body, syntax.Body, isUnsure: host.Range.Low < 1);
        string index = _repeats++ == 0 ? "round" : "round" + _repeats.ToString(CultureInfo.InvariantCulture);
        body.Block.Statements.Add(new IrRepeat(host, index, [.. Pulls(block)], block, syntax.Span) { Accumulates = syntax.Accumulates });
    }

    private void Every(BodyElaborator body, EverySyntax syntax)
    {
        Value count = body.Evaluate(syntax.Count);
        const string What = "The number of steps behind 'every'";
        if (count is not HostValueHolder { Host: { Size: { } size } host })
        {
            if (count is not ErrorValue)
            {
                body.Report(syntax.Count.Span, b => b.WrongKind(What, "an integer", count.Description));
            }
        }
        else if (body.AtLeast(size, 1, What, null, syntax.Count.Span))
        {
            IrBlock block = Block(body, syntax.Body);
            body.Block.Statements.Add(new IrEvery(host, block, syntax.Span));
        }
    }

    private IrBlock Block(BodyElaborator body, BlockSyntax syntax, bool isUnsure = false)
    {
        var block = new IrBlock();
        BodyElaborator inner = body.Inner(block, new Scope(body.Scope), isUnsure: isUnsure);
        foreach (StatementSyntax statement in syntax.Statements)
        {
            Statement(inner, statement, isTop: false);
        }

        UnusedNames.Report(inner);
        return block;
    }

    // A scope pulls a batch of the sources that its own text mentions. What is read in 'every' alone is pulled there.
    private IReadOnlyList<IrSource> Pulls(IrBlock scope)
    {
        List<IrSource> pulled = [.. PulledBy(scope)];
        PullsOfEvery(scope, pulled);
        return pulled;
    }

    private void PullsOfEvery(IrBlock block, IReadOnlyCollection<IrSource> around)
    {
        foreach (IrStatement statement in block.Statements)
        {
            if (statement is IrEvery every)
            {
                every.Pulls = [.. PulledBy(every.Body).Except(around)];
                PullsOfEvery(every.Body, [.. around, .. every.Pulls]);
            }
            else if (statement is IrFor loop)
            {
                PullsOfEvery(loop.Body, around);
            }
        }
    }

    private IEnumerable<IrSource> PulledBy(IrBlock block)
    {
        HashSet<IrValue> read = [.. Reads(block)];
        List<IrSource> pulled = [.. _trainer.AllSources.Where(s => s.Columns.Any(c => read.Contains(c.Batch)))];

        // A size that no data of these have is read off other data.
        HashSet<string> wanted = [.. SizeReads.Of(block).SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free).Select(v => v.Name)];
        wanted.ExceptWith(pulled.SelectMany(SizesOf));
        return _trainer.AllSources.Where(s => pulled.Contains(s) || SizesOf(s).Any(wanted.Contains));
    }

    // A size that it alone has is read.
    private bool IsMeasured(IrSource source) => SizesOf(source).Except(_trainer.Sources.Where(s => s != source).SelectMany(SizesOf)).Any(IsRead);

    private static IEnumerable<string> SizesOf(IrSource source) => source.Columns.SelectMany(c => c.Batch.Type.Shape).SelectMany(d => d.Variables).Select(v => v.Name);

    private static IEnumerable<IrValue> Reads(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement op => op.Op.Inputs,
        IrFor loop => Reads(loop.Body).Concat(loop.Carried.Select(c => c.Initial)),
        IrMinimize minimize => [minimize.Objective],
        IrReportStatement report => [report.Value],
        IrWriteState write => [write.Value],
        _ => Enumerable.Empty<IrValue>(),
    });
}
