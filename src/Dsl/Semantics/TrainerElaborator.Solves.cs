using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Closed forms between phases: <c>solve W = procrustes(x, y)</c>.</summary>
internal sealed partial class TrainerElaborator
{
    private void Solve(SolveSyntax syntax)
    {
        if (syntax.Target.IsMissing)
        {
            return;
        }

        CheckEnd("solve " + syntax.Target.Text);

        string name = syntax.Target.Text;
        if (_scope.Find(name) is not { } binding)
        {
            _body.Report(syntax.Target.Span, b => b.UnknownName(name, _scope.Names));
            return;
        }

        binding.IsRead = true;
        if (binding.Value is ErrorValue)
        {
            return;
        }

        if (binding.Value is not ModuleValue { Instance: { AverageOf: null, PartOf: null, IsGiven: false, Module: IrNet net } target } || !HasOneMatrix(net))
        {
            _body.Report(syntax.Target.Span, b => b.CannotSolveFor(DescribeTarget(binding.Value)));
            return;
        }

        // Nets run as in an evaluation: over whole sources, graph-free.
        var block = new IrBlock();
        var scope = new Scope(_scope) { IsObserver = true };
        ImmutableArray<IrSource> whole = [.. _trainer.Sources.Select(Whole)];
        foreach (IrColumn column in whole.SelectMany(s => s.Columns))
        {
            scope.Set(column.Name, new TensorValue(column.Batch), syntax.Span, isParameter: true);
        }

        BodyElaborator body = _body.Inner(block, scope, kind: BodyKind.Observer, drawRows: whole.FirstOrDefault()?.Rows, isUnsure: MayBeLeftOut);
        body.SiteStem = "solve " + name;
        if (body.Tensor(syntax.Value, "What a net is solved by") is not { } value)
        {
            return;
        }

        if (value.Producer is not CatalogOp { Operation.Solver: not null } reduction)
        {
            _body.Report(syntax.Value.Span, b => b.NoClosedForm(new TensorValue(value).Description));
            return;
        }

        ImmutableArray<IrSource>[] sources = [.. reduction.Inputs.Select(v => SourcesOf(v, whole).Select(i => whole[i]).ToImmutableArray())];
        foreach (string column in sources.SelectMany(s => s).SelectMany(s => s.Columns).Select(c => c.Name))
        {
            _scope.Find(column)!.IsRead = true;
        }

        if (CoupledRows(block, reduction) is { } coupled)
        {
            _body.Report(syntax.Value.Span, b => b.SolveByRows($"'{coupled}' looks at several rows, and would see those of a batch alone"));
            return;
        }

        if (Unborn(block) is { } unborn)
        {
            _body.Report(syntax.Value.Span, b => b.SolveByRows($"'{unborn.Name}' takes its first weights from data, in the first phase that calls it, and there is none before"));
            return;
        }

        if (sources.FirstOrDefault(s => s.Length != 1) is { IsDefault: false } other)
        {
            _body.Report(syntax.Value.Span, b => b.SolveByRows(other.IsEmpty ? "nothing here is read from a source" : $"this is computed from '{other[0].Name}' and from '{other[1].Name}'"));
            return;
        }

        IrBlock scratch = new();
        BodyElaborator probe = _body.Inner(scratch, new Scope(scope) { IsObserver = true }, kind: BodyKind.Observer);
        IrValue Input(string parameter) => reduction.Inputs[reduction.Bindings.TakeWhile(b => b.Parameter != parameter).Count()];
        (IrValue x, IrValue y) = (Input("x"), Input("y"));
        if (probe.Applied((ModuleValue)binding.Value, x, syntax.Target.Span) is not { } image)
        {
            return;
        }

        if (!image.Type.SameShape(y.Type))
        {
            _body.Report(syntax.Value.Span, b => b.ShapesDiffer("solve", $"'{name}' of the first", image.Type, "the second", y.Type));
            return;
        }

        Plan(AtOnce("solve_" + name, syntax.Doc, syntax.Span) with { Solve = new IrSolve(target, reduction, block, [.. sources.Select(s => s[0])]) });
    }

    // A source as a pass over all of it sees it: in batches of which the last may be short.
    private static IrSource Whole(IrSource source)
    {
        var rows = new Rows(source.Name, Rows.AtHand);
        return source with
        {
            Columns = [.. source.Columns.Select(c => c with { Batch = new IrValue(c.Name, c.Batch.Type with { Rows = rows }, c.Batch.Span) { IsNamed = true } })],
        };
    }

    private static string DescribeTarget(Value value) => value switch
    {
        ModuleValue { Instance.AverageOf: { } of } => $"an average, which follows '{of.Name}'",
        ModuleValue { Instance.IsGiven: true } => "a net that arrives trained and never moves",
        _ => value.Description,
    };

    // What is not computed of each row by itself; the closed form aside.
    private static string? CoupledRows(IrBlock block, CatalogOp? reduction)
    {
        foreach (IrOp op in block.All.OfType<IrOpStatement>().Select(s => s.Op).Where(o => !ReferenceEquals(o, reduction)))
        {
            if (op is CatalogOp { Operation: { } operation } && (operation.CouplesRows || (op.Inputs.Any(i => i.Type.Rows is not null) && op.Outputs.Any(o => o.Type.Rows is null))))
            {
                return operation.Name;
            }

            if (op is InvokeOp { ObservesAllRows: true } call)
            {
                return call.Module.Name;
            }
        }

        return null;
    }

    // One linear map without a bias, and nothing else.
    private static bool HasOneMatrix(IrNet net) =>
        net is { Forward.Body.Statements.Count: 1, Layers: [{ Operation.Name: "linear", Weights: [{ Role: WeightRole.Kernel }], Loops.IsEmpty: true }], Children.Count: 0 };
}
