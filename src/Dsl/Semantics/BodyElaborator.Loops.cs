using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary><c>for</c> loops. A name that a round binds again is carried from round to round.</summary>
internal sealed partial class BodyElaborator
{
    // Set while a body is read only to learn a type: what it says is kept here instead of being reported.
    private List<GenDiagnostic>? _trial;

    /// <summary>True while a body is read only to learn from it.</summary>
    public bool IsTrial => _trial is not null;

    private void Loop(ForSyntax syntax)
    {
        if (IndexOf(syntax) is not { } index)
        {
            return;
        }

        (Dim from, Dim to) = (index.From, index.To);
        List<string> rebound = [.. Rebound(syntax.Body).Distinct().Where(n => Scope.Find(n) is not null)];
        foreach (string name in rebound)
        {
            Scope.Binding outer = Scope.Find(name)!;
            outer.IsRead = true;
            if (outer.Value is not (TensorValue or HostValueHolder { Host.Kind: HostKind.Int or HostKind.Float } or ErrorValue))
            {
                Report(syntax.Span, b => b.RebindsConstant(name));
                Scope.Set(name, ErrorValue.Instance, syntax.Span);
                return;
            }
        }

        List<string> numbers = [.. rebound.Where(n => Scope.Find(n) is { Value: HostValueHolder })];
        List<FilledFamily> families = [];
        if (_trial is null && (numbers.Count > 0 || Fills(syntax.Body)))
        {
            if (Start(syntax, index, rebound, numbers) is not { } started)
            {
                return;
            }

            families = started;
        }

        families.ForEach(f => f.Enter(syntax.Span));
        var block = new IrBlock();
        int errors = _file.Diagnostics.ErrorCount;
        (List<(string Name, IrValue Initial, IrValue Round)> rounds, BodyElaborator body) = Round(syntax, index, rebound, block, null);
        UnusedNames.Report(body);
        bool isSure = index.IsSure;
        var carried = new List<LoopCarried>();
        foreach ((string name, IrValue initial, IrValue round) in rounds)
        {
            if (Carried(syntax, block, body, name, initial, round, isSure) is { } entry)
            {
                carried.Add(entry);
            }
        }

        foreach (FilledFamily filled in families)
        {
            Family family = filled.Family;
            if (_file.Diagnostics.ErrorCount > errors)
            {
                SpoilAll(family, syntax.Span);
            }
            else if (!IndexProof.IsNotNegative(to - from, Loops))
            {
                Report(syntax.Span, b => b.FamilyIndexNegative(family.Name, to - from, IndexProof.Least(to - from, Loops)));
                SpoilAll(family, syntax.Span);
            }
            else
            {
                carried.Add(filled.Leave(syntax.Span, isSure));
            }
        }

        StartsAtZero(syntax, index);
        var statement = new IrFor(index, block, [.. carried], syntax.Span);
        Block.Statements.Add(statement);
        ChartLoop(statement, body);
        if (_trial is not null)
        {
            // In a trial, a number that stays one through a round is still that number.
            numbers.ForEach(n => Scope.Set(n, body.Scope.Find(n)!.Value, syntax.Span));
            foreach (Family family in Families())
            {
                new FilledFamily(family, index, [.. family.Log.Where(l => l.Depth == Loops.Length + 1 && IndexProof.Slope(l.Index, index) is 1 or -1).Select(l => l.Index)]).Extend();
            }
        }
    }

    /// <summary>The index of a loop and its ends; null, reported, where they are none.</summary>
    public LoopIndex? IndexOf(ForSyntax syntax)
    {
        if (Bound(syntax.From) is not { } from || Bound(syntax.To) is not { } to)
        {
            return null;
        }

        if (Loops.Any(l => l.Variable.Name == syntax.Index.Text))
        {
            Report(syntax.Index.Span, b => b.Duplicate(syntax.Index.Text, "the index of a loop around this one"));
            return null;
        }

        return new LoopIndex(new DimVariable(syntax.Index.Text, DimVariableKind.Index, from.Value ?? 0) { Below = to }, from, to);
    }

    private static Scope ScopeOf(ForSyntax syntax, LoopIndex index, Scope around)
    {
        var inner = new Scope(around);
        inner.Set(syntax.Index.Text, new HostValueHolder(HostValue.Of(Dim.Of(index.Variable))), syntax.Index.Span, isParameter: true);
        return inner;
    }

