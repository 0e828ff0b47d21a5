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

/// <summary>What stands behind <c>over</c>: nets of the trainer and parts of them, by the names that they have in checkpoints.</summary>
internal sealed class TargetBinder(BodyElaborator body)
{
    private readonly List<IrPart> _bound = [];

    /// <summary>The targets with their places; null, reported, where one is none, or was bound before.</summary>
    public ImmutableArray<BoundTarget>? Bind(ImmutableArray<ExpressionSyntax> targets)
    {
        var bound = new List<BoundTarget>();
        bool ok = true;
        foreach (ExpressionSyntax syntax in targets)
        {
            (ExpressionSyntax target, HostValue? scale) = (syntax, null);
            if (syntax is ScaledSyntax scaled)
            {
                target = scaled.Target;
                scale = Scale(scaled.Scale);
                ok &= scale is not null;
            }

            if (Target(target) is not { } part || Overlaps(part, _bound, syntax.Span))
            {
                ok = false;
                continue;
            }

            _bound.Add(part);
            bound.Add(new BoundTarget(part, syntax.Span, scale));
        }

        return ok ? [.. bound] : null;
    }

    private HostValue? Scale(ExpressionSyntax syntax)
    {
        const string What = "What stands behind 'at'";
        switch (body.Evaluate(syntax))
        {
            case ErrorValue:
                return null;
            case HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host } when BodyElaborator.ReadsStep(host.Expression):
                body.Report(syntax.Span, b => b.NotSupportedYet($"{What} that depends on the step", "Put the schedule into the learning rate of an optimizer of its own: 'over E with adam(...)'."));
                return null;
            case HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host }:
                return body.Demand(host, Interval.Positive, "what stands behind 'at'", syntax.Span) ? host : null;
            case var other:
                body.Report(syntax.Span, b => b.WrongKind(What, "a number, the factor of the learning rate", other.Description));
                return null;
        }
    }

    private IrPart? Target(ExpressionSyntax syntax)
    {
        if (syntax is not ExceptSyntax except)
        {
            return Place(syntax) is { } place ? ToLearn(place, syntax.Span) : null;
        }

        if (Place(except.Target) is not { } whole || ToLearn(whole, except.Target.Span) is not { } part)
        {
            return null;
        }

        var without = new List<string>();
        foreach (ExpressionSyntax left in except.Without)
        {
            if (Place(left) is not { } inner || ToLearn(inner, left.Span) is not { } hole)
            {
                return null;
            }

            if (!ReferenceEquals(hole.Net, part.Net) || !IrPart.IsIn(hole.Path, part.Path) || hole.Path == part.Path)
            {
                body.Report(left.Span, b => b.ExceptNotInside(hole.Name, part.Name, [.. Names(whole.Module).Select(n => part.Name + "." + n)]));
                return null;
            }

            without.Add(hole.Path);
        }

        var rest = new IrPart(part.Net, part.Path, [.. without]);
        if (rest.Places.IsEmpty)
        {
            body.Report(syntax.Span, b => b.ExceptLeavesNothing(part.Name));
            return null;
        }

        return rest;
    }

    // A net with errors may have lost its layers to them.
    private IrPart? ToLearn(PartPlace place, TextSpan span)
    {
        var part = new IrPart(place.Net, place.Path, []);
        if (!part.Places.IsEmpty)
        {
            return part;
        }

        if (place.Module is not (IrNet { Forward: null } or IrModel { Elbo: null, LogProb: null }))
        {
            body.Report(span, b => b.NothingToLearn(part.Name));
        }

        return null;
    }

    /// <summary>Where a target stands among what a trainer is made of.</summary>
    /// <param name="Module">What it is; null for a layer.</param>
    private sealed record PartPlace(ModuleInstance Net, string Path, IrModule? Module);

    private PartPlace? Place(ExpressionSyntax syntax)
    {
        if (syntax is MemberSyntax member)
        {
            return Place(member.Target) is { } owner && !member.Member.IsMissing ? Inside(owner, member.Member) : null;
        }

        switch (body.Evaluate(syntax))
        {
            case ModuleValue { Instance.Root: { AverageOf: { } source } average }:
                body.Report(syntax.Span, b => b.TargetIsAverage(average.Name, source.Name));
                return null;
            case ModuleValue { Instance.Root: { IsGiven: true } given }:
                body.Report(syntax.Span, b => b.TargetIsGiven(given.Name));
                return null;
            case ModuleValue { Instance: { } net, Manner: CallManner.Plain }:
                return new PartPlace(net.Root, net.PartOf?.Path ?? "", net.Module);
            case ErrorValue:
                return null;
            case var other:
                body.Report(syntax.Span, b => b.TargetIsNoNet(other.Description));
                return null;
        }
    }

    private PartPlace? Inside(PartPlace owner, NameSyntax name)
    {
        string path = owner.Path.Length == 0 ? name.Text : owner.Path + "." + name.Text;
        if (owner.Module?.Children.Find(c => c.Name == name.Text) is { } child)
        {
            return new PartPlace(owner.Net, path, child.Module);
        }

        if (owner.Module?.Layers.Exists(l => l.Name == name.Text) == true)
        {
            return new PartPlace(owner.Net, path, null);
        }

        if (owner.Module is not { IsBroken: true })
        {
            string what = owner.Path.Length > 0 ? $"'{owner.Net.Name}.{owner.Path}'" : $"'{owner.Net.Name}'";
            body.Report(name.Span, b => b.UnknownMember(what, name.Text, Names(owner.Module)));
        }

        return null;
    }

    // What has something to move; the rest may be named too, and is told that.
    private static IEnumerable<string> Names(IrModule? module) => module is null
        ? []
        : module.Children.Where(c => c.HasParameters).Select(c => c.Name).Concat(module.Layers.Where(IrPart.IsLearned).Select(l => l.Name));

    private bool Overlaps(IrPart part, IEnumerable<IrPart> others, TextSpan span)
    {
        foreach (IrPart other in others.Where(o => o.Places.Intersect(part.Places).Any()))
        {
            (string inner, string outer) = part.Path.Length >= other.Path.Length ? (part.Name, other.Name) : (other.Name, part.Name);
            body.Report(span, b => inner == outer ? b.SameTargetTwice(inner) : b.TargetsOverlap(inner, outer));
            return true;
        }

        return false;
    }
}

/// <summary>A net or part that is to move.</summary>
/// <param name="Scale">What its rate is multiplied by; null where that is left alone.</param>
internal sealed record BoundTarget(IrPart Part, TextSpan Span, HostValue? Scale);
