using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Elaborates trainers: what is constructed at the top, the step, and the observers.</summary>
internal sealed partial class TrainerElaborator
{
    private readonly FileContext _file;
    private readonly DeclarationSymbol _symbol;
    private readonly TrainerSyntax _syntax;
    private readonly IrTrainer _trainer;
    private readonly Construction _construction;
    private readonly Scope _scope = new(null);
    private readonly Dictionary<string, int> _reportNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _observers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _figures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _docs = new(StringComparer.Ordinal);
    private BodyElaborator _body = null!;

    private TrainerElaborator(FileContext file, DeclarationSymbol symbol, TrainerSyntax syntax, bool isDerived)
    {
        (_file, _symbol, _syntax) = (file, symbol, syntax);
        _trainer = new IrTrainer(symbol.Name, syntax.Doc, syntax.Name.Span) { IsDerived = isDerived };
        _construction = new Construction(_trainer);
    }

    public static IrTrainer Elaborate(FileContext file, DeclarationSymbol symbol, TrainerSyntax syntax, bool isDerived)
    {
        var elaborator = new TrainerElaborator(file, symbol, syntax, isDerived);
        elaborator.Run();
        return elaborator._trainer;
    }

    private void Run()
    {
        SizeFacts facts = SizeFacts.Of(_symbol.Source, _syntax);
        _trainer.SizeFacts = facts.All;
        _trainer.Hyperparameters = HeaderBinder.Hyperparameters(_file, _symbol.Source, _syntax.Header, _scope, facts);
        _trainer.Facts = HeaderBinder.Facts(_file, _symbol.Source, _syntax.Header, facts.Others, _scope);
        HeaderBinder.CheckDefaults(_file, _symbol.Source, _trainer);
        var probe = new BodyElaborator(_file, _symbol.Source, BodyKind.Trainer, _construction, _trainer.Step, _scope, null);
        foreach (IrSource source in SourceBinder.Bind(_file, probe, _syntax.Header, facts))
        {
            _trainer.Sources.Add(source);
        }

        facts.CheckNames(probe);
        if (_syntax.Header.Data.IsEmpty && !_file.Diagnostics.HasErrors)
        {
            probe.Report(_syntax.Name.Span, b => b.NoData($"The trainer '{_symbol.Name}'"));
        }

        // Without a usable source, draws take the rows of an unusable one: it is reported already.
        Rows rows = _trainer.Sources.Count > 0 ? _trainer.Sources[0].Rows : new Rows("data");
        _body = new BodyElaborator(_file, _symbol.Source, BodyKind.Trainer, _construction, _trainer.Step, _scope, rows) { Other = Inside };
        _isPlan = _syntax.Body.Statements.Any(IsOfPlan);
        foreach (StatementSyntax statement in _syntax.Body.Statements)
        {
            TopOfPlan(statement);
        }

        foreach (IrSource source in _trainer.Sources.Where(s => !_file.Diagnostics.HasErrors && s.Columns.All(c => !IsRead(c.Name)) && !IsMeasured(s)))
        {
            _body.Report(source.Span, b => b.UnusedSource(source.Name));
        }

        _trainer.Pulls.AddRange(Pulls(_trainer.Step));
        UnusedNames.Report(_body);
        if (!_file.Diagnostics.HasErrors && _trainer.Optimizers.Count == 0 && !_isPlan)
        {
            _body.Report(_syntax.Name.Span, b => b.NoStep("This trainer"));
        }

        // A size of the data that a net's weights need has to be said before there is data.
        _trainer.DataSizes = FixedSizes.Of(_trainer, _trainer.AllSources.Concat(_trainer.Evaluations.SelectMany(e => e.Sources)).SelectMany(s => s.Columns).Select(c => c.Batch));
        HeaderBinder.CheckFacts(_trainer, _trainer.DataSizes, _body.Report);
        _trainer.Hyperparameters = [.. _trainer.Hyperparameters, .. _trainer.DataSizes.Select(v => new Hyperparameter(v.Name, HostKind.Int, null, 1, $"The size {v.Name} of the data.", _syntax.Name.Span))];
        MemberNames.OfModule(_trainer, _body.Report);
        MarkConditionalReports();
        CheckHandOvers();
        GradientFlow.Check(_trainer, _symbol.Source, _body.Report);
        FamilyLints.Check(_trainer, _body.Report);
    }

    // What stands in a loop; a loop that is read only to learn a type moves nothing.
    private bool Inside(BodyElaborator body, StatementSyntax statement)
    {
        if (statement is SampleSyntax or EvaluateSyntax or PhaseSyntax or SolveSyntax or CollectSyntax or ConstrainSyntax)
        {
            return false;
        }

        if (!body.IsTrial || statement is not (MinimizeSyntax or RepeatSyntax or EverySyntax or ReportSyntax))
        {
            Statement(body, statement, isTop: false);
        }

        return true;
    }