    // What a loop constructs is kept by its index.
    private void StartsAtZero(ForSyntax syntax, LoopIndex index)
    {
        if (_trial is null && index.From.LowerBound is not >= 0 && (_construction.Owner.Layers.Exists(l => l.Loops.Contains(index)) || _construction.Owner.Children.Exists(c => c.Loops.Contains(index))))
        {
            AtLeast(index.From, 0, "The first index of a loop that constructs layers or nets", null, syntax.From.Span);
        }
    }

    private IEnumerable<Family> Families() => Scope.Values.OfType<FamilyValue>().Select(f => f.Family).Distinct();

    private void SpoilAll(Family family, TextSpan span)
    {
        foreach (string name in Scope.Names.Where(n => Scope.Find(n)!.Value is FamilyValue f && f.Family == family).ToList())
        {
            Scope.Set(name, ErrorValue.Instance, span, isParameter: true);
        }
    }

    // What a round makes of a name that lives through the rounds; null, reported, where it cannot.
    private LoopCarried? Carried(ForSyntax syntax, IrBlock block, BodyElaborator body, string name, IrValue initial, IrValue round, bool isSure)
    {
        if (body.Scope.Find(name)!.Value is not TensorValue { Tensor: { } next })
        {
            Scope.Set(name, ErrorValue.Instance, syntax.Span);
            return null;
        }

        if (!next.Type.SameShape(round.Type) || next.Type.Element != round.Type.Element || !Rows.Agree(next.Type.Rows, round.Type.Rows))
        {
            Report(syntax.Span, b => b.LoopChangesShape(name, round.Type, next.Type));
            Scope.Set(name, ErrorValue.Instance, syntax.Span);
            return null;
        }

        var result = new IrValue(name, round.Type.With(range: initial.Type.Range.Join(next.Type.Range)), syntax.Span) { IsNamed = true };

        // Where a round is sure to come, what was there before it is not the result.
        result.MergedFrom.AddRange(isSure ? [next] : [initial, next]);
        round.MergedFrom.Add(next);
        var entry = new LoopCarried(initial, round, next, result);
        bool isSum = isSure && Accumulators.IsZero(initial) && Accumulators.IsSum(block, entry);
        if (!isSum && initial.Producer is CatalogOp { Inputs.Length: 0 } start && start.Operation == AccumulatorEntries.Fill)
        {
            Report(syntax.Span, b => b.NotSupportedYet($"The number that '{name}' starts from, before any tensor is in sight,", "Bind the name to a tensor, such as a 'param', before the loop."));
        }

        // The rounds read it, whether or not what follows does.
        Scope.Set(name, new TensorValue(result), syntax.Span);
        Scope.Find(name)!.IsRead = true;
        return entry with { IsSum = isSum };
    }

    /// <summary>Elaborates a round; what is carried into it as a tensor stands for the values of all rounds.</summary>
    /// <param name="trial">Where a trial keeps what it has to say; null for the real reading.</param>
    private (List<(string Name, IrValue Initial, IrValue Round)> Rounds, BodyElaborator Body) Round(
        ForSyntax syntax, LoopIndex index, List<string> rebound, IrBlock block, List<GenDiagnostic>? trial)
    {
        Scope inner = ScopeOf(syntax, index, Scope);
        var rounds = new List<(string Name, IrValue Initial, IrValue Round)>();
        foreach (string name in rebound)
        {
            Scope.Binding outer = Scope.Find(name)!;
            Value value = outer.Value;
            if (value is TensorValue { Tensor: { } initial })
            {
                // What a round may do to the range is not known before it is elaborated.
                TensorType type = initial.Type.Element == Element.Real ? initial.Type.With(range: Interval.All) : initial.Type;
                var round = new IrValue(name, type, syntax.Span) { IsNamed = true };
                round.MergedFrom.Add(initial);
                rounds.Add((name, initial, round));
                value = new TensorValue(round);
            }

            inner.Set(name, value, outer.Span, isParameter: true);
        }

        BodyElaborator body = Inner(block, inner, index);
        body._trial = trial ?? _trial;
        body._sites = trial is null ? body._sites : [.. body._sites];
        if (Chart is { } around)
        {
            body.Chart = new Judgements.Flows.Chart(block);
            rounds.Where(r => around.Has(r.Initial)).ToList().ForEach(r => body.Chart.Begin(r.Round));
        }

        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            if (Other?.Invoke(body, statement) != true && !body.RunShared(statement))
            {
                body.Report(statement.Span, b => b.NotAllowedHere(Describe(statement), "a 'for' loop"));
            }
        }

        // The next round reads it.
        foreach (string name in rebound)
        {
            inner.Find(name)!.IsRead = true;
        }

