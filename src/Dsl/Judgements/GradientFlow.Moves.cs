using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements;

/// <summary>When nets move and when values are computed: no backward pass may read a weight that has moved since its forward pass.</summary>
public sealed partial class GradientFlow
{
    private readonly Dictionary<LearnedPlace, (int At, TextSpan Last)> _moves = [];
    private readonly Dictionary<IrOp, (int Now, int Before)> _computedAt = [];
    private readonly Dictionary<IrValue, Carrying> _rounds = [];
    private List<IrMinimize>? _pending;
    private int _time;

    /// <summary>The way from the start of a loop's round to the end of the round before.</summary>
    /// <param name="Inside">The operations of the loop: what they computed then is older than what they compute now.</param>
    private sealed record Carrying(HashSet<IrOp> Inside);

    private void Computed(IrOp op) => _computedAt[op] = (_time, _computedAt.TryGetValue(op, out (int Now, int Before) earlier) ? earlier.Now : _time);

    private void Loop(IrFor loop)
    {
        if (!loop.Body.Minimizes.Any())
        {
            Walk(loop.Body);
            return;
        }

        var carrying = new Carrying([.. loop.Body.All.OfType<IrOpStatement>().Select(s => s.Op)]);
        foreach (LoopCarried carried in loop.Carried)
        {
            _rounds[carried.Round] = carrying;
        }

        // The second round sees what the first has moved, and reads what it has left.
        foreach (IrOp op in carrying.Inside)
        {
            _computedAt.Remove(op);
        }

        Walk(loop.Body);
        Walk(loop.Body);
    }

    // Its statements move together at its end, in their order.
    private void Accumulate(IrRepeat rounds)
    {
        List<IrMinimize>? outer = _pending;
        List<IrMinimize> own = [];
        _pending = own;
        Walk(rounds.Body);
        if (rounds.Count.Constant is not 1)
        {
            Walk(rounds.Body);
        }

        _pending = null;
        foreach (IrMinimize minimize in own.Distinct())
        {
            Moved(minimize);
        }

        _pending = outer;
    }

    private void Moved(IrMinimize minimize)
    {
        if (_pending is not null)
        {
            _pending.Add(minimize);
            return;
        }

        _time++;
        foreach (LearnedPlace place in minimize.Targets.SelectMany(t => t.Places))
        {
            _moves[place] = (_time, minimize.Span);
        }
    }

    // From the start of a round to the end of the one before: what a round computed is a round older there.
    private Carrying? Through(IrValue value, IrValue source, Carrying? carrying) =>
        !_rounds.TryGetValue(value, out Carrying? round) ? carrying
        : ReferenceEquals(source, value.MergedFrom[0]) ? null
        : round;

    // What a backward pass reads are all weights that the value was computed with, those behind a 'stop' too.
    private void NotMovedSince(IrValue value, IrOp op, ModuleInstance module, TextSpan reader, Carrying? carrying)
    {
        if (!_computedAt.TryGetValue(op, out (int Now, int Before) times))
        {
            return;
        }

        int then = carrying is not null && carrying.Inside.Contains(op) ? times.Before : times.Now;
        (int At, TextSpan Last) last = _values.Places(value).Select(MoveOf).OrderBy(m => m.At).LastOrDefault();
        if (last.At > then)
        {
            int line = _source.Lines.PositionOf(last.Last.End).Line + 1;
            _report(reader, b => b.MovedSince(value.IsNamed ? $"'{value.Name}'" : $"a call of '{module.Name}'", module.Name, line));
        }
    }

    private (int At, TextSpan Last) MoveOf(LearnedPlace place) => _moves.TryGetValue(place, out (int At, TextSpan Last) move) ? move : (0, default);
}
