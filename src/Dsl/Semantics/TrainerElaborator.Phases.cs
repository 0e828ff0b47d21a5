using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Plans: phases, each with a step of its own, one after the other.</summary>
internal sealed partial class TrainerElaborator
{
    private bool _isPlan;
    private bool _hasOutsiders;

    // Between phases nothing is computed: what stands there would be a step that no phase has.
    private bool BelongsIntoAPhase(StatementSyntax statement) => _isPlan && statement is not (BindingSyntax or GivenSyntax or StateSyntax or FunctionSyntax or SampleSyntax or EvaluateSyntax or ConstrainSyntax) && !IsOfPlan(statement);

    private void Outside(StatementSyntax statement, string what)
    {
        _hasOutsiders = true;
        _body.Report(statement.Span, b => b.StepBesidePhases(what));
    }

    private void TopOfPlan(StatementSyntax statement)
    {
        int before = _trainer.Step.Statements.Count;
        Statement(_body, statement, isTop: true);
        if (_isPlan && _trainer.Step.Statements.Count > before)
        {
            Outside(statement, "This line computes something at each step");
        }
    }

    private void Phase(PhaseSyntax syntax)
    {
        if (syntax.Name.IsMissing)
        {
            return;
        }

        string name = syntax.Name.Text;
        if (_trainer.Phases.Exists(p => MemberName.Pascal(p.Name) == MemberName.Pascal(name)))
        {
            _body.Report(syntax.Name.Span, b => b.Duplicate(name, "another phase"));
            return;
        }

        CheckEnd(name);
        IrSource? asked = syntax.Clock is { IsMissing: false } clockName ? Source(clockName) : null;
        var block = new IrBlock();
        BodyElaborator inner = _body.Inner(block, new Scope(_scope), drawRows: asked?.Rows, ownSites: true, isUnsure: MayBeLeftOut);
        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            Statement(inner, statement, isTop: false);
        }

        UnusedNames.Report(inner);
        ImmutableArray<IrSource> pulls = [.. Pulls(block)];
        List<IrSource> read = [.. pulls, .. block.All.OfType<IrRepeat>().SelectMany(r => r.Pulls), .. block.All.OfType<IrEvery>().SelectMany(e => e.Pulls)];
        IrSource? clock = asked ?? _trainer.AllSources.FirstOrDefault(read.Contains);
        // What calls a net with errors is silent, and so not there.
        if (!_file.Diagnostics.HasErrorIn(syntax.Span) && !_trainer.Children.Exists(c => c.Module.IsBroken))
        {
            if (asked is not null && !read.Contains(asked))
            {
                _body.Report(syntax.Clock!.Span, b => b.PhaseWithoutData(name, asked.Name));
            }
            else if (clock is null && !_lacksRows && syntax.Clock is null && !_hasOutsiders && syntax.Length is { Unit.Text: "epochs" } epochs)
            {
                _body.Report(epochs.Span, b => b.PhaseWithoutData(name, null));
            }

            // A loop may run no round.
            if (read.Find(s => s.Collect is { Loops: { } loops } && !loops.All(_planLoops.Contains)) is { } inLoop)
            {
                _body.Report(syntax.Name.Span, b => b.CollectedInLoop(name, inLoop.Name));
            }

            // One that is written and not there has its error elsewhere.
            if (!block.Minimizes.Any() && !HasMinimize(syntax.Body))
            {
                _body.Report(syntax.Name.Span, b => b.NoStep($"The phase '{name}'"));
            }
        }

        Plan(new IrPhase(name, syntax.Doc, syntax.Length is { } length ? Length(length) : null, clock, block, pulls, syntax.Name.Span));
    }

    private static bool HasMinimize(BlockSyntax block) => block.Statements.Any(s => s switch
    {
        MinimizeSyntax => true,
        RepeatSyntax repeat => HasMinimize(repeat.Body),
        EverySyntax every => HasMinimize(every.Body),
        ForSyntax loop => HasMinimize(loop.Body),
        _ => false,
    });

    private IrSource? Source(NameSyntax name)
    {
        if (_trainer.AllSources.FirstOrDefault(s => s.Name == name.Text || s.Columns.Any(c => c.Name == name.Text)) is { } source)
        {
            return source;
        }

        if (_scope.Find(name.Text) is { Value: ErrorValue })
        {
            return null;
        }

        _body.Report(name.Span, b => b.UnknownName(name.Text, _trainer.AllSources.Select(s => s.Name).Concat(_trainer.AllSources.SelectMany(s => s.Columns).Select(c => c.Name)).Distinct()));
        return null;
    }

    // A length that is wrong is reported, and taken for some length.
    private IrPhaseLength Length(PhaseLengthSyntax syntax)
    {
        bool inEpochs = syntax.Unit.Text != "steps";
        const string What = "The length of a phase";
        var some = new IrPhaseLength(HostValue.Float(1), inEpochs);
        BodyElaborator body = _body.Inner(new IrBlock(), LengthScope(), isUnsure: MayBeLeftOut);
        switch (body.Evaluate(syntax.Count))
        {
            case ErrorValue:
                return some;
            case HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host } when BodyElaborator.ReadsStep(host.Expression):
                _body.Report(syntax.Count.Span, b => b.NotSupportedYet("A length that depends on 'step'", "A length is a number or an expression of hyperparameters."));
                return some;
            case HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host } number:
                if (body.Demand(host, Interval.Positive, "the length of a phase", syntax.Count.Span)
                    && !inEpochs && host.Kind == HostKind.Float && (host.Constant is not { } steps || steps != Math.Floor(steps)))
                {
                    _body.Report(syntax.Count.Span, b => b.WrongKind(What + " in steps", "an integer", number.Description));
                }

                return new IrPhaseLength(host, inEpochs);
            case var other:
                _body.Report(syntax.Count.Span, b => b.WrongKind(What, "a number", other.Description));
                return some;
        }
    }
}
