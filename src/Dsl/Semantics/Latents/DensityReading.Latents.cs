using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>The latents of a reading: what the guide proposes, and what their lines add.</summary>
internal sealed partial class DensityReading
{
    private readonly Dictionary<string, Proposal> _proposals = new(StringComparer.Ordinal);
    private readonly List<IrValue> _divergences = [];
    private readonly List<IrValue> _proposed = [];

    /// <summary>Of a reading of the terms: for each latent the divergence of its proposal from its prior, per number where there is a closed form, else per sample.</summary>
    public ImmutableArray<IrValue> Divergences => [.. _divergences];

    /// <summary>Why the doubly reparameterised gradient cannot be had; null where it can, as far as the guide is read.</summary>
    public string? DregObstacle { get; private set; }

    /// <summary>What the guide proposes, in the order of its lines.</summary>
    public ImmutableArray<IrValue> Latents => [.. _proposed];

    /// <summary>The guide: what it binds is local to it, what it draws becomes the latents' values.</summary>
    /// <param name="guide">Its text.</param>
    /// <param name="latents">The declared types of the latents.</param>
    /// <param name="sight">What it may look at.</param>
    public void Guide(GuideSyntax guide, IReadOnlyDictionary<string, TypeSyntax> latents, GuideSight sight)
    {
        BodyElaborator inner = body.Inner(body.Block, new Scope(body.Scope));
        foreach (StatementSyntax statement in guide.Body.Statements)
        {
            if (SyntaxNames.In(statement).FirstOrDefault(n => !inner.Scope.Has(n.Text) && sight.Behind(n.Text) is not null) is { } name)
            {
                _failed = true;
                body.Report(name.Span, b => b.GuideSeesLatent(name.Text, sight.Behind(name.Text)!));
                foreach (NameSyntax bound in SyntaxNames.BoundBy(statement))
                {
                    // It is reported: what reads it stays silent.
                    inner.Scope.Set(bound.Text, ErrorValue.Instance, bound.Span, isParameter: true);
                }

                continue;
            }

            switch (statement)
            {
                case DrawSyntax draw:
                    Propose(inner, draw, latents);
                    break;
                case CostSyntax cost:
                    Cost(inner, cost);
                    break;
                default:
                    if (!inner.RunShared(statement))
                    {
                        body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), "a guide"));
                    }

