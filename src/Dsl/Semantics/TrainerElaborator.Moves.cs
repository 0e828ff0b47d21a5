using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Who moves, and how: <c>minimize</c>, the optimizers, invariants of nets.</summary>
internal sealed partial class TrainerElaborator
{
    private readonly Dictionary<OptimizerValue, IrOptimizer> _named = [];
    private readonly HashSet<string> _optimizerNames = new(StringComparer.Ordinal);

    private void Minimize(BodyElaborator body, MinimizeSyntax syntax)
    {
        var binder = new TargetBinder(body);
        List<ImmutableArray<BoundTarget>?> targets = [.. syntax.Moves.Select(m => binder.Bind(m.Targets))];
        body.SiteStem = string.Join("+", syntax.Moves.SelectMany(m => m.Targets).Select(t => _symbol.Source.Text.Substring(t.Span.Start, t.Span.Length)));
        Value objective = body.Evaluate(syntax.Objective);
        List<OptimizerValue?> optimizers = [.. syntax.Moves.Select(m => Optimizer(body, m.Optimizer))];
        if (objective is not (ErrorValue or TensorValue { Tensor.Type.IsScalar: true }))
        {
            body.Report(syntax.Objective.Span, b => b.ObjectiveNotScalar(objective.Description, objective is TensorValue));
        }

        if (targets.Exists(t => t is null) || optimizers.Exists(o => o is null) || objective is not TensorValue { Tensor: { Type.IsScalar: true } loss })
        {
            return;
        }

        string name = syntax.Objective is IdentifierSyntax id ? id.Name.Text : string.Join("_", targets.Select(t => NameOf(t!.Value)));
        foreach (TextNamed summand in Summands(body, syntax.Objective).Where(s => s.Name != name && !_reportNames.ContainsKey(s.Name)))
        {
            body.Block.Statements.Add(new IrReportStatement(AddReport(summand.Name, DocOf(summand.Name), syntax.Span), summand.Value, syntax.Span));
        }

        IrReport report = AddReport(name, DocOf(name), syntax.Span);
        ImmutableArray<IrMove> moves = [.. targets.Zip(optimizers, (t, o) => Move(t!.Value, o!, targets.Count == 1 ? report.Name : NameOf(t.Value)))];
        body.Block.Statements.Add(new IrMinimize(loss, moves, report, syntax.Span));
    }

    private static string NameOf(IEnumerable<BoundTarget> targets) => string.Join("_", targets.Select(t => t.Part.Name.Replace('.', '_')));

    private static OptimizerValue? Optimizer(BodyElaborator body, ExpressionSyntax syntax)
    {
        Value value = body.Evaluate(syntax);
        if (value is not (ErrorValue or OptimizerValue))
        {
            body.Report(syntax.Span, b => b.WrongKind("What stands behind 'with'", "an optimizer such as 'adam(1e-3)'", value.Description));
        }

        return value as OptimizerValue;
    }

    // One that is named belongs to all statements that name it, and has moments for all that they move.
    private IrMove Move(ImmutableArray<BoundTarget> targets, OptimizerValue how, string name)
    {
        if (!_named.TryGetValue(how, out IrOptimizer? optimizer))
        {
            string given = how.Name ?? name;
            string unique = given;
            for (int i = 2; !_optimizerNames.Add(unique); i++)
            {
                unique = given + i.ToString(CultureInfo.InvariantCulture);
            }

            optimizer = new IrOptimizer(unique, how.Entry.ClassName, how.Rate, how.Settings, how.Limits) { IsNamed = how.Name is not null };
            _trainer.Optimizers.Add(optimizer);
            _named[how] = optimizer;
        }

        foreach (BoundTarget target in targets.Where(t => !optimizer.Targets.Exists(known => t.Part.Places.All(known.Places.Contains))))
        {
            optimizer.Targets.RemoveAll(known => known.Places.All(target.Part.Places.Contains));
            optimizer.Targets.Add(target.Part);
        }

        return new IrMove(optimizer, [.. targets.Select(t => t.Part)], [.. targets.Select(t => t.Span)], [.. targets.Select(t => t.Scale)]);
    }

    private void Constrain(BodyElaborator body, ConstrainSyntax syntax)
    {
        if (new TargetBinder(body).Bind([syntax.Target]) is not [{ Part: { } part }])
        {
            return;
        }

        switch (syntax.Constraint)
        {
            case IdentifierSyntax { Name.Text: "orthogonal" }:
                if (!part.Places.Any(p => WeightFigureOp.HasKernel(part.Net.Module, p.Path)))
                {
                    body.Report(syntax.Target.Span, b => b.NothingOrthogonal(part.Name));
                    return;
                }

                Keep(part, null, syntax.Span);
                break;
            case CallSyntax { Callee: IdentifierSyntax { Name.Text: "clip" }, Arguments: [{ Name: null } low, { Name: null } high] }:
                if (Number(body, low.Value) is not { } least || Number(body, high.Value) is not { } most)
                {
                    return;
                }

                if (least.Range.Low > most.Range.High || least.Constant >= most.Constant)
                {
                    body.Report(syntax.Constraint.Span, b => b.NumberOutOfRange("The lower end of 'clip'", "below the upper end"));
                    return;
                }

                if (body.DemandOrder(least, most, "what lies between the ends of 'clip'", syntax.Constraint.Span))
                {
                    Keep(part, (least, most), syntax.Span);
                }

                break;
            case MissingExpression:
                break;
            default:
                body.Report(syntax.Constraint.Span, b => b.UnknownConstraint(part.Name));
                break;
        }
    }

    private void Keep(IrPart part, (HostValue, HostValue)? interval, TextSpan span)
    {
        string name = part.Name.Replace('.', '_');
        int earlier = _trainer.Constraints.Count(c => c.Target.Name == part.Name);
        _trainer.Constraints.Add(new IrConstraint(earlier == 0 ? name : name + (earlier + 1).ToString(CultureInfo.InvariantCulture), part, interval, span));
    }

    private static HostValue? Number(BodyElaborator body, ExpressionSyntax syntax)
    {
        switch (body.Evaluate(syntax))
        {
            case ErrorValue:
                return null;
            case HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host } when !BodyElaborator.ReadsStep(host.Expression):
                return host;
            case var other:
                body.Report(syntax.Span, b => b.WrongKind("An end of 'clip'", "a number or an expression of hyperparameters", other is HostValueHolder ? "one that depends on the step" : other.Description));
                return null;
        }
    }
}
