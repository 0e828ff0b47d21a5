using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>Elaborates flows: the updates forward, and from them the inverse.</summary>
internal static class FlowElaborator
{
    /// <param name="name">The name of its class.</param>
    /// <param name="template">What is fixed; null for a flow without tuples or words.</param>
    public static IrFlow Elaborate(FileContext file, DeclarationSymbol symbol, FlowSyntax syntax, string name, Template? template)
    {
        var flow = new IrFlow(name, template?.Document(syntax.Doc, "flow", symbol.Name) ?? syntax.Doc, syntax.Name.Span) { IsLibrary = symbol.IsLibrary, DeclaredName = symbol.Name };
        var scope = new Scope(null);
        flow.DataCount = syntax.Header.Data.Length + syntax.Header.Conditions.Length;
        SizeFacts facts = HeaderBinder.Bind(file, symbol.Source, syntax, flow, scope, template);
        var block = new IrBlock();
        var rows = new Rows("batch");
        var body = new BodyElaborator(file, symbol.Source, BodyKind.Flow, new Construction(flow), block, scope, rows, template);
        var types = new TypeBinder(file, body, facts);
        if (syntax.Header.Data.Length != 1)
        {
            if (!file.Diagnostics.HasErrorIn(syntax.Header.Span))
            {
                body.Report(syntax.Header.Span, b => b.FlowNeedsOneDatum(symbol.Name, syntax.Header.Data.Length));
            }

            return flow;
        }

        if (types.Parameters([.. syntax.Header.Data, .. syntax.Header.Conditions], rows) is not [_, ..] parameters)
        {
            return flow;
        }

        facts.CheckNames(body);
        int errors = file.Diagnostics.ErrorCount;
        IrValue data = parameters[0];
        var chart = new Chart(block);
        chart.Begin(data);
        var place = new Place(data.Name, data.Span) { Current = data };
        (body.Chart, body.Data) = (chart, place);
        scope.Set(data.Name, new PlaceValue(place), syntax.Header.Data[0].Name.Span, isParameter: true);
        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            if (statement is ExpressionStatementSyntax)
            {
                if (!file.Diagnostics.HasErrorIn(statement.Span))
                {
                    body.Report(statement.Span, b => b.FlowHasNoResult(symbol.Name, data.Name));
                }
            }
            else if (!body.RunShared(statement))
            {
                body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), "a flow"));
            }
        }

        UnusedNames.Report(body);
        if (file.Diagnostics.ErrorCount > errors)
        {
            return flow;
        }

        IrValue result = body.Collapse(place);
        chart.Keep(chart.StepsTo([result]));
        if (!Judge(body, block, chart, result))
        {
            return flow;
        }

        Value? sum = LogDets.Sum(body, chart, chart.StepsTo([result]), rows);
        IrValue logDet = LogDets.PerSample(body, sum, data, rows, syntax.Name.Span);
        (logDet.Name, logDet.IsNamed) = ("log_det", true);
        flow.Inverse = Invert(flow, body, chart, parameters, result, logDet, rows);
        flow.FixedSizes = FixedSizes.Of(flow, parameters, flow.Inverse.Parameters);
        HeaderBinder.CheckFacts(flow, flow.FixedSizes, body.Report);
        MemberNames.OfModule(flow, body.Report);
        flow.Forward = new IrFunction(parameters, block, [result, logDet]);
        return flow;
    }

    private static bool Judge(BodyElaborator body, IrBlock block, Chart chart, IrValue result)
    {
        if (Families(block) is { } family)
        {
            body.Report(family, b => b.NotSupportedYet("A family of tensors in a flow", "Compute it in a net that the flow calls."));
            return false;
        }

        return IsInvertible(body, chart, chart.StepsTo([result]));
    }

    // Rounds first: a loop is a step that can be undone if its rounds can.
    private static bool IsInvertible(BodyElaborator body, Chart chart, ImmutableArray<ChartStep> steps)
    {
        foreach (LoopStep loop in steps.OfType<LoopStep>())
        {
            if (!IsInvertible(body, loop.Rounds, loop.Rounds.StepsTo(loop.Carried.Select(c => c.Next))))
            {
                return false;
            }
        }

        var graph = new NeedGraph(chart, steps);
        if (graph.Offence() is not { } offence)
        {
            return true;
        }

        (TextSpan span, System.Func<Diagnostics.DiagnosticBuilder, Diagnostics.GenDiagnostic> diagnostic) = new OffenceReport(graph, body.File, body.Source).Of(offence);
        body.Report(span, diagnostic);
        return false;
    }

    private static IrFunction Invert(IrFlow flow, BodyElaborator body, Chart chart, ImmutableArray<IrValue> parameters, IrValue result, IrValue logDet, Rows rows)
    {
        var block = new IrBlock();
        BodyElaborator inverse = body.Inner(block, new Scope(null));
        var cloner = new OpCloner(inverse, OpCloner.LoopsOf(chart.Block), null);
        var given = new IrValue(parameters[0].Name, result.Type.With(), result.Span) { IsNamed = true };
        cloner.Map(result, given);
        cloner.Like = given;
        foreach (IrValue condition in parameters.Skip(1))
        {
            cloner.Map(condition, condition);
        }

        if (!ReferenceEquals(result, parameters[0]))
        {
            var inversion = new Inversion(chart, new NeedGraph(chart, chart.StepsTo([result])), cloner);
            inversion.Run();
            flow.Passes = inversion.Passes.Value == 0 ? Shapes.Dim.One : inversion.Passes;
        }

        IrValue recovered = cloner.Get(parameters[0]);
        cloner.Map(parameters[0], recovered);
        Value back = inverse.Opposite(cloner.Get(logDet), logDet.Span);
        return new IrFunction([given, .. parameters.Skip(1)], block, [recovered, ((TensorValue)back).Tensor]);
    }

    private static TextSpan? Families(IrBlock block) => block.Statements.Select(s => s switch
    {
        IrOpStatement { Op: FamilyOp or FamilyWriteOp or FamilyReadOp or FamilySliceOp } op => op.Span,
        IrFor loop => Families(loop.Body),
        _ => null,
    }).FirstOrDefault(s => s is not null);
}
