using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Sources that a plan makes of others: <c>collect pseudo = unlabeled { v = u, q = softmax(T(u)) } where max(q) > 0.3</c>.</summary>
internal sealed partial class TrainerElaborator
{
    // True where rows could not be collected: what reads them is silent.
    private bool _lacksRows;

    private void Collect(CollectSyntax syntax)
    {
        if (!syntax.Name.IsMissing)
        {
            CheckEnd("collect " + syntax.Name.Text);
        }

        // Whatever is wrong with it, its names are known.
        HashSet<string> taken = [.. _scope.Own.Select(b => b.Name).Concat(_trainer.AllSources.Select(s => s.Name))];
        foreach (NameSyntax name in syntax.Columns.Select(c => c.Name).Append(syntax.Name).Where(n => !n.IsMissing && !taken.Contains(n.Text)))
        {
            _scope.Set(name.Text, ErrorValue.Instance, name.Span, isParameter: true);
        }

        int before = _file.Diagnostics.ErrorCount;
        if (Collected(syntax, taken) is not { } collected || _file.Diagnostics.ErrorCount > before)
        {
            _lacksRows = true;
            return;
        }

        _trainer.Collected.Add(collected);
        _scope.Set(collected.Name, new SourceValue(collected.Name, [.. collected.Columns.Select(c => c.Name)]), syntax.Name.Span, isParameter: true);
        Plan(AtOnce("collect_" + collected.Name, syntax.Doc, syntax.Span) with { Collected = collected });
    }

    // Null where something failed, reported here or elsewhere.
    private IrSource? Collected(CollectSyntax syntax, HashSet<string> taken)
    {
        if (!syntax.Name.IsMissing && taken.Contains(syntax.Name.Text))
        {
            _body.Report(syntax.Name.Span, b => b.Duplicate(syntax.Name.Text, "something else in this trainer"));
        }

        IrSource? given = syntax.Source.IsMissing ? null : Source(syntax.Source);
        if (given is { Collect: not null })
        {
            _body.Report(syntax.Source.Span, b => b.CannotCollect($"'{given.Name}' was collected itself"));
            given = null;
        }

        if (given is null || syntax.Name.IsMissing)
        {
            return null;
        }

        // Nets run as in an evaluation: over the whole source, graph-free.
        IrSource from = Whole(given);
        var block = new IrBlock();
        var scope = new Scope(_scope) { IsObserver = true };
        foreach (IrColumn column in from.Columns)
        {
            scope.Set(column.Name, new TensorValue(column.Batch), syntax.Span, isParameter: true);
        }

        BodyElaborator body = _body.Inner(block, scope, drawRows: from.Rows, kind: BodyKind.Observer, isUnsure: MayBeLeftOut);
        body.SiteStem = "collect " + syntax.Name.Text;
        List<(CollectedColumnSyntax Syntax, IrValue Value)> columns = Columns(body, syntax, from, taken);
        IrValue? condition = syntax.Where is { } where ? RowByRow(body, where, "A condition", from) : null;
        if (condition is { Type.Shape.Length: > 0 })
        {
            _body.Report(syntax.Where!.Span, b => b.WrongKind("A condition", "one comparison per row, such as 'max(q) > 0.3'", new TensorValue(condition).Description));
        }

        (IrValue, HostValue)? balance = syntax.Balance is { } balanced ? Balance(body, balanced, from) : null;
        foreach (IrColumn column in from.Columns.Where(c => scope.Find(c.Name) is { IsRead: true }))
        {
            _scope.Find(column.Name)!.IsRead = true;
        }

        if (syntax.Columns.IsEmpty && !_file.Diagnostics.HasErrorIn(syntax.Span))
        {
            _body.Report(syntax.Name.Span, b => b.CannotCollect("there are no columns"));
        }

        if (CoupledRows(block, null) is { } coupled)
        {
            _body.Report(syntax.Name.Span, b => b.CannotCollect($"'{coupled}' looks at several rows, and would see those of a batch alone"));
        }

        if (Unborn(block) is { } net)
        {
            _body.Report(syntax.Name.Span, b => b.CannotCollect($"'{net.Name}' takes its first weights from data, in the first phase that calls it, and there is none before"));
        }

        return columns.Count == 0 ? null : Bind(syntax, from, given, block, columns, condition, balance);
    }

    private List<(CollectedColumnSyntax Syntax, IrValue Value)> Columns(BodyElaborator body, CollectSyntax syntax, IrSource from, HashSet<string> taken)
    {
        List<(CollectedColumnSyntax Syntax, IrValue Value)> columns = [];
        HashSet<string> own = [];
        foreach (CollectedColumnSyntax column in syntax.Columns.Where(c => !c.Name.IsMissing))
        {
            IrValue? value = RowByRow(body, column.Value, "A collected column", from);
            if (taken.Contains(column.Name.Text) || !own.Add(column.Name.Text) || column.Name.Text == syntax.Name.Text)
            {
                _body.Report(column.Name.Span, b => b.Duplicate(column.Name.Text, "something else in this trainer"));
                continue;
            }

            body.Scope.Set(column.Name.Text, value is null ? ErrorValue.Instance : new TensorValue(value), column.Name.Span, isParameter: true);
            if (value is not null)
            {
                columns.Add((column, value));
            }
        }

        return columns;
    }

