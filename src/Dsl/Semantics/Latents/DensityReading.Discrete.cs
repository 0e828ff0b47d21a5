using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Latents with finitely many values: drawn with a gradient that is not theirs, relaxed, or enumerated.</summary>
internal sealed partial class DensityReading
{
    private readonly Enumerations _enumerations = new(body);

    /// <summary>A latent that is summed out, whose divergence is not apart; null where there is none.</summary>
    public string? SummedOut => _enumerations.AreSummedOut ? _enumerations.First : null;

    /// <summary>True where every latent is summed out: the log-probability is exact.</summary>
    public bool IsExact => _enumerations.AreSummedOut && _proposals.Values.All(p => p.Law?.Distribution.Proposes == DiscreteProposal.Enumerated);

    /// <summary>A latent whose draws are relaxed in training, and its law; null where there is none.</summary>
    public (string Latent, string Law)? Relaxed { get; private set; }

    private bool AreWeights => kind is DensityKind.Weights or DensityKind.DregWeights or DensityKind.PriorWeights;

    /// <summary>Results with one row for each sample, where all values of latents were computed.</summary>
    public ImmutableArray<IrValue> SumOut(ImmutableArray<IrValue> results, TextSpan span)
    {
        if (_enumerations.First is null)
        {
            return results;
        }

        if (!_enumerations.AreSummedOut || kind != DensityKind.Loss)
        {
            return _enumerations.SumOut(results, asWeights: AreWeights || _enumerations.AreSummedOut);
        }

        // What a cost says of each value counts as much as the value is likely.
        IrValue? costs = (_costs as TensorValue)?.Tensor;
        ImmutableArray<IrValue> sums = _enumerations.SumOut(costs is null ? results : [results[0], costs], asWeights: true);
        Value loss = body.Combine("-", new HostValueHolder(HostValue.Of(Dim.Zero)), new TensorValue(sums[0]), span);
        loss = costs is null ? loss : body.Combine("+", loss, new TensorValue(sums[1]), span);
        return [((TensorValue)loss).Tensor];
    }

    private Proposal? ProposedDiscrete(BodyElaborator inner, DrawSyntax draw, TensorType type, DistributionValue law)
    {
        string name = draw.Name.Text;
        Distribution entry = law.Distribution;
        if (!law.Transforms.IsEmpty)
        {
            body.Report(draw.Distribution.Span, b => b.DiscreteThroughBijection(entry.Name));
            return null;
        }

        DregObstacle ??= $"'{name}' has finitely many values, so that no draw of it moves with the guide's weights";
        if (entry.Proposes == DiscreteProposal.Enumerated)
        {
            return ProposedValues(draw, type, law);
        }

        if (type.Element != Element.Real || type.Shape.Length == 0)
        {
            body.Report(draw.Distribution.Span, b => b.ProposalIsNoVector(name, type, entry.Name));
            return null;
        }

        if (!Fits(law, type, draw))
        {
            return null;
        }

        if (entry.Proposes == DiscreteProposal.Relaxed)
        {
            Relaxed ??= (name, entry.Name);
        }

        // A relaxed draw has no probability to be weighted by.
        DistributionValue drawn = entry.Proposes == DiscreteProposal.Relaxed && AreWeights ? new(Catalogue.FindDistribution("one_hot")!, [law.Arguments[0]], law.Span) : law;
        return inner.DrawThrough(drawn, rows, type, name, draw.Span) is { } through ? new Proposal(law, through, null, law.Span) : null;
    }

    private Proposal? ProposedValues(DrawSyntax draw, TensorType type, DistributionValue law)
    {
        string name = draw.Name.Text;
        bool isVector = type.Element == Element.Real;
        if (!law.Distribution.Elements.Contains(type.Element) || (isVector && type.Shape.Length == 0))
        {
            body.Report(draw.Distribution.Span, b => b.ProposalIsNoChoice(name, type));
            return null;
        }

        Dim count = isVector ? type.Shape[0] : type.Count;
        if (type.Shape.Length > (isVector ? 1 : 0))
        {
            string choices = string.Join(" * ", type.Shape.Skip(isVector ? 1 : 0).Select(d => d.ToString()));
            body.Report(draw.Distribution.Span, b => b.ManyChoices(name, type, count.ToString(), choices));
            return null;
        }

        // The logits of codes and of vectors are the same.
        if (law.Tensors.FirstOrDefault(t => t.Type.Shape.Length != 1 || !t.Type.Shape[0].Equals(count)) is { } unfit)
        {
            body.Report(draw.Distribution.Span, b => b.WrongParameterShape(law.Distribution.Name, "logits", name, type, $"[{count}]", $"categorical({count}).parameters(1) = {count}", unfit.Type));
            return null;
        }

        string? first = _enumerations.First;
        IrValue values = _enumerations.Values(name, type with { Rows = rows }, count, draw.Span);
        Value? logProb = law.Arguments.IsEmpty ? null : LogProb(new(Catalogue.FindDistribution(isVector ? "one_hot" : "categorical")!, law.Arguments, law.Span), values, draw.Span);
        if (!_enumerations.Weigh(name, logProb, draw.Span))
        {
            body.Report(draw.Distribution.Span, b => b.SomeSummedOut(first!, name));
            return null;
        }

        return new Proposal(law, new ThroughDraw(values, values, null, null), logProb, law.Span);
    }

