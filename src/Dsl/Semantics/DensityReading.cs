using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// Reads a model body as a density: every <c>~</c> line adds its log-probability, per sample. A latent takes the value
/// that the guide proposes, and adds minus KL(proposal || prior) where a closed form is known, else log prior - log proposal.
/// </summary>
internal sealed partial class DensityReading(BodyElaborator body, Rows rows, DensityKind kind)
{
    private readonly HashSet<IrValue> _roots = [];
    private readonly AutoregressionReading _own = new(body);
    private readonly List<Value> _positive = [];
    private readonly List<Value> _negative = [];
    private readonly PartReading _parts = new(body, rows);
    private Value? _costs;
    private bool _failed;

    /// <summary>What the data are taken apart into; null where they are distributed as they are.</summary>
    public PartReading? Parts => _parts.IsUsed ? _parts : null;

    /// <summary>The lines whose law looks at what is drawn before.</summary>
    public ImmutableArray<Autoregression> Autoregressions => _own.Found;

    /// <summary>All lines of which it was asked whether they do.</summary>
    public ImmutableArray<JudgedLaw> Judged => _own.Judged;

    /// <summary>A statement of the model's own body.</summary>
    public void Statement(StatementSyntax statement)
    {
        switch (statement)
        {
            case DrawSyntax draw:
                Draw(draw);
                break;
            case CostSyntax cost:
                Cost(body, cost);
                break;
            default:
                if (!body.RunShared(statement))
                {
                    body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), "a model"));
                }

                break;
        }
    }

    /// <summary>The log-density, or the loss, [N;]; null where something failed.</summary>
    public IrValue? Finish(TextSpan span)
    {
        if (!_failed && _parts.IsUsed)
        {
            if (_parts.Finish() is not (true, var logDet))
            {
                return null;
            }

            if (logDet is not null)
            {
                Add(logDet);
            }
        }

        GatherNumbers(span);

        // Weights that are added up keep their sign until they are.
        bool isLoss = kind == DensityKind.Loss && !_enumerations.AreSummedOut;
        Value? plus = Sum(isLoss ? _negative : _positive, span);
        Value? minus = Sum(isLoss ? _positive : _negative, span);
        if (_failed || (plus is null && minus is null))
        {
            return null;
        }

        Value result = minus is null ? plus! : body.Combine("-", plus ?? new HostValueHolder(HostValue.Of(Dim.Zero)), minus, span);
        if (isLoss && _costs is not null)
        {
            result = body.Combine("+", result, _costs, span);
        }

        return (result as TensorValue)?.Tensor;
    }

    private void Draw(DrawSyntax draw)
    {
        // What is looked up by a code that was chosen stands for the code; its gradient alone takes another way.
        _roots.UnionWith(body.LookedUp(_roots));
        if (draw.Type is not null)
        {
            Latent(draw);
            return;
        }

        Value law = body.Law(draw.Distribution);
        if (law is ErrorValue || body.Scope.Find(draw.Name.Text) is not { Value: TensorValue { Tensor: { } observed } } binding)
        {
            _failed = true;
            return;
        }

        binding.IsRead = true;
        if (law is ModelLaw model)
        {
            Observe(draw, observed, model);
            return;
        }

        var distribution = (DistributionValue)law;
        if (!IsLawOfData(draw, distribution, observed.Type))
        {
            _failed = true;
            return;
        }

        if (!distribution.Transforms.IsEmpty)
        {
            if (!body.Chart!.Has(observed))
            {
                _failed = true;
                body.Report(draw.Name.Span, b => b.NotDistributed(draw.Name.Text));
                return;
            }

            if (body.Back(distribution, observed, rows, isChart: true) is not var (noise, _))
            {
                _failed = true;
                return;
            }

            (observed, distribution) = (noise, distribution.Base);
        }

        RootChart? chart = RootChart.Of(observed);
        bool isPart = body.Chart!.Has(observed) && (chart is null || (!chart.Ops.IsEmpty && !distribution.Tensors.Any(t => Reaches(t, observed, []) || Reaches(t, chart.Data, []))));
        if (!isPart && chart is null)
        {
            _failed = true;
            body.Report(draw.Name.Span, b => b.NotDistributed(draw.Name.Text));
            return;
        }

        _parts.Add(draw, observed, distribution, isPart, _roots);
        if (isPart)
        {
            if (Supports(distribution, observed.Type, draw) && Fits(distribution, observed.Type, draw))
            {
                Add(LogProb(distribution, observed, draw.Span));
            }

            return;
        }

        if (distribution.Tensors.Any(t => Reaches(t, observed, []) || Reaches(t, chart!.Data, []))
            && (!Fits(distribution, observed.Type, draw) || !_own.Check(draw, chart!, distribution, _roots)))
        {
            _failed = true;
            return;
        }

        if (Supports(distribution, observed.Type, draw) && Fits(distribution, observed.Type, draw))
        {
            Add(LogProb(distribution, observed, draw.Span));
        }
    }

    // A model of the data: what it is told may be computed from latents, not from the data that it is about.
    private void Observe(DrawSyntax draw, IrValue observed, ModelLaw law)
    {
        if (observed.Producer is not null)
        {
            _failed = true;
            body.Report(draw.Name.Span, b => b.NotDistributed(draw.Name.Text));
        }
        else if (body.LogProbOf(law, observed, draw.Name.Span) is not { } logProb)
        {
            _failed = true;
        }
        else if (((ModelOp)((IrOpStatement)body.Block.Statements[body.Block.Statements.Count - 1]).Op).Inputs.Skip(law.Model.ObservedCount).Any(i => Reaches(i, observed, [])))
        {
            _failed = true;
            body.Report(draw.Distribution.Span, b => b.ToldItsOwnData(law.Model.DeclaredName, draw.Name.Text));
        }
        else
        {
            Add(new TensorValue(logProb));
        }
    }

    private void Cost(BodyElaborator where, CostSyntax cost)
    {
        Value value = where.Evaluate(cost.Value);
        if (kind != DensityKind.Loss)
        {
            // Evaluated for its messages; the pure density does not use it, and what nothing uses is not emitted.
            return;
        }

        if (value is not TensorValue { Tensor.Type: { Shape.Length: 0 } })
        {
            _failed |= value is ErrorValue;
            if (value is not ErrorValue)
            {
                _failed = true;
                body.Report(cost.Value.Span, b => b.WrongKind("A cost", "one number per sample, such as 'sum(..., per: sample)'", value.Description));
            }

            return;
        }

        _costs = _costs is null ? value : body.Combine("+", _costs, value, cost.Span);
    }

    private Value LogProb(DistributionValue distribution, IrValue at, TextSpan span)
    {
        // A fused formula wants equal numbers of rows; arithmetic repeats a value over the rows by itself.
        Distribution entry = distribution.Distribution;
        if (IsUniform(distribution) && !entry.IsOneHot)
        {
            return PerSample(UniformLogProb(at.Type.Count), at.Type, span);
        }

        ImmutableArray<Value> arguments = [.. FormulaArguments(distribution, at.Type, span).Select(a =>
            entry.IsFused && a is TensorValue { Tensor: { } tensor } ? new TensorValue(body.OverRows(tensor, at.Type.Rows, span)) : a)];
        Value logProb = entry.LogProbOperation is { } operation
            ? body.ApplyFormula(operation, [at, .. arguments.OfType<TensorValue>().Select(t => t.Tensor)], span)
            : body.InlineLibrary(entry.LogProb, [new TensorValue(at), .. arguments], span);
        return PerSample(logProb, at.Type, span);
    }

    // A number that is the same everywhere counts once per element.
    private Value PerSample(Value elementwise, TensorType over, TextSpan span) => elementwise switch
    {
        TensorValue { Tensor: { Type.Rows: null } tensor } => body.SumPerSample(body.OverRows(tensor, rows, span), span),
        TensorValue { Tensor: { } tensor } => body.SumPerSample(tensor, span),
        HostValueHolder { Host: { } host } when HostArithmetic.Binary("*", host, HostValue.Of(Dim.Product(over.Shape))) is { } sum => new HostValueHolder(sum),
        _ => ErrorValue.Instance,
    };

    // Terms are kept by their sign, so that the loss, where all signs turn, negates nothing.
    private void Add(Value term) => Keep(term, _positive, _negative);

    private void Subtract(Value term) => Keep(term, _negative, _positive);

    private void Keep(Value term, List<Value> same, List<Value> opposite)
    {
        if (term is TensorValue { Tensor.Producer: CatalogOp { Operation.Name: "neg" } negative })
        {
            opposite.Add(new TensorValue(negative.Inputs[0]));
        }
        else if (term is TensorValue { Tensor.Producer: CatalogOp { Operation.Name: "+s" } shifted })
        {
            Keep(new TensorValue(shifted.Inputs[0]), same, opposite);
            same.Add(new HostValueHolder(((NumberAttribute)shifted.Attributes["number"]).Value));
        }
        else if (term is ErrorValue)
        {
            _failed = true;
        }
        else
        {
            same.Add(term);
        }
    }

    private Value? Sum(IReadOnlyCollection<Value> terms, TextSpan span) => terms.Count == 0 ? null : terms.Aggregate((a, b) => body.Combine("+", a, b, span));

    // All numbers become one, the last term of a sum that has tensors.
    private void GatherNumbers(TextSpan span)
    {
        Value? plus = Take(_positive);
        Value? minus = Take(_negative);
        if (plus is null && minus is null)
        {
            return;
        }

        List<Value> side = _positive.Count > 0 || _negative.Count == 0 ? _positive : _negative;
        (Value? with, Value? against) = ReferenceEquals(side, _positive) ? (plus, minus) : (minus, plus);
        side.Add(against is null ? with! : body.Combine("-", with ?? new HostValueHolder(HostValue.Float(0.0)), against, span));

        Value? Take(List<Value> terms)
        {
            Value? sum = Sum([.. terms.Where(t => t is HostValueHolder)], span);
            terms.RemoveAll(t => t is HostValueHolder);
            return sum;
        }
    }

    private bool Supports(DistributionValue distribution, TensorType type, DrawSyntax draw)
    {
        Distribution entry = distribution.Distribution;
        Interval support = distribution.Support;
        bool isLatent = draw.Type is not null;
        if (entry.Elements.Contains(type.Element) && (isLatent || support.Contains(type.Range)))
        {
            return true;
        }

        _failed = true;
        body.Report(draw.Distribution.Span, b => b.OutsideSupport(entry.Name, entry.About + (entry.Elements.Contains(Element.Real) ? $" in {support}" : ""), type));
        return false;
    }

    private bool Fits(DistributionValue distribution, TensorType type, DrawSyntax draw)
    {
        Distribution entry = distribution.Distribution;
        foreach (IrValue argument in distribution.Tensors.Where(t => !ParameterShapes.Fits(entry.Layout, type, t.Type)))
        {
            _failed = true;
            if (entry.Layout == ParameterLayout.PerVector)
            {
                body.Report(distribution.Span, b => b.WrongVectorShape(entry.Name, draw.Name.Text, type, argument.Type));
                return false;
            }

            if (entry.Layout != ParameterLayout.PerNumber)
            {
                (string wanted, string asked) = ParameterShapes.Wanted(entry.Name, entry.Layout, type);
                body.Report(draw.Distribution.Span, b => b.WrongParameterShape(entry.Name, entry.Parameters[0].Name, draw.Name.Text, type, wanted, asked, argument.Type));
                return false;
            }

            body.Report(draw.Distribution.Span, b => b.ShapesDiffer(distribution.Distribution.Name, $"'{draw.Name.Text}'", type, "its parameter", argument.Type));
            return false;
        }

        return true;
    }

    // Latents are roots of their own: that the guide looked at x does not make the decoder look at x.
    private bool Reaches(IrValue value, IrValue root, HashSet<IrValue> seen) =>
        ReferenceEquals(value, root)
        || (!_roots.Contains(value) && seen.Add(value) && (value.Producer?.Inputs ?? []).Concat(value.MergedFrom).Any(v => Reaches(v, root, seen)));
}
