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
    private void Collect(CollectSyntax syntax)
    {
        if (syntax.Name.IsMissing || syntax.Source.IsMissing)
        {
            return;
        }

        string name = syntax.Name.Text;
        CheckEnd("collect " + name);
        if (_scope.Has(name) || _trainer.AllSources.Any(s => s.Name == name))
        {
            _body.Report(syntax.Name.Span, b => b.Duplicate(name, "something else in this trainer"));
            return;
        }

        // Whatever is wrong with it, its name is known.
        _scope.Set(name, ErrorValue.Instance, syntax.Name.Span, isParameter: true);
        int before = _file.Diagnostics.ErrorCount;
        IrSource? from = Source(syntax.Source);
        if (from is { Collect: not null })
        {
            _body.Report(syntax.Source.Span, b => b.CannotCollect($"'{from.Name}' was collected itself"));
            from = null;
        }

        // Nets run as in an evaluation: over the whole source, graph-free.
        Rows? taken = from?.Rows;
        from = from is null ? null : Whole(from);
        var block = new IrBlock();
        var scope = new Scope(_scope) { IsObserver = true };
        foreach (IrColumn column in from?.Columns ?? [])
        {
            scope.Set(column.Name, new TensorValue(column.Batch), syntax.Span, isParameter: true);
        }

        BodyElaborator body = _body.Inner(block, scope, drawRows: from?.Rows, kind: BodyKind.Observer);
        body.SiteStem = "collect " + name;
        List<(CollectedColumnSyntax Syntax, IrValue Value)> columns = [];
        foreach (CollectedColumnSyntax column in syntax.Columns.Where(c => !c.Name.IsMissing))
        {
            bool isTaken = _scope.Has(column.Name.Text) || scope.Has(column.Name.Text);
            if (isTaken)
            {
                _body.Report(column.Name.Span, b => b.Duplicate(column.Name.Text, "something else in this trainer"));
            }

            if (from is not null && RowByRow(body, column.Value, "A collected column", from) is { } value && !isTaken)
            {
                columns.Add((column, value));
                scope.Set(column.Name.Text, new TensorValue(value), column.Name.Span, isParameter: true);
            }
            else if (!isTaken)
            {
                scope.Set(column.Name.Text, ErrorValue.Instance, column.Name.Span, isParameter: true);
                _scope.Set(column.Name.Text, ErrorValue.Instance, column.Name.Span, isParameter: true);
            }
        }

        if (from is not null && syntax.Columns.IsEmpty && !_file.Diagnostics.HasErrorIn(syntax.Span))
        {
            _body.Report(syntax.Name.Span, b => b.CannotCollect("there are no columns"));
        }

        IrValue? condition = syntax.Where is { } where && from is not null ? RowByRow(body, where, "A condition", from) : null;
        if (condition is { Type.Shape.Length: > 0 })
        {
            _body.Report(syntax.Where!.Span, b => b.WrongKind("A condition", "one comparison per row, such as 'max(q) > 0.3'", new TensorValue(condition).Description));
        }

        (IrValue, HostValue)? balance = syntax.Balance is { } balanced && from is not null ? Balance(body, balanced, from) : null;
        foreach (IrColumn column in from?.Columns.Where(c => scope.Find(c.Name) is { IsRead: true }) ?? [])
        {
            _scope.Find(column.Name)!.IsRead = true;
        }

        // Without a column there was an error elsewhere.
        if (from is null || columns.Count == 0 || _file.Diagnostics.ErrorCount > before)
        {
            foreach ((CollectedColumnSyntax column, _) in columns)
            {
                _scope.Set(column.Name.Text, ErrorValue.Instance, column.Name.Span, isParameter: true);
            }

            return;
        }

        if (CoupledRows(block, null) is { } coupled)
        {
            _body.Report(syntax.Name.Span, b => b.CannotCollect($"'{coupled}' looks at several rows, and would see those of a batch alone"));
        }

        Bind(syntax, from, taken!.Count!, block, columns, condition, balance);
    }

    // Columns of the source are read from it by the numbers of the rows; the others are kept.
    private void Bind(CollectSyntax syntax, IrSource from, Dim taken, IrBlock block, List<(CollectedColumnSyntax Syntax, IrValue Value)> columns, IrValue? condition, (IrValue, HostValue)? balance)
    {
        var rows = new Rows(syntax.Name.Text, taken);
        int NumberOf(IrValue value) => from.Columns.TakeWhile(c => c.Batch != value).Count();
        List<(CollectedColumnSyntax Syntax, IrValue Value)> kept = [.. columns.Where(c => NumberOf(c.Value) < from.Columns.Length)];
        List<(CollectedColumnSyntax Syntax, IrValue Value)> computed = [.. columns.Except(kept)];
        IrColumn Column((CollectedColumnSyntax Syntax, IrValue Value) column)
        {
            int number = NumberOf(column.Value);
            SpaceSymbol? space = number < from.Columns.Length ? from.Columns[number].Space : null;
            var batch = new IrValue(column.Syntax.Name.Text, column.Value.Type with { Rows = rows, Across = null, Numbers = null }, column.Syntax.Name.Span) { IsNamed = true };
            _scope.Set(column.Syntax.Name.Text, new TensorValue(batch), column.Syntax.Name.Span);
            return new IrColumn(column.Syntax.Name.Text, space, batch);
        }

        var collect = new IrCollect(from, block, [.. kept.Select(c => NumberOf(c.Value))], [.. computed.Select(c => c.Value)], condition, balance, _planLoops);
        var source = new IrSource(syntax.Name.Text, [.. kept.Concat(computed).Select(Column)], syntax.Doc, syntax.Name.Span) { Taken = from.Taken, Collect = collect };
        _trainer.Collected.Add(source);
        _scope.Set(source.Name, new SourceValue(source.Name, [.. source.Columns.Select(c => c.Name)]), syntax.Name.Span, isParameter: true);
        Plan(AtOnce("collect_" + source.Name, syntax.Doc, syntax.Span) with { Collected = source });
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