    // Probabilities of one-hot vectors and densities of real numbers do not mix.
    private bool Agrees(DrawSyntax draw, TensorType type, Value prior, Proposal proposed)
    {
        var law = prior as DistributionValue;
        bool isPriorOneHot = law is { Distribution.IsOneHot: true };
        bool isProposalOneHot = type.Element == Element.Real && proposed.Law is { Distribution.Proposes: not DiscreteProposal.None };
        if (law is not null && !IsLawOfModel(draw, law))
        {
            return false;
        }

        if (isPriorOneHot == isProposalOneHot)
        {
            return true;
        }

        string By(DistributionValue? one, string model) => one is null ? model : $"'{one.Distribution.Name}'";
        string proposal = By(proposed.Law, "a model");
        body.Report(isPriorOneHot ? proposed.Span : draw.Distribution.Span, b => isPriorOneHot
            ? b.PriorIsOther(draw.Name.Text, law!.Distribution.Name, true, proposal)
            : b.PriorIsOther(draw.Name.Text, By(law, prior.Description), false, proposal));
        return false;
    }

    private bool IsLawOfModel(DrawSyntax draw, DistributionValue law)
    {
        if (law.Distribution.Proposes != DiscreteProposal.None)
        {
            body.Report(draw.Distribution.Span, b => b.ProposesOnly(law.Distribution.Name, law.Distribution.IsOneHot));
            return false;
        }

        if (law.Distribution.IsOneHot && !law.Transforms.IsEmpty)
        {
            body.Report(draw.Distribution.Span, b => b.DiscreteThroughBijection(law.Distribution.Name));
            return false;
        }

        return true;
    }

    private bool IsLawOfData(DrawSyntax draw, DistributionValue law, TensorType type)
    {
        if (!IsLawOfModel(draw, law))
        {
            return false;
        }

        if (law.Distribution.IsOneHot)
        {
            body.Report(draw.Distribution.Span, b => b.OneHotData(draw.Name.Text, type));
            return false;
        }

        if (IsUniform(law))
        {
            // Nothing would be learned of the data.
            body.Report(draw.Distribution.Span, b => b.WrongKind($"'{law.Distribution.Parameters[0].Name}' of '{law.Distribution.Name}'", "a real tensor where it is the law of data", law.Arguments[0].Description));
            return false;
        }

        return true;
    }

    // Whether it differs between the values of an enumerated latent.
    private bool IsOfValues(IrValue value) => _proposals.Values.Any(p => p.Law?.Distribution.Proposes == DiscreteProposal.Enumerated && Depends(value, p.Value, []));

    private static bool IsUniform(DistributionValue law) => law.Distribution.UniformDrawOperation is not null && law.Arguments[0] is HostValueHolder;

    // What the formulas of a law are given: of one-hot vectors, log-probabilities instead of logits.
    private IReadOnlyList<Value> FormulaArguments(DistributionValue law, TensorType type, TextSpan span) => !law.Distribution.IsOneHot ? law.Arguments
        : [law.Arguments[0] is TensorValue { Tensor: { } logits } ? body.LogSoftmax(logits, span) : UniformLogProb(type.Shape[0])];

    private static HostValueHolder UniformLogProb(Dim count) => new(HostArithmetic.Negate(HostArithmetic.Call("log", HostValue.Of(count))));

    // A divergence for each choice, not for each of the values that it could have.
    private Value OverValues(Value divergence)
    {
        if (divergence is not TensorValue { Tensor: { } tensor })
        {
            return divergence;
        }

        var sum = new IrValue(tensor.Name, tensor.Type.With(shape: tensor.Type.Shape.RemoveAt(0)), tensor.Span);
        body.Emit(new CatalogOp(BoundEntries.OverValues, null, [("x", tensor)], new Dictionary<string, OperationAttribute>(), Access.Features, [sum], tensor.Span));
        return new TensorValue(sum);
    }
}