        return (rounds, body);
    }

    /// <summary>
    /// Reads a round to learn from it: the types of the accumulators that start from a number, and what is written into
    /// families. Null where that fails, which is reported.
    /// </summary>
    private List<FilledFamily>? Start(ForSyntax syntax, LoopIndex index, List<string> rebound, List<string> numbers)
    {
        List<GenDiagnostic> said = [];
        HashSet<Family> known = [.. Families()];
        List<System.Action> restore = [.. known.Select(f => f.Keep())];
        BodyElaborator first = Round(syntax, index, rebound, new IrBlock(), said).Body;
        List<Family> begun = [.. Families().Where(f => !known.Contains(f))];
        if (said.Exists(d => d.Severity == Severity.Error))
        {
            said.ForEach(_file.Diagnostics.Add);
            rebound.ForEach(n => Scope.Set(n, ErrorValue.Instance, syntax.Span, isParameter: true));
            restore.ForEach(r => r());
            begun.ForEach(f => SpoilAll(f, syntax.Span));
            return null;
        }

        List<(Family Family, ImmutableArray<Dim> Indices)> filled = [.. known.Concat(begun).Where(f => f.Log.Count > 0).Select(f => (f, f.Log.Select(l => l.Index).ToImmutableArray()))];
        restore.ForEach(r => r());
        if (!numbers.All(n => StartNumber(n, first.Scope.Find(n)!.Value, syntax.Span)))
        {
            rebound.ForEach(n => Scope.Set(n, ErrorValue.Instance, syntax.Span, isParameter: true));
            return null;
        }

        return [.. filled.Select(f => new FilledFamily(known.Contains(f.Family) ? f.Family : Begin(f.Family.Name, f.Family.Member, f.Family.Span), index, f.Indices))];
    }

    private bool StartNumber(string name, Value made, TextSpan span)
    {
        if (made is TensorValue { Tensor.Type: { Element: Element.Real } type })
        {
            Scope.Set(name, new TensorValue(Filled(name, ((HostValueHolder)Scope.Find(name)!.Value).Host, type, span)), span, isParameter: true);
            return true;
        }

        if (made is not ErrorValue)
        {
            Report(span, b => b.RebindsConstant(name));
        }

        Scope.Set(name, ErrorValue.Instance, span);
        return false;
    }

    // A tensor of a type, all of one number, made like one that is there: on its device, with its rows. Not like another
    // accumulator, which may have no tensor yet.
    private IrValue Filled(string name, HostValue number, TensorType type, TextSpan span)
    {
        IrValue? like = Scope.Values.OfType<TensorValue>().Select(v => v.Tensor)
            .Where(t => (Equals(t.Type.Rows, type.Rows) || type.Rows is null) && !Accumulators.StartsFromNumber(t))
            .OrderBy(t => t.Type.Element == Element.Real ? 0 : 1).FirstOrDefault();
        var filled = new IrValue(name, type.With(range: number.Range), span) { IsNamed = true };
        return Fill(filled, number, like, span);
    }

    /// <summary>Writes a tensor all of one number.</summary>
    /// <param name="like">Whose device and rows it has; null where there is none.</param>
    public IrValue Fill(IrValue filled, HostValue number, IrValue? like, TextSpan span)
    {
        TensorType type = filled.Type;
        var attributes = new Dictionary<string, OperationAttribute>
        {
            ["shape"] = new SizesAttribute(type.Rows is null ? type.Shape : [-1, .. type.Shape]),
            ["value"] = new NumberAttribute(number),
        };
        Emit(new CatalogOp(AccumulatorEntries.Fill, null, like is null ? [] : [("like", like)], attributes, new NothingAccess(), [filled], span));
        return filled;
    }

    private Dim? Bound(ExpressionSyntax syntax)
    {
        Value value = Evaluate(syntax);
        if (value is HostValueHolder { Host.Size: { } size })
        {
            return size;
        }

        if (value is not ErrorValue)
        {
            Report(syntax.Span, b => b.WrongKind("The bound of a loop", "an integer", value.Description));
        }

        return null;
    }

    private static IEnumerable<string> Rebound(BlockSyntax block) => block.Statements.SelectMany(s => s switch
    {
        BindingSyntax binding => binding.Names.Select(n => n.Text),
        RebindingSyntax rebinding => [rebinding.Name.Text],
        ForSyntax loop => Rebound(loop.Body),
        _ => [],
    });

    private static bool Fills(BlockSyntax block) => block.Statements.Any(s => s is ElementBindingSyntax || (s is ForSyntax loop && Fills(loop.Body)));
}
