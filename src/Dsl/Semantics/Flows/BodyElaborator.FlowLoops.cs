using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Loops of flows.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary><c>for</c> in a flow: it carries the data, and nothing else.</summary>
    private void FlowLoop(ForSyntax syntax)
    {
        if (IndexOf(syntax) is not { } index)
        {
            return;
        }

        List<Place> leaves = [.. Leaves(Data!)];
        List<IrValue> before = [.. leaves.Select(l => l.Current)];
        Scope inner = ScopeOf(syntax, index, Scope);
        var block = new IrBlock();
        BodyElaborator body = Inner(block, inner, index);
        var rounds = new Chart(block);
        (body.Chart, body.Data) = (rounds, Data);
        List<IrValue> starts = [];
        foreach (Place leaf in leaves)
        {
            TensorType type = leaf.Current.Type.Element == Element.Real ? leaf.Current.Type.With(range: Interval.All) : leaf.Current.Type;
            var round = new IrValue(leaf.Name, type, syntax.Span) { IsNamed = true };
            round.MergedFrom.Add(leaf.Current);
            rounds.Begin(round);
            starts.Add(round);
            leaf.Current = round;
        }

        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            foreach (NameSyntax name in Rebinds(statement).Where(n => Scope.Find(n.Text) is { Value: not PlaceValue and not ErrorValue } && !inner.Has(n.Text)))
            {
                body.Report(name.Span, b => b.LoopCarriesOnlyData(name.Text, Data!.Name));
            }

            if (!body.RunShared(statement))
            {
                body.Report(statement.Span, b => b.NotAllowedHere(Describe(statement), "a 'for' loop"));
            }
        }

        UnusedNames.Report(body);
        foreach (Place leaf in leaves)
        {
            body.Collapse(leaf);
        }

        var carried = new List<LoopCarried>();
        bool ok = true;
        for (int i = 0; i < leaves.Count; i++)
        {
            (IrValue initial, IrValue round, IrValue next) = (before[i], starts[i], leaves[i].Current);
            if (!next.Type.SameShape(round.Type))
            {
                Report(syntax.Span, b => b.LoopChangesShape(leaves[i].Name, round.Type, next.Type));
                ok = false;
            }

            var result = new IrValue(leaves[i].Name, round.Type.With(range: Interval.All), syntax.Span) { IsNamed = true };
            result.MergedFrom.AddRange([initial, next]);
            round.MergedFrom.Add(next);
            carried.Add(new LoopCarried(initial, round, next, result));
            leaves[i].Current = ok ? result : initial;
        }

        if (!ok)
        {
            return;
        }

        StartsAtZero(syntax, index);
        var loop = new IrFor(index, block, [.. carried], syntax.Span);
        Block.Statements.Add(loop);
        rounds.Keep(rounds.StepsTo(carried.Select(c => c.Next)));
        Chart!.Add(new LoopStep(loop, rounds, [.. carried], [.. ValueSources.Outside(loop)]));
        foreach (Place leaf in leaves)
        {
            if (leaf.Of is { } of)
            {
                of.Merged = null;
            }
        }
    }

    private static IEnumerable<NameSyntax> Rebinds(StatementSyntax statement) => statement switch
    {
        BindingSyntax binding => binding.Names.Where(n => !n.IsMissing),
        RebindingSyntax rebinding => [rebinding.Name],
        _ => [],
    };

    private static IEnumerable<Place> Leaves(Place place) => place.Split is { } split ? Leaves(split.First).Concat(Leaves(split.Second)) : [place];
}
