using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>The order of a plan: loops of phases, and nets that get the weights of others between them.</summary>
internal sealed partial class TrainerElaborator
{
    private readonly List<(WriteSyntax Syntax, IrHandOver HandOver)> _handOvers = [];
    private readonly HashSet<string> _endless = [];
    private ImmutableArray<LoopIndex> _planLoops = [];

    // In rounds that there may be none of.
    private bool MayBeLeftOut => _planLoops.Any(l => !l.IsSure);
    private List<IrPlanItem>? _planned;

    private static bool IsOfPlan(StatementSyntax statement) => statement is PhaseSyntax or SolveSyntax or CollectSyntax || (statement is ForSyntax loop && loop.Body.Statements.Any(IsOfPlan));

    private void Plan(IrPhase phase)
    {
        phase = phase with { Loops = _planLoops };
        _trainer.Phases.Add(phase);
        (_planned ?? _trainer.Plan).Add(new IrPlannedPhase(phase));
    }

    // What comes behind a phase of no length would never begin.
    private void CheckEnd(string next)
    {
        if (_trainer.Phases.LastOrDefault() is { Length: null } endless && _endless.Add(endless.Name))
        {
            _body.Report(endless.Span, b => b.PhaseWithoutEnd(endless.Name, next));
        }
    }

    // What is done at once counts as a step of a phase of its own.
    private IrPhase AtOnce(string name, string doc, TextSpan span)
    {
        string unique = name;
        for (int i = 2; _trainer.Phases.Exists(p => MemberName.Pascal(p.Name) == MemberName.Pascal(unique)); i++)
        {
            unique = $"{name}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        return new IrPhase(unique, doc, new IrPhaseLength(HostValue.Of(Dim.One), InEpochs: false), null, new IrBlock(), [], span);
    }

    // The number of the round may say how long a phase is.
    private Scope LengthScope()
    {
        var scope = new Scope(_scope);
        foreach (LoopIndex index in _planLoops)
        {
            scope.Set(index.Variable.Name, new HostValueHolder(HostValue.Of(Dim.Of(index.Variable))), default, isParameter: true);
        }

        return scope;
    }

    private void PlanLoop(ForSyntax syntax)
    {
        if (_planLoops.Any(l => l.Variable.Name == syntax.Index.Text))
        {
            _body.Report(syntax.Index.Span, b => b.Duplicate(syntax.Index.Text, "the index of a loop around this one"));
            return;
        }

        if (_body.Inner(new IrBlock(), LengthScope()).IndexOf(syntax) is not { } index)
        {
            return;
        }

        CheckEnd("for " + syntax.Index.Text);
        List<IrPlanItem>? around = _planned;
        _planned = [];
        _planLoops = _planLoops.Add(index);
        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            if (IsOfPlan(statement) || statement is WriteSyntax)
            {
                Statement(_body, statement, isTop: true);
            }
            else
            {
                _body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), "a loop of phases"));
            }
        }

        // Its next round would never begin.
        if (_trainer.Phases.LastOrDefault() is { } last && last.Loops.Contains(index))
        {
            CheckEnd("the next round");
        }

        (around ?? _trainer.Plan).Add(new IrPlanLoop(index, [.. _planned]));
        _planned = around;
        _planLoops = _planLoops.RemoveAt(_planLoops.Length - 1);
    }

    // What outlives steps and is no net is written by steps.
    private bool HandsOver(WriteSyntax syntax) => _scope.Find(syntax.Name.Text)?.Value is not StateValue;

    private void HandOver(WriteSyntax syntax)
    {
        CheckEnd(syntax.Name.Text + " <- ...");

        if (_scope.Find(syntax.Name.Text) is not { } binding)
        {
            _body.Report(syntax.Name.Span, b => b.UnknownName(syntax.Name.Text, _scope.Names));
            return;
        }

        if (binding.Value is ErrorValue)
        {
            return;
        }

        binding.IsRead = true;
        if (binding.Value is not ModuleValue { Instance: { AverageOf: null, PartOf: null, IsGiven: false } net })
        {
            _body.Report(syntax.Name.Span, b => b.CannotHandOver($"'{syntax.Name.Text}' is {DescribeTarget(binding.Value)}"));
            return;
        }

        if (net.Module.IsBroken)
        {
            // It has reported its own errors.
            return;
        }

        if (!net.HasParameters)
        {
            _body.Report(syntax.Name.Span, b => b.NothingToLearn(net.Name));
            return;
        }

        ModuleInstance? from = null;
        if (syntax.Value is IdentifierSyntax { Name.Text: "fresh" } && _scope.Find("fresh") is null)
        {
            if (net.Module.InitialisesFromData)
            {
                _body.Report(syntax.Value.Span, b => b.CannotHandOver($"'{net.Name}' takes its first weights from data, once"));
                return;
            }
        }
        else
        {
            Value value = _body.Evaluate(syntax.Value);
            if (value is ErrorValue)
            {
                return;
            }

            if (value is not ModuleValue { Instance: { PartOf: null } other } || ReferenceEquals(other, net))
            {
                _body.Report(syntax.Value.Span, b => b.CannotHandOver(value is ModuleValue ? "this is the net itself, or a part of one" : $"this is {value.Description}"));
                return;
            }

            from = other;
        }

        var hand = new IrHandOver(net, from);
        _handOvers.Add((syntax, hand));
        Plan(AtOnce("write_" + net.Name, "", syntax.Span) with { HandOver = hand });
    }

    // At the end, where it is known what sizes of the data nets have been constructed with.
    private void CheckHandOvers()
    {
        foreach ((WriteSyntax syntax, IrHandOver hand) in _handOvers.Where(h => h.HandOver.From is not null))
        {
            (ModuleInstance to, ModuleInstance from) = (hand.Net, hand.From!);
            if (!ReferenceEquals(to.Module, from.Module))
            {
                _body.Report(syntax.Value.Span, b => b.CannotHandOver($"'{to.Name}' is a '{to.Module.DeclaredName}' and '{from.Name}' a '{from.Module.DeclaredName}'"));
            }
            else if (Different(to, from) is { } size)
            {
                _body.Report(syntax.Value.Span, b => b.CannotHandOver($"'{size.Name}' of '{to.Name}' is {size.To}, and {size.From} of '{from.Name}'"));
            }
        }
    }

    // A size, or a switch, by which their tensors may differ.
    private static (string Name, string To, string From)? Different(ModuleInstance to, ModuleInstance from)
    {
        foreach (KeyValuePair<string, Dim> size in to.KnownSizes.Concat((to.AverageOf ?? to).FreeSizes))
        {
            if ((from.KnownSizes.TryGetValue(size.Key, out Dim? other) || (from.AverageOf ?? from).FreeSizes.TryGetValue(size.Key, out other)) && !other.Equals(size.Value))
            {
                return (size.Key, size.Value.ToString(), other.ToString());
            }
        }

        foreach (Hyperparameter hyper in to.Module.Hyperparameters.Where(h => h.Kind == HostKind.Bool))
        {
            HostValue? Of(ModuleInstance net) => net.Hyperparameters.TryGetValue(hyper.Name, out HostValue? given) ? given : hyper.Default;
            if (!Equals(Of(to)?.Expression, Of(from)?.Expression))
            {
                return (hyper.Name, "one thing", "another");
            }
        }

        return null;
    }
}