    // Columns of the source are read from it by the numbers of the rows; the others are kept. Two names for one value are one column.
    private IrSource Bind(
        CollectSyntax syntax, IrSource from, IrSource given, IrBlock block, List<(CollectedColumnSyntax Syntax, IrValue Value)> named, IrValue? condition, (IrValue, HostValue)? balance)
    {
        var rows = new Rows(syntax.Name.Text, given.Rows.Count);
        int NumberOf(IrValue value) => from.Columns.TakeWhile(c => c.Batch != value).Count();
        List<(CollectedColumnSyntax Syntax, IrValue Value)> columns = [.. named.GroupBy(c => c.Value).Select(g => g.First())];
        List<(CollectedColumnSyntax Syntax, IrValue Value)> kept = [.. columns.Where(c => NumberOf(c.Value) < from.Columns.Length)];
        List<(CollectedColumnSyntax Syntax, IrValue Value)> computed = [.. columns.Except(kept)];
        Dictionary<IrValue, IrColumn> made = kept.Concat(computed).ToDictionary(c => c.Value, c => new IrColumn(
            c.Syntax.Name.Text,
            NumberOf(c.Value) is var number && number < from.Columns.Length ? from.Columns[number].Space : null,
            new IrValue(c.Syntax.Name.Text, c.Value.Type with { Rows = rows, Across = null, Numbers = null }, c.Syntax.Name.Span) { IsNamed = true }));
        foreach ((CollectedColumnSyntax column, IrValue value) in named)
        {
            _scope.Set(column.Name.Text, new TensorValue(made[value].Batch), column.Name.Span);
        }

        ImmutableArray<IrColumn> all = [.. kept.Concat(computed).Select(c => made[c.Value])];
        if (Hidden(all) is { } hidden)
        {
            _body.Report(syntax.Name.Span, b => b.CannotCollect($"the size '{hidden.Size.Name}' of the data is not to be told from '{hidden.Column.Name}', {hidden.Column.Batch.Type.ShapeText}: keep a column that shows it, such as '{from.Columns[0].Name}'"));
        }

        var collect = new IrCollect(from, block, [.. kept.Select(c => NumberOf(c.Value))], [.. computed.Select(c => c.Value)], condition, balance, _planLoops);
        return new IrSource(syntax.Name.Text, all, syntax.Doc, syntax.Name.Span) { Taken = given.Taken, Collect = collect };
    }

    // A size of the data that no axis of a column tells: 'h' of [h * w].
    private static (DimVariable Size, IrColumn Column)? Hidden(ImmutableArray<IrColumn> columns)
    {
        HashSet<string> told = [];
        for (int before = -1; before < told.Count;)
        {
            before = told.Count;
            foreach (Dim dim in columns.SelectMany(c => c.Batch.Type.Shape))
            {
                if (Free(dim).Where(v => !told.Contains(v.Name)).ToList() is [{ } only] && FixedSizes.IsSolvable(dim, only))
                {
                    told.Add(only.Name);
                }
            }
        }

        foreach (IrColumn column in columns)
        {
            if (column.Batch.Type.Shape.SelectMany(Free).FirstOrDefault(v => !told.Contains(v.Name)) is { } size)
            {
                return (size, column);
            }
        }

        return null;
    }

    private static IEnumerable<DimVariable> Free(Dim dim) => dim.Variables.Where(v => v.Kind == DimVariableKind.Free && v.Name != Rows.AtHand.AsVariable!.Name);

    // A net that starts from data and has not been started: only phases start nets.
    private ModuleInstance? Unborn(IrBlock block)
    {
        static IEnumerable<ModuleInstance> Called(IrBlock of) => of.All.OfType<IrOpStatement>().Select(s => s.Op.Called).OfType<ModuleInstance>().Select(n => n.Root.AverageOf ?? n.Root);
        HashSet<ModuleInstance> born = [.. _trainer.Phases.SelectMany(p => Called(p.Step))];
        return Called(block).FirstOrDefault(n => n is { IsGiven: false, Module.InitialisesFromData: true } && !born.Contains(n));
    }

    // A value for each row of the source, of that row alone; null, reported, for anything else.
    private IrValue? RowByRow(BodyElaborator body, ExpressionSyntax syntax, string what, IrSource from)
    {
        if (body.Tensor(syntax, what) is not { } value)
        {
            return null;
        }

        if (value.Type is { Rows: { } rows, Members: null } && Rows.AreSame(rows, from.Rows))
        {
            return value;
        }

        _body.Report(syntax.Span, b => b.CannotCollect($"this is {new TensorValue(value).Description}, with {(value.Type.Rows is { } other ? $"the rows of {other}" : "no rows")}"));
        return null;
    }

    private (IrValue Key, HostValue Count)? Balance(BodyElaborator body, BalanceSyntax syntax, IrSource from)
    {
        IrValue? key = RowByRow(body, syntax.Key, "What is balanced", from);
        if (key is { Type: not { IsDiscrete: true, Shape.Length: 0 } })
        {
            _body.Report(syntax.Key.Span, b => b.CannotBalance(new TensorValue(key).Description));
            key = null;
        }

        Value count = body.Evaluate(syntax.Count);
        if (count is HostValueHolder { Host.Size: { } of } && Free(of).FirstOrDefault() is { } ofData)
        {
            _body.Report(syntax.Count.Span, b => b.WrongKind("The number of rows of each class", "an integer that is known before there are data", $"'{ofData.Name}', a size of the data"));
            return null;
        }

        if (count is HostValueHolder { Host: { Size: { LowerBound: >= 1 } } number })
        {
            return key is null ? null : (key, number);
        }

        if (count is HostValueHolder { Host.Size: { } size })
        {
            body.AtLeast(size, 1, "The number of rows of each class", null, syntax.Count.Span);
        }
        else if (count is not ErrorValue)
        {
            _body.Report(syntax.Count.Span, b => b.WrongKind("The number of rows of each class", "an integer", count.Description));
        }

        return null;
    }
}