    private bool IsRead(string column) => _scope.Find(column) is { IsRead: true };

    private void Statement(BodyElaborator body, StatementSyntax statement, bool isTop)
    {
        _file.Cancel.ThrowIfCancellationRequested();
        switch (statement)
        {
            case PhaseSyntax phase when isTop:
                Phase(phase);
                break;
            case SolveSyntax solve when isTop:
                Solve(solve);
                break;
            case CollectSyntax collect when isTop:
                Collect(collect);
                break;
            case ForSyntax loop when isTop && IsOfPlan(loop):
                PlanLoop(loop);
                break;
            case WriteSyntax write when isTop && _isPlan && HandsOver(write):
                HandOver(write);
                break;
            case var _ when isTop && BelongsIntoAPhase(statement):
                Outside(statement, BodyElaborator.Describe(statement) + " belongs to a step");
                break;
            case BindingSyntax binding:
                body.SiteStem = binding.Names[0].Text;
                _docs[binding.Names[0].Text] = binding.Doc;
                body.MayConstruct = isTop && binding is { IsTuple: false, Value: CallSyntax };
                body.RunShared(binding);
                body.MayConstruct = false;
                break;
            case MinimizeSyntax minimize:
                Minimize(body, minimize);
                break;
            case RepeatSyntax repeat:
                Repeat(body, repeat);
                break;
            case EverySyntax every:
                Every(body, every);
                break;
            case ConstrainSyntax constrain when isTop:
                Constrain(body, constrain);
                break;
            case GivenSyntax given when isTop:
                Given(given);
                break;
            case StateSyntax state when isTop:
                State(state);
                break;
            case WriteSyntax write:
                Write(body, write);
                break;
            case FunctionSyntax function:
                Function(body, function);
                break;
            case ReportSyntax report:
                ReportFigure(body, report);
                break;
            case SampleSyntax sample when isTop:
                Sample(sample);
                break;
            case EvaluateSyntax evaluate when isTop:
                Evaluate(evaluate);
                break;
            default:
                if (!body.RunShared(statement))
                {
                    body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), isTop ? "a trainer" : "a phase, a round or a loop"));
                }

                break;
        }
    }

    private readonly record struct TextNamed(string Name, IrValue Value);

    // Named numbers that are terms of an objective are reported beside it.
    private static IEnumerable<TextNamed> Summands(BodyElaborator body, ExpressionSyntax syntax) => syntax switch
    {
        BinarySyntax { Operator: "+" or "-" or "*" } b => Summands(body, b.Left).Concat(Summands(body, b.Right)),
        NegateSyntax n => Summands(body, n.Operand),
        IdentifierSyntax { Name.Text: { } name } when body.Scope.Find(name)?.Value is TensorValue { Tensor: { Type.IsScalar: true } value } => [new TextNamed(name, value)],
        _ => [],
    };

    private void MarkConditionalReports()
    {
        HashSet<IrReport> sure = [.. _trainer.Steps.SelectMany(s => s.Sure).Select(ReportOf).OfType<IrReport>()];
        foreach (IrReport report in _trainer.Reports.Where(r => !sure.Contains(r)))
        {
            report.IsConditional = true;
        }
    }

    private static IrReport? ReportOf(IrStatement statement) => statement switch
    {
        IrMinimize minimize => minimize.Report,
        IrReportStatement report => report.Report,
        _ => null,
    };

    private string DocOf(string name) => _docs.TryGetValue(name, out string? doc) ? doc : "";

    private IrReport AddReport(string name, string doc, TextSpan span)
    {
        _reportNames.TryGetValue(name, out int count);
        _reportNames[name] = count + 1;
        var report = new IrReport(count == 0 ? name : name + (count + 1).ToString(CultureInfo.InvariantCulture), doc, span);
        _trainer.Reports.Add(report);
        return report;
    }

    private void ReportFigure(BodyElaborator body, ReportSyntax syntax)
    {
        body.SiteStem = syntax.Name?.Text ?? "report";
        if (body.Tensor(syntax.Value, "A reported figure") is not { } value)
        {
            return;
        }

        NameSyntax? given = syntax.Name ?? (syntax.Value as IdentifierSyntax)?.Name;
        if (given is { Text: { } name } && !_figures.Add(name))
        {
            body.Report(given.Span, b => b.Duplicate(name, "another figure"));
            return;
        }

        if (given is null || !value.Type.IsScalar)
        {
            body.Report(syntax.Span, b => b.WrongKind("A reported figure", "one number with a name: 'report name = mean(...)'", new TensorValue(value).Description));
            return;
        }

        body.Block.Statements.Add(new IrReportStatement(AddReport(given.Text, syntax.Doc.Length > 0 ? syntax.Doc : DocOf(given.Text), syntax.Span), value, syntax.Span));
    }
}