                    break;
            }
        }

        UnusedNames.Report(inner);
    }

    private void Propose(BodyElaborator inner, DrawSyntax draw, IReadOnlyDictionary<string, TypeSyntax> latents)
    {
        Value law = inner.Law(draw.Distribution, mayBePoint: true);
        if (law is ErrorValue || Proposed(inner, draw, latents, law) is not { } proposal)
        {
            // It is reported: what reads it stays silent.
            inner.Scope.Set(draw.Name.Text, ErrorValue.Instance, draw.Name.Span, isParameter: true);
            _failed = true;
            return;
        }

        (proposal.Value.Name, proposal.Value.IsNamed) = (draw.Name.Text, true);
        _proposals[draw.Name.Text] = proposal;
        _proposed.Add(proposal.Value);
        _roots.Add(proposal.Value);
        inner.Scope.Set(draw.Name.Text, new TensorValue(proposal.Value), draw.Name.Span, isParameter: true);
    }

    private Proposal? Proposed(BodyElaborator inner, DrawSyntax draw, IReadOnlyDictionary<string, TypeSyntax> latents, Value law)
    {
        TensorType? Declared() => latents.TryGetValue(draw.Name.Text, out TypeSyntax? type) ? new TypeBinder(body.File, body, SizeFacts.None).Type(type, rows, mayIntroduce: false) : null;
        if (law is ModelLaw model)
        {
            DregObstacle ??= $"'{draw.Name.Text}' is proposed by a model";
            return Declared() is { } like && inner.ProposalOf(model, like, draw.Name.Text, (draw.Name.Text, "logProposal"), why => body.Report(model.Span, b => b.ModelCannotPropose(model.Model.DeclaredName, why))) is var (value, logProb)
                ? new Proposal(null, new ThroughDraw(value, value, null, null), new TensorValue(logProb), model.Span)
                : null;
        }

        if (law is TensorValue { Tensor: { } point })
        {
            // The entropy of a single point is 0.
            DregObstacle ??= $"'{draw.Name.Text}' is chosen, not drawn";
            // A latent has a name and a space of its own, whatever else it is the value of.
            point = point.Producer is null || _roots.Contains(point) ? ((TensorValue)body.Stopped(point, draw.Span)).Tensor : point;
            return new Proposal(null, new ThroughDraw(point, point, null, null), new HostValueHolder(HostValue.Of(Dim.Zero)), draw.Distribution.Span);
        }

        var distribution = (DistributionValue)law;
        if (!distribution.Distribution.IsReparameterised)
        {
            body.Report(draw.Distribution.Span, b => b.NotReparameterised(draw.Name.Text, distribution.Distribution.Name, distribution.Distribution.IsOneHot || Declared() is { IsDiscrete: true }));
            return null;
        }

        if (distribution.Distribution.Proposes != DiscreteProposal.None)
        {
            return Declared() is { } wanted ? ProposedDiscrete(inner, draw, wanted, distribution) : null;
        }

        // The doubly reparameterised gradient wants the density as a function of the draw alone.
        DregObstacle ??= !distribution.Transforms.IsEmpty ? $"'{draw.Name.Text}' is proposed through bijections, whose density at a draw is known from its noise only"
            : distribution.Tensors.Any(t => _proposals.Values.Any(p => Depends(t, p.Value, []))) ? $"the proposal of '{draw.Name.Text}' looks at another latent"
            : null;

        // A proposal that looks at nothing has the shape of its latent.
        TensorType? shaped = distribution.Tensors.FirstOrDefault(t => !t.Type.IsScalar)?.Type ?? Declared();
        return shaped is not null && inner.DrawThrough(distribution, rows, shaped, draw.Name.Text, draw.Span) is { } drawn
            ? new Proposal(distribution, drawn, null, distribution.Span)
            : null;
    }

    private static bool Depends(IrValue value, IrValue on, HashSet<IrValue> seen) =>
        ReferenceEquals(value, on) || (seen.Add(value) && (value.Producer?.Inputs ?? []).Concat(value.MergedFrom).Any(v => Depends(v, on, seen)));

    private void Latent(DrawSyntax draw)
    {
        // Until it is known to be sound, what reads the latent stays silent.
        body.Scope.Set(draw.Name.Text, ErrorValue.Instance, draw.Name.Span, isParameter: true);
        if (new TypeBinder(body.File, body, SizeFacts.None).Type(draw.Type!, rows, mayIntroduce: false) is not { } type || body.Law(draw.Distribution) is not { } prior || prior is ErrorValue)
        {
            _failed = true;
            return;
        }

        if (kind == DensityKind.PriorWeights)
        {
            FromPrior(draw, type, prior);
            return;
        }

        if (!_proposals.TryGetValue(draw.Name.Text, out Proposal? proposed))
        {
            _failed = true;
            return;
        }

        if (!type.SameShape(proposed.Value.Type) || type.Element != proposed.Value.Type.Element || !type.Count.Equals(proposed.Value.Type.Count))
        {
            _failed = true;
            body.Report(proposed.Span, b => b.WrongArgumentShape("guide", draw.Name.Text, type.IsDiscrete ? (type with { Space = null }).ToString() : type.ShapeText, proposed.Value.Type, null));
            return;
        }

        if (!Agrees(draw, type, prior, proposed))
        {
            _failed = true;
            return;
        }

        IrValue at = kind == DensityKind.DregWeights ? Gated(proposed.Value) : proposed.Value;
        at.Type = at.Type with { Space = type.Space };
        body.Scope.Set(draw.Name.Text, new TensorValue(at), draw.Name.Span, isParameter: true);
        Terms terms = new();
        if (ClosedForm(draw, type, prior, proposed) is { } divergence)
        {
            if (kind != DensityKind.Terms)
            {
                Subtract(PerSample(divergence, type, draw.Span));
                return;
            }

            bool isOneHot = proposed.Law!.Distribution.IsOneHot;
            Diverge(divergence is not TensorValue { Tensor.Type.Rows: not null } ? PerSample(divergence, type, draw.Span) : isOneHot ? OverValues(divergence) : divergence);
            return;
        }

        if (!AddPrior(draw, type, prior, at, terms) || !SubtractProposal(draw, proposed, at, terms))
        {
            _failed = true;
            return;
        }

        if (kind == DensityKind.Terms)
        {
            Diverge(body.Combine("-", Sum(terms.Minus, draw.Span)!, Sum(terms.Plus, draw.Span)!, draw.Span));
            return;
        }

        terms.Plus.ForEach(Add);
        terms.Minus.ForEach(Subtract);
    }

    // KL(proposal || prior) where both are of one family that has it; several draws are weighted by densities instead, and so are the values
    // of a latent that are summed out.
    private Value? ClosedForm(DrawSyntax draw, TensorType type, Value prior, Proposal proposed) =>
        kind is DensityKind.Density or DensityKind.Loss or DensityKind.Terms
        && prior is DistributionValue { Transforms.IsEmpty: true, Distribution: { Kl: { } kl } } known
        && proposed.Law is { Transforms.IsEmpty: true } law && law.Distribution.Kl == kl
        && !(_enumerations.AreSummedOut && law.Tensors.Concat(known.Tensors).Any(IsOfValues))
        && Supports(known, type, draw) && Fits(known, type, draw)
            ? body.InlineLibrary(kl, [.. FormulaArguments(law, type, draw.Span), .. FormulaArguments(known, type, draw.Span)], draw.Span)
            : null;

    private bool AddPrior(DrawSyntax draw, TensorType type, Value prior, IrValue at, Terms terms)
    {
        if (prior is ModelLaw model)
        {
            if (body.LogProbOf(model, at, draw.Name.Span) is not { } logProb)
            {
                return false;
            }

            terms.Plus.Add(new TensorValue(logProb));
            return true;
        }

        var law = (DistributionValue)prior;
        if (!law.Transforms.IsEmpty)
        {
            if (body.Back(law, at, rows, isChart: false) is not var (noise, logDet))
            {
                return false;
            }

            (at, type) = (noise, noise.Type);
            if (logDet is not null)
            {
                terms.Plus.Add(logDet);
            }
        }

        if (!Supports(law, type, draw) || !Fits(law, type, draw))
        {
            return false;
        }

        terms.Plus.Add(LogProb(law, at, draw.Span));
        return true;
    }

    // A draw keeps its noise, so that its density never runs bijections backwards, nor undoes what made it of the noise.
    private bool SubtractProposal(DrawSyntax draw, Proposal proposed, IrValue at, Terms terms)
    {
        if (proposed.Law?.Distribution.Proposes == DiscreteProposal.Enumerated && (AreWeights || proposed.LogProb is null))
        {
            // Its values are added up.
            return true;
        }

        if (proposed.LogProb is { } known)
        {
            terms.Minus.Add(known);
            return true;
        }

        DistributionValue law = proposed.Law!;
        if (kind == DensityKind.DregWeights)
        {
            var still = new DistributionValue(law.Distribution, [.. law.Arguments.Select(a => a is TensorValue { Tensor: { } t } ? body.Stopped(t, draw.Span) : a)], law.Span);
            terms.Minus.Add(LogProb(still, at, draw.Span));
            return true;
        }

        terms.Minus.Add(law.Distribution.DrawLogProb is { } formula && proposed.Drawn.Noise is { } noise
            ? PerSample(body.InlineLibrary(formula, [new TensorValue(noise), .. law.Arguments], draw.Span), proposed.Drawn.Base.Type, draw.Span)
            : LogProb(law.Base, proposed.Drawn.Base, draw.Span));
        if (proposed.Drawn.LogDet is { } through)
        {
            terms.Plus.Add(through);
        }

        return true;
    }

    // The model sees a draw through a gate; the guide's own later lines do not.
    private IrValue Gated(IrValue value)
    {
        var gated = new IrValue(value.Name, value.Type, value.Span) { IsNamed = true };
        body.Emit(new CatalogOp(BoundEntries.Gate, null, [("x", value)], new Dictionary<string, OperationAttribute>(), Access.Pointwise, [gated], value.Span));
        _roots.Add(gated);
        return gated;
    }

    private void FromPrior(DrawSyntax draw, TensorType type, Value prior)
    {
        IrValue? value = prior is ModelLaw model
            ? body.DrawOf(model, type, draw.Name.Text)
            : Supports((DistributionValue)prior, type, draw) ? body.DrawThrough((DistributionValue)prior, rows, type, draw.Name.Text, draw.Span)?.Value : null;
        if (value is null)
        {
            _failed = true;
            return;
        }

        (value.Name, value.IsNamed) = (draw.Name.Text, true);
        _roots.Add(value);
        body.Scope.Set(draw.Name.Text, new TensorValue(value), draw.Name.Span, isParameter: true);
    }

    private void Diverge(Value divergence)
    {
        if (divergence is TensorValue { Tensor: { } tensor })
        {
            _divergences.Add(tensor);
        }
        else if (divergence is HostValueHolder)
        {
            // It depends on nothing, so that no weight can change what is learned.
            Subtract(divergence);
        }
        else
        {
            _failed = true;
        }
    }

    // What a latent adds to log p(x, z) - log q(z | x), by sign.
    private sealed class Terms
    {
        public List<Value> Plus { get; } = [];

        public List<Value> Minus { get; } = [];
    }
}
