using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

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
    private int _repeats;

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
        SizeFacts facts = SizeFacts.Of(_symbol.Source, _syntax.Facts);
        _trainer.SizeFacts = facts.All;
        _trainer.Hyperparameters = HeaderBinder.Hyperparameters(_file, _symbol.Source, _syntax.Header, _scope, facts);
        _trainer.Facts = HeaderBinder.Facts(_file, _symbol.Source, _syntax.Header, facts.Others, _scope);
        var probe = new BodyElaborator(_file, _symbol.Source, BodyKind.Trainer, _construction, _trainer.Step, _scope, null);
        foreach (IrSource source in SourceBinder.Bind(_file, probe, _syntax.Header))
        {
            _trainer.Sources.Add(source);
        }

        facts.CheckNames(probe);
        if (_syntax.Header.Data.IsEmpty && !_file.Diagnostics.HasErrors)
        {
            probe.Report(_syntax.Name.Span, b => b.NoData($"The trainer '{_symbol.Name}'"));
        }

        // Without a usable source, draws take the rows of an unusable one: it is reported already.
        var rows = new Rows(_trainer.Sources.Count > 0 ? _trainer.Sources[0].Name : "data");
        _body = new BodyElaborator(_file, _symbol.Source, BodyKind.Trainer, _construction, _trainer.Step, _scope, rows);
        _isPlan = _syntax.Body.Statements.Any(s => s is PhaseSyntax);
        foreach (StatementSyntax statement in _syntax.Body.Statements)
        {
            TopOfPlan(statement);
        }

        foreach (IrSource source in _trainer.Sources.Where(s => !_file.Diagnostics.HasErrors && s.Columns.All(c => !IsRead(c.Name))))
        {
            _body.Report(source.Span, b => b.UnusedSource(source.Name));
        }

        _trainer.Pulls.AddRange(PulledBy(_trainer.Step));
        UnusedNames.Report(_body);
        if (!_file.Diagnostics.HasErrors && _trainer.Optimizers.Count == 0 && !_isPlan)
        {
            _body.Report(_syntax.Name.Span, b => b.NoStep("This trainer"));
        }

        // A size of the data that a net's weights need has to be said before there is data.
        _trainer.DataSizes = FixedSizes.Of(_trainer, []);
        HeaderBinder.CheckFacts(_trainer, _trainer.DataSizes, _body.Report);
        _trainer.Hyperparameters = [.. _trainer.Hyperparameters, .. _trainer.DataSizes.Select(v => new Hyperparameter(v.Name, HostKind.Int, null, 1, $"The size {v.Name} of the data.", _syntax.Name.Span))];
        MemberNames.OfModule(_trainer, _body.Report);
        GradientFlow.Check(_trainer, _symbol.Source, _body.Report);
        FamilyLints.Check(_trainer, _body.Report);
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
                    body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), isTop ? "a trainer" : "a phase or a round of 'repeat'"));
                }

                break;
        }
    }

    private void Minimize(BodyElaborator body, MinimizeSyntax syntax)
    {
        var targets = new TargetBinder(body).Bind(syntax.Targets);
        bool ok = targets is not null;
        body.SiteStem = string.Join("+", syntax.Targets.Select(t => _symbol.Source.Text.Substring(t.Span.Start, t.Span.Length)));
        Value objective = body.Evaluate(syntax.Objective);
        Value optimizer = body.Evaluate(syntax.Optimizer);
        if (objective is not (ErrorValue or TensorValue { Tensor.Type.IsScalar: true }))
        {
            body.Report(syntax.Objective.Span, b => b.ObjectiveNotScalar(objective.Description, objective is TensorValue));
            ok = false;
        }

        if (optimizer is not (ErrorValue or OptimizerValue))
        {
            body.Report(syntax.Optimizer.Span, b => b.WrongKind("What stands behind 'with'", "an optimizer such as 'adam(1e-3)'", optimizer.Description));
            ok = false;
        }

        if (!ok || targets is not { } moved || objective is not TensorValue { Tensor: { } loss } || optimizer is not OptimizerValue { } how)
        {
            return;
        }

        string name = syntax.Objective is IdentifierSyntax id ? id.Name.Text : string.Join("_", moved.Parts.Select(t => t.Name.Replace('.', '_')));
        foreach (TextNamed summand in Summands(body, syntax.Objective).Where(s => s.Name != name && !_reportNames.ContainsKey(s.Name)))
        {
            body.Block.Statements.Add(new IrReportStatement(AddReport(summand.Name, DocOf(summand.Name), syntax.Span), summand.Value, syntax.Span));
        }

        IrReport report = AddReport(name, DocOf(name), syntax.Span);
        var entry = new IrOptimizer(report.Name, how.Entry.ClassName, moved.Parts, how.Rate, how.Settings, how.Limits);
        _trainer.Optimizers.Add(entry);
        body.Block.Statements.Add(new IrMinimize(loss, entry, report, moved.Spans, syntax.Span));
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

    private string DocOf(string name) => _docs.TryGetValue(name, out string? doc) ? doc : "";

    private IrReport AddReport(string name, string doc, TextSpan span)
    {
        _reportNames.TryGetValue(name, out int count);
        _reportNames[name] = count + 1;
        var report = new IrReport(count == 0 ? name : name + (count + 1).ToString(CultureInfo.InvariantCulture), doc, span);
        _trainer.Reports.Add(report);
        return report;
    }

    private void Repeat(BodyElaborator body, RepeatSyntax syntax)
    {
        Value count = body.Evaluate(syntax.Count);
        if (count is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host })
        {
            if (count is not ErrorValue)
            {
                body.Report(syntax.Count.Span, b => b.WrongKind("The number of rounds", "a number", count.Description));
            }

            return;
        }

        if (host.Constant is { } rounds && (rounds < 1 || rounds != Math.Floor(rounds)))
        {
            body.Report(syntax.Count.Span, b => rounds < 1
                ? b.BelowMinimum("The number of rounds", "1", count.Description)
                : b.WrongKind("The number of rounds", "an integer", count.Description));
            return;
        }

        var block = new IrBlock();
        BodyElaborator inner = body.Inner(block, new Scope(body.Scope));
        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            Statement(inner, statement, isTop: false);
        }

        UnusedNames.Report(inner);
        string index = _repeats++ == 0 ? "round" : "round" + _repeats.ToString(CultureInfo.InvariantCulture);

        // Every scope pulls a batch of the sources that its own text mentions.
        body.Block.Statements.Add(new IrRepeat(host, index, [.. PulledBy(block)], block, syntax.Span));
    }

    private IEnumerable<IrSource> PulledBy(IrBlock block)
    {
        HashSet<IrValue> read = [.. Reads(block)];
        return _trainer.Sources.Where(s => s.Columns.Any(c => read.Contains(c.Batch)));
    }

    private static IEnumerable<IrValue> Reads(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement op => op.Op.Inputs,
        IrFor loop => Reads(loop.Body).Concat(loop.Carried.Select(c => c.Initial)),
        IrMinimize minimize => [minimize.Objective],
        IrReportStatement report => [report.Value],
        _ => Enumerable.Empty<IrValue>(),
    });

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
