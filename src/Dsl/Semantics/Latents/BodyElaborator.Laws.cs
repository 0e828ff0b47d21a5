using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What may stand behind <c>~</c>: a distribution, or a model that is one.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>A <see cref="DistributionValue"/> or a <see cref="ModelLaw"/>; an error, reported, for anything else.</summary>
    /// <param name="mayBePoint">Whether labels that are computed may stand there: all the mass at one point.</param>
    public Value Law(ExpressionSyntax syntax, string what = "What stands behind '~'", string expected = "a distribution such as 'normal(mean, std)', or a model", bool mayBePoint = false)
    {
        (ExpressionSyntax construction, ImmutableArray<ArgumentSyntax> conditions) = syntax switch
        {
            CallSyntax { Callee: CallSyntax inner } call => (inner, call.Arguments),
            CallSyntax { Callee: IdentifierSyntax { Name.Text: { } name } bound } call when Scope.Find(name) is { Value: ModuleValue } => (bound, call.Arguments),
            _ => (syntax, ImmutableArray<ArgumentSyntax>.Empty),
        };
        Value value = Evaluate(construction);
        switch (value)
        {
            case ModuleValue { Instance: { Module: IrModel { LogProb: null, Elbo: null } } }:
                // It has reported its own errors.
                return ErrorValue.Instance;
            case ModuleValue { Instance: { Module: IrModel } instance }:
                return new ModelLaw(instance, conditions, syntax.Span);
            case TensorValue { Tensor.Type.IsDiscrete: true } when mayBePoint && conditions.IsEmpty:
                return value;
            case DistributionValue or ErrorValue when conditions.IsEmpty || value is ErrorValue:
                return value;
            default:
                return Error(construction.Span, b => b.WrongKind(what, expected, value.Description));
        }
    }

    /// <summary>The log-probability that a model gives to a value, exact or a bound, per sample; null, reported, where it does not fit.</summary>
    public IrValue? LogProbOf(ModelLaw law, IrValue value, TextSpan at)
    {
        (ModelQuery query, IrFunction function) = law.Model.LogProb is { } exact ? (ModelQuery.LogProb, exact) : (ModelQuery.Elbo, law.Model.Elbo!);
        return Match(law.Instance, law.Model.DeclaredName, function, [RawArgument.Of(new TensorValue(value), at)], law.Conditions, law.Span) is { } match
            ? Ask(law.Instance, query, match, law.Span)
            : null;
    }

    /// <summary>A draw of a model; null, reported, where it does not fit.</summary>
    /// <param name="drawn">What is drawn.</param>
    public IrValue? DrawOf(ModelLaw law, TensorType drawn, string site)
    {
        if (law.Model.Draw is not { } function || !law.Model.DrawSizes.IsEmpty)
        {
            Report(law.Span, b => b.NoSuchQuery("draw", law.Model.DeclaredName, law.Model.Draw is null ? "it has no sampler." : "sizes of what it draws are known from data only."));
            return null;
        }

        if (Match(law.Instance, law.Model.DeclaredName, function, [], law.Conditions, law.Span) is not { } match || !IsOf(law, match.Unifier.Substitute(function.Results[0].Type), drawn, site))
        {
            return null;
        }

        var sample = new IrValue(site, drawn, law.Span) { IsNamed = true };
        Emit(new ModelOp(law.Instance, ModelQuery.Draw, Site(site), match.Inputs, sample, law.Span));
        return sample;
    }

    /// <summary>A draw of a model with its way from the noise, and its log-probability; null, reported, where there is none.</summary>
    /// <param name="like">What is drawn.</param>
    /// <param name="names">Of the two results.</param>
    /// <param name="unfit">Says what is wrong with the model.</param>
    public (IrValue Value, IrValue LogProb)? ProposalOf(ModelLaw law, TensorType like, string site, (string Value, string LogProb) names, System.Action<string> unfit)
    {
        if (law.Model.Propose is not { } function || law.Model.LogProb is not { } exact)
        {
            unfit("its law is not one of what bijections make of a draw, such as 'u ~ normal(0, 1) |> F |> sigmoid'");
            return null;
        }

        if (Match(law.Instance, law.Model.DeclaredName, function, [], law.Conditions, law.Span) is not { } match)
        {
            return null;
        }

        TensorType type = match.Unifier.Substitute(exact.Parameters[0].Type);
        if (!type.SameShape(like) || type.Element != Element.Real || !like.Range.Contains(type.Range))
        {
            unfit($"it is a law of {type}, where numbers of {like.ShapeText}{(like.Range.IsAll ? "" : $" in {like.Range}")} are wanted");
            return null;
        }

        law.Model.Asked.Add(ModelQuery.Propose);
        var value = new IrValue(names.Value, TensorType.Real(like.Rows, like.Shape).With(range: like.Range), law.Span) { IsNamed = true };
        var density = new IrValue(names.LogProb, TensorType.Real(like.Rows, []), law.Span) { IsNamed = true };
        Emit(new ModelOp(law.Instance, ModelQuery.Propose, Site(site), match.Inputs, [value, density], law.Span));
        return (value, density);
    }

    private bool IsOf(ModelLaw law, TensorType found, TensorType wanted, string name)
    {
        if (found.SameShape(wanted) && found.Element == wanted.Element && found.Count.Equals(wanted.Count))
        {
            return true;
        }

        Report(law.Span, b => b.WrongArgumentShape(law.Model.DeclaredName, name, wanted.ToString(), found, null));
        return false;
    }
}
