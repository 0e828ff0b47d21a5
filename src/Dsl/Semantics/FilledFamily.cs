using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>A family that a loop writes into, with the indices as they depend on that of the loop: i + c, or c - i.</summary>
internal sealed class FilledFamily(Family family, LoopIndex loop, ImmutableArray<Dim> indices)
{
    private IrValue? _initial;
    private IrValue? _round;
    private ImmutableArray<IndexRange> _before = [];

    public Family Family { get; } = family;

    /// <summary>A round begins: what earlier rounds wrote is there.</summary>
    public void Enter(TextSpan span)
    {
        (_initial, _before) = (Family.Current, Family.Written);
        _round = Family.Next(span);
        _round.MergedFrom.Add(_initial);
        Family.GoOn(_round, Family.Merged(_before.Concat(Ranges(Dim.Of(loop.Variable)))));
    }

    /// <summary>The loop is over: what all rounds wrote is there.</summary>
    public LoopCarried Leave(TextSpan span, bool isSure)
    {
        IrValue next = Family.Current;
        _round!.MergedFrom.Add(next);
        IrValue result = Family.Next(span);
        result.MergedFrom.AddRange(isSure ? [next] : [_initial!, next]);
        Family.GoOn(result, Family.Merged(_before.Concat(Ranges(loop.To))));
        return new LoopCarried(_initial!, _round, next, result);
    }

    /// <summary>Adds what all rounds write.</summary>
    public void Extend() => Family.GoOn(Family.Current, Family.Merged(Family.Written.Where(r => !r.From.Variables.Contains(loop.Variable)).Concat(Ranges(loop.To))));

    // What the rounds before one wrote.
    private IEnumerable<IndexRange> Ranges(Dim round)
    {
        foreach (Dim index in indices)
        {
            Dim i = Dim.Of(loop.Variable);
            switch (IndexProof.Slope(index, loop))
            {
                case 1:
                    yield return new IndexRange(loop.From + (index - i), round + (index - i));
                    break;
                case -1:
                    yield return new IndexRange(index + i - round + 1, index + i - loop.From + 1);
                    break;
            }
        }
    }
}
