using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>
/// Several draws for each sample. What depends on a draw has as many rows as there are draws; everything else is computed once, and its
/// rows are copied where the two meet.
/// </summary>
internal sealed class RowCopies
{
    private readonly IrBlock _body;
    private readonly Func<IrOp, bool> _draws;
    private readonly Rows _rows;
    private readonly OperationAttribute _count;
    private readonly HashSet<IrValue> _many = [];
    private readonly Dictionary<IrValue, IrValue> _copies = [];

    // The blocks around the statement in hand, outermost first, and where in each it stands.
    private readonly List<(IrBlock Block, HashSet<IrValue> Made, int At)> _open = [];

    private RowCopies(IrBlock body, Func<IrOp, bool> draws, Rows rows, OperationAttribute count) => (_body, _draws, _rows, _count) = (body, draws, rows, count);

    /// <summary>Rewrites a block.</summary>
    /// <param name="draws">The operations whose results have several rows for each sample of themselves.</param>
    /// <param name="rows">The rows of what depends on them.</param>
    /// <param name="count">How many for each sample, as the templates see it.</param>
    public static void Spread(IrBlock body, Func<IrOp, bool> draws, Rows rows, OperationAttribute count)
    {
        var copies = new RowCopies(body, draws, rows, count);
        while (copies.Find(body))
        {
            // What loops carry, and what is written into families, comes round.
        }

        copies.Rewrite(body, []);
        foreach (IrValue value in copies._many)
        {
            value.Type = value.Type with { Rows = rows };
        }
    }

    // True where another value was found that depends on a draw.
    private bool Find(IrBlock block)
    {
        bool found = false;
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op } when _draws(op) || op.Inputs.Any(IsMany):
                    foreach (IrValue output in op.Outputs.Where(o => o.Type.Rows is not null))
                    {
                        // All versions of a family are kept in one place.
                        found |= _many.Add(output) | _many.Add(output.Root);
                    }

                    break;
                case IrFor loop:
                    found |= Find(loop.Body);
                    foreach (LoopCarried carried in loop.Carried.Where(c => IsMany(c.Initial) || IsMany(c.Next) || IsMany(c.Result)))
                    {
                        found |= _many.Add(carried.Round) | _many.Add(carried.Result);
                    }

                    break;
            }
        }

        return found;
    }

    private bool IsMany(IrValue value) => _many.Contains(value) || _many.Contains(value.Root);

    private void Rewrite(IrBlock block, IEnumerable<IrValue> given)
    {
        var made = new HashSet<IrValue>(ValueSources.MadeIn(block).Concat(given));
        _open.Add((block, made, 0));
        int level = _open.Count - 1;
        for (; _open[level].At < block.Statements.Count; Step(level))
        {
            switch (block.Statements[_open[level].At])
            {
                case IrOpStatement { Op: { } op } when op.Outputs.Any(IsMany):
                    foreach (IrValue input in op.Inputs.Distinct().Where(NeedsCopy).ToList())
                    {
                        op.Replace(input, Copy(input));
                    }

                    break;
                case IrFor loop:
                    loop.Carried = [.. loop.Carried.Select(c => !IsMany(c.Result) ? c : Carry(c, c with { Initial = NeedsCopy(c.Initial) ? Copy(c.Initial) : c.Initial }))];
                    Rewrite(loop.Body, loop.Carried.Select(c => c.Round));
                    loop.Carried = [.. loop.Carried.Select(c => !IsMany(c.Result) || !NeedsCopy(c.Next) ? c : Carry(c, c with { Next = CopyAtEnd(loop.Body, c.Next) }))];
                    break;
            }
        }

        _open.RemoveAt(level);
    }

    private void Step(int level) => _open[level] = _open[level] with { At = _open[level].At + 1 };

    private bool NeedsCopy(IrValue value) => value.Type.Rows is not null && !IsMany(value);

    private static LoopCarried Carry(LoopCarried old, LoopCarried next)
    {
        foreach (IrValue value in new[] { old.Round, old.Result })
        {
            value.MergedFrom.Clear();
            value.MergedFrom.AddRange([next.Initial, next.Next]);
        }

        return next;
    }

    // In the innermost block that knows the value, right before it is wanted first.
    private IrValue Copy(IrValue value)
    {
        if (_copies.TryGetValue(value, out IrValue? known))
        {
            return known;
        }

        int level = Math.Max(_open.FindLastIndex(o => o.Made.Contains(value)), 0);
        (IrBlock block, _, int at) = _open[level];
        IrValue copy = Write(value, out IrStatement statement);
        block.Statements.Insert(at, statement);
        Step(level);
        return _copies[value] = copy;
    }

    private IrValue CopyAtEnd(IrBlock block, IrValue value)
    {
        IrValue copy = Write(value, out IrStatement statement);
        block.Statements.Add(statement);
        return copy;
    }

    private IrValue Write(IrValue value, out IrStatement statement)
    {
        var copy = new IrValue(value.Name, value.Type with { Rows = _rows }, value.Span) { IsNamed = value.IsNamed };
        var op = new CatalogOp(BoundEntries.Copies, null, [("x", value)], BoundEntries.AttributesOfCopies(_count, value.Type), Access.Pointwise, [copy], value.Span);
        copy.Producer = op;
        _many.Add(copy);
        statement = new IrOpStatement(op);
        return copy;
    }
}
