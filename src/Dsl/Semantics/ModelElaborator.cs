using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// Elaborates models. The body is read several times, each time with another meaning of its <c>~</c> lines: as a
/// density (exact, or bounded through the guide) and as a sampler. All readings share the layers.
/// </summary>
internal sealed class ModelElaborator
{
    private readonly FileContext _file;
    private readonly DeclarationSymbol _symbol;
    private readonly ModelSyntax _syntax;
    private readonly IrModel _model;
    private readonly Construction _construction;
    private readonly Scope _hyperparameters = new(null);
    private SizeFacts _facts = SizeFacts.None;
    private readonly Rows _rows = new("batch");

    private readonly Template? _template;

    // True where every latent is summed out.
    private bool _isExact;

    // What the data are taken apart into before they are distributed; null where they are distributed as they are.
    private PartReading? _parts;

    private ModelElaborator(FileContext file, DeclarationSymbol symbol, ModelSyntax syntax, string name, Template? template)
    {
        (_file, _symbol, _syntax, _template) = (file, symbol, syntax, template);
        _model = new IrModel(name, template?.Document(syntax.Doc, "model", symbol.Name) ?? syntax.Doc, syntax.Name.Span) { IsLibrary = symbol.IsLibrary, DeclaredName = symbol.Name, ObservedCount = syntax.Header.Data.Length };
        _construction = new Construction(_model);
    }

    /// <param name="name">The name of its class.</param>
    /// <param name="template">What is fixed; null for a model without tuples or words.</param>
    public static IrModel Elaborate(FileContext file, DeclarationSymbol symbol, ModelSyntax syntax, string name, Template? template)
    {
        var elaborator = new ModelElaborator(file, symbol, syntax, name, template);
        elaborator.Run();
        return elaborator._model;
    }

    private void Run()
    {
        _facts = HeaderBinder.Bind(_file, _symbol.Source, _syntax, _model, _hyperparameters, _template);
        if (!Check())
        {
            return;
        }

        bool hasLatents = Draws(_syntax.Body).Any(d => d.Type is not null);
        _model.HasLatents = hasLatents;
        if (Density(DensityKind.Density) is not { } density)
        {
            return;
        }

        IrFunction? loss = Density(DensityKind.Loss);
        BlindSpots.Check(density, _model, Report);
        if (!hasLatents && _model.Autoregressions is [{ } law])
        {
            _model.Sampler = PositionSamplers.Of(law, density);
            if (_model.Sampler.Obstacle is { } obstacle)
            {
                _file.Diagnostics.Add(new Diagnostics.DiagnosticBuilder(_symbol.Source, obstacle.Operation.Span).SamplerIsNaive(law.Data.Name, obstacle.Reason));
            }
        }

        // A law that reads its own past in a model with latents has no sampler yet.
        bool isPlain = _parts is null && _model.Autoregressions.IsEmpty && Draws(_syntax.Body).All(d => _syntax.Header.Data.Any(p => p.Name.Text == d.Name.Text) || d.Type is not null);
        IrFunction? draw = isPlain || _model.Sampler is not null ? Sampler()
            : _parts is { } parts && !hasLatents && _model is { Autoregressions.IsEmpty: true, ObservedCount: 1 } && Begin(new Rows("count"), withData: false) is { } reading
                ? PartSampler.Write(parts, density, reading.Body, reading.Parameters)
            : null;
        _model.FixedSizes = FixedSizes.Of(_model, density.Parameters);
        _model.DrawSizes = DrawSizes(density);
        if (_model.Sampler is { } positions)
        {
            HashSet<string> settled = [.. _model.FixedSizes.Select(v => v.Name)];
            positions.FreeSizes = [.. positions.Law.Data.Type.Shape.SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free && settled.Add(v.Name))];
        }

        HeaderBinder.CheckFacts(_model, _model.FixedSizes, Report);
        MemberNames.OfModule(_model, Report);
        _model.Loss = loss;
        _model.Draw = draw;
        _model.HasTemperature = draw is not null && _parts is not null && _parts.All.Any(p => p.Law.Distribution.Noise == DrawKind.Normal);
        if (draw is not null && _parts is not null && !_model.IsDequantized && Begin(new Rows("count"), withData: false) is { } proposal)
        {
            _model.Propose = PartSampler.Write(_parts, density, proposal.Body, proposal.Parameters, withLogProb: true);
        }

        if ((hasLatents && !_isExact) || _model.IsDequantized)
        {
            _model.Elbo = density;
            Bounds(hasLatents);
        }
        else
        {
            _model.LogProb = density;
        }
    }

    private void Report(TextSpan span, Func<Diagnostics.DiagnosticBuilder, Diagnostics.GenDiagnostic> diagnostic) =>
        _file.Diagnostics.Add(diagnostic(new Diagnostics.DiagnosticBuilder(_symbol.Source, span)));

    // Sizes of the data that a draw has to be told: neither construction nor a condition says them.
    private ImmutableArray<DimVariable> DrawSizes(IrFunction density)
    {
        static IEnumerable<DimVariable> Free(IEnumerable<IrValue> values) => values.SelectMany(p => p.Type.Shape).SelectMany(d => d.Variables).Where(v => v.Kind == DimVariableKind.Free);
        HashSet<string> known = [.. _model.FixedSizes.Concat(Free(density.Parameters.Skip(_model.ObservedCount))).Select(v => v.Name)];
        return [.. Free(density.Parameters.Take(_model.ObservedCount)).Where(v => known.Add(v.Name))];
    }

    private static bool Dequantizes(IrBlock block) => block.Statements.Any(s => s is IrOpStatement { Op: CatalogOp op } && op.Operation == FlowEntries.Dequantize);

    private static IEnumerable<DrawSyntax> Draws(BlockSyntax block) => block.Statements.OfType<DrawSyntax>();

    // What can be said from the text alone: every source has exactly one distribution, every latent one proposal.
    private bool Check()
    {
        bool ok = true;
        void Report(TextSpan span, Func<Diagnostics.DiagnosticBuilder, Diagnostics.GenDiagnostic> diagnostic)
        {
            ok = false;
            _file.Diagnostics.Add(diagnostic(new Diagnostics.DiagnosticBuilder(_symbol.Source, span)));
        }

        // A chart of the data stands for the data: 't = x |> raster', 't ~ ...'.
        IReadOnlyDictionary<string, string> charts = DataCharts.Of(_syntax);
        string DrawnName(DrawSyntax draw) => draw.Type is null && charts.TryGetValue(draw.Name.Text, out string? data) ? data : draw.Name.Text;
        var body = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyCollection<string> parted = DataCharts.Parted(_syntax);
        var lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (DrawSyntax draw in Draws(_syntax.Body))
        {
            bool isFirstOfName = lines.Add(draw.Name.Text);
            if (!body.Add(DrawnName(draw)) && !parted.Contains(DrawnName(draw)))
            {
                Report(draw.Name.Span, b => isFirstOfName ? b.DrawnTwiceAs(draw.Name.Text, DrawnName(draw)) : b.DrawnTwice(draw.Name.Text));
            }
        }

        foreach (ParameterSyntax data in _syntax.Header.Data.Where(d => !d.Name.IsMissing && !body.Contains(d.Name.Text)))
        {
            Report(data.Name.Span, b => b.NotDrawnFrom(data.Name.Text));
        }

        if (_syntax.Header.Data.IsEmpty && !_file.Diagnostics.HasErrors)
        {
            Report(_syntax.Name.Span, b => b.NoData($"The model '{_symbol.Name}'"));
        }

        HashSet<string> known = [.. _syntax.Header.Data.Select(d => d.Name.Text)];
        HashSet<string> conditions = [.. _syntax.Header.Conditions.Select(d => d.Name.Text)];
        HashSet<string> latents = [.. Draws(_syntax.Body).Select(DrawnName).Where(n => !known.Contains(n) && !conditions.Contains(n))];
        foreach (DrawSyntax draw in Draws(_syntax.Body).Where(d => !d.Name.IsMissing))
        {
            string name = DrawnName(draw);
            if (conditions.Contains(name))
            {
                Report(draw.Name.Span, b => b.ConditionDrawn(name));
            }
            else if (known.Contains(name) && draw.Type is not null)
            {
                Report(draw.Name.Span, b => b.DataHasType(name));
            }
            else if (!known.Contains(name) && draw.Type is null)
            {
                Report(draw.Name.Span, b => b.LatentNeedsShape(name));
            }
        }

        var proposed = new HashSet<string>(StringComparer.Ordinal);
        foreach (DrawSyntax draw in _syntax.Body.Statements.OfType<GuideSyntax>().SelectMany(g => Draws(g.Body)))
        {
            if (!latents.Contains(draw.Name.Text))
            {
                Report(draw.Name.Span, b => b.NotALatent(draw.Name.Text));
            }
            else if (!proposed.Add(draw.Name.Text))
            {
                Report(draw.Name.Span, b => b.DrawnTwice(draw.Name.Text));
            }
        }

        foreach (DrawSyntax draw in Draws(_syntax.Body).Where(d => latents.Contains(d.Name.Text) && d.Type is not null && !proposed.Contains(d.Name.Text)))
        {
            Report(draw.Name.Span, b => b.LatentNotProposed(draw.Name.Text));
        }

        return ok;
    }

    // The parts of a reading: the scope with hyperparameters, data and conditions, and an elaborator over a new block.
    private (BodyElaborator Body, ImmutableArray<IrValue> Parameters)? Begin(Rows rows, bool withData)
    {
        var scope = new Scope(_hyperparameters);
        var body = new BodyElaborator(_file, _symbol.Source, BodyKind.Model, _construction, new IrBlock(), scope, rows, _template);
        var types = new TypeBinder(_file, body, _facts);
        ImmutableArray<ParameterSyntax> parameters = withData ? [.. _syntax.Header.Data, .. _syntax.Header.Conditions] : _syntax.Header.Conditions;
        if (types.Parameters(parameters, rows) is not { } values)
        {
            return null;
        }

        // A sampler has no data yet, but the names of its sizes.
        foreach (TypeSyntax type in withData ? [] : _syntax.Header.Data.Select(d => d.Type).OfType<TypeSyntax>())
        {
            types.Type(type, rows, mayIntroduce: true);
        }

        return (body, values);
    }

    // Bounds from several draws, and what weighted ones are made of.
    private void Bounds(bool hasLatents)
    {
        _model.Weights = Density(DensityKind.Weights);
        if (!hasLatents)
        {
            _model.DregObstacle = "it has no latents: only the noise that fills up the levels is drawn";
            return;
        }

        _model.Encode = Density(DensityKind.Latents);
        _model.Terms = _model.TermsObstacle is null ? Density(DensityKind.Terms) : null;
        _model.PriorWeights = Density(DensityKind.PriorWeights);
        _model.DregWeights = _model.DregObstacle is null ? Density(DensityKind.DregWeights) : null;
    }

    private IrFunction? Density(DensityKind kind)
    {
        if (Begin(_rows, withData: true) is not { } reading)
        {
            return null;
        }

        (BodyElaborator body, ImmutableArray<IrValue> parameters) = reading;
        _facts.CheckNames(body);
        BindModules(body);
        body.Chart = new Chart(body.Block);
        foreach (IrValue data in parameters.Take(_model.ObservedCount))
        {
            body.Chart.Begin(data);
        }

        var density = new DensityReading(body, _rows, kind);
        Dictionary<string, TypeSyntax> latents = Draws(_syntax.Body).Where(d => d.Type is not null).ToDictionary(d => d.Name.Text, d => d.Type!, StringComparer.Ordinal);
        GuideSight sight = GuideSight.Of(_syntax);
        foreach (StatementSyntax statement in sight.Early.Where(s => !IsModuleBinding(s)))
        {
            density.Statement(statement);
        }

        int early = body.Block.Statements.Count;
        foreach (GuideSyntax guide in kind == DensityKind.PriorWeights ? [] : _syntax.Body.Statements.OfType<GuideSyntax>())
        {
            density.Guide(guide, latents, sight);
        }

        if (kind == DensityKind.Latents)
        {
            body.CloseFamilies();
            return density.Latents.IsEmpty || Has(body.Block, Enumerations.IsValues) ? null : new IrFunction(parameters, body.Block, density.Latents);
        }

        int proposed = body.Block.Statements.Count;
        foreach (StatementSyntax statement in _syntax.Body.Statements.Where(s => s is not GuideSyntax && !IsModuleBinding(s) && !sight.Early.Contains(s)))
        {
            density.Statement(statement);
        }

        IrValue? result = density.Finish(_syntax.Name.Span);
        body.CloseFamilies();
        if (kind == DensityKind.Density)
        {
            UnusedNames.Report(body);
            _model.Autoregressions = density.Autoregressions;
            _model.IsDequantized = Dequantizes(body.Block);
            _parts = result is null ? null : density.Parts;
            _model.Judged = density.Judged;
            _isExact = density.IsExact;
            _model.RelaxedLatent = density.Relaxed;
            _model.TermsObstacle = density.SummedOut is { } latent ? $"the values of '{latent}' are summed out, so that its divergence is not apart: give 'enumerate' logits." : null;
            _model.DregObstacle = density.DregObstacle ?? (SharedModule(body.Block, early, proposed) is { } shared ? $"guide and model share '{shared}'" : null);
        }

        if (result is null)
        {
            return null;
        }

        if (kind is DensityKind.Weights or DensityKind.DregWeights or DensityKind.PriorWeights)
        {
            // Of a guide that only chooses, several draws would be one.
            if (!Has(body.Block, o => IsDraw(o) && o is not CatalogOp { Operation.Name: "~rows" }))
            {
                return null;
            }

            RowCopies.Spread(body.Block, IsDraw, new Rows("draws"), new CodeAttribute("count"));
        }

        ImmutableArray<IrValue> results = kind == DensityKind.Terms ? [result, .. density.Divergences] : [result];
        return new IrFunction(parameters, body.Block, density.SumOut(results, _syntax.Name.Span));
    }

    // What has rows of its own, one for each draw: noise, and what is laid out over the rows that a function has in hand.
    private static bool IsDraw(IrOp op) => op is DrawOp or ModelOp { Query: ModelQuery.Draw or ModelQuery.Propose } or CatalogOp { Operation.Name: "~rows" } || Enumerations.IsValues(op);

    private static bool Has(IrBlock block, Func<IrOp, bool> wanted) => block.Statements.Any(s => s is IrFor loop ? Has(loop.Body, wanted) : s is IrOpStatement { Op: { } op } && wanted(op));

    // A layer or net that is used by guide and model: by statements between two places, where the guide is, and by others.
    private static string? SharedModule(IrBlock block, int from, int to)
    {
        static object? Of(IrStatement statement) => statement is IrOpStatement { Op: { } op } ? op switch
        {
            InvokeOp invoke => invoke.Module,
            ModelOp model => model.Module,
            ReadParameterOp read => read.Layer,
            CatalogOp { Layer: { Weights.Length: > 0 } layer } => layer,
            _ => null,
        }
        : null;
        static IEnumerable<object?> All(IEnumerable<IrStatement> statements) => statements.SelectMany(s => s is IrFor loop ? All(loop.Body.Statements) : [Of(s)]);
        HashSet<object?> guide = [.. All(block.Statements.Take(to).Skip(from))];
        return All(block.Statements.Take(from).Concat(block.Statements.Skip(to))).FirstOrDefault(m => m is not null && guide.Contains(m)) switch
        {
            ModuleInstance module => module.Name,
            LayerInstance layer => layer.Name,
            _ => null,
        };
    }

    private IrFunction? Sampler()
    {
        if (Begin(new Rows("count"), withData: false) is not { } reading)
        {
            return null;
        }

        if (_model.Sampler is { } sampler)
        {
            return PositionSampler(sampler, reading.Body, reading.Parameters);
        }

        (BodyElaborator body, ImmutableArray<IrValue> parameters) = reading;
        BindModules(body);
        var results = new List<IrValue>();

        // What only the guide reads is computed from data, which a sampler has not.
        HashSet<string> fromData = [.. _syntax.Header.Data.Select(d => d.Name.Text)];
        foreach (StatementSyntax statement in _syntax.Body.Statements.Where(s => s is not (GuideSyntax or CostSyntax) && !IsModuleBinding(s)))
        {
            if (statement is not DrawSyntax && SyntaxNames.In(statement).Any(n => fromData.Contains(n.Text)))
            {
                fromData.UnionWith(SyntaxNames.BoundBy(statement).Select(n => n.Text));
                continue;
            }

            if (statement is not DrawSyntax draw)
            {
                body.RunShared(statement);
                continue;
            }

            if (Target(body, draw, new Rows("count")) is not { } type)
            {
                return null;
            }

            IrValue? sample = body.Law(draw.Distribution) switch
            {
                ModelLaw { Model.Draw: null } => null,
                ModelLaw { Model.DrawSizes.IsEmpty: false } => null,
                ModelLaw model => body.DrawOf(model, type, draw.Name.Text),
                DistributionValue distribution => body.DrawThrough(distribution, type.Rows, type, draw.Name.Text, draw.Span)?.Value,
                _ => null,
            };
            if (sample is not { } drawn)
            {
                return null;
            }

            // What a law may draw outside the range of a space is not of the space: a Gaussian about pixels in [-1, 1].
            drawn.Type = type.Range.Contains(drawn.Type.Range) ? drawn.Type with { Space = type.Space } : drawn.Type;
            body.Scope.Set(draw.Name.Text, new TensorValue(drawn), draw.Name.Span, isParameter: true);
            if (draw.Type is null)
            {
                results.Add(drawn);
            }
        }

        body.CloseFamilies();
        return results.Count == 1 ? new IrFunction(parameters, body.Block, [.. results]) : null;
    }

    // Everything that the body computes is computed from the positions drawn so far: the sampler is derived from the density.
    private static IrFunction PositionSampler(IrPositionSampler sampler, BodyElaborator body, ImmutableArray<IrValue> conditions)
    {
        IrValue data = sampler.Law.Data;
        var drawn = new IrValue(data.Name, data.Type with { Rows = new Rows("count") }, data.Span) { IsNamed = true };
        body.Emit(new DrawPositionsOp(sampler, data.Name, conditions, drawn, data.Span));
        return new IrFunction(conditions, body.Block, [drawn]);
    }

    // The type of what a '~' line is about: a latent's own, or the space of a data parameter.
    private TensorType? Target(BodyElaborator body, DrawSyntax draw, Rows rows)
    {
        var types = new TypeBinder(_file, body, _facts);
        TypeSyntax? syntax = draw.Type ?? _syntax.Header.Data.FirstOrDefault(d => d.Name.Text == draw.Name.Text)?.Type;
        return syntax is null ? null : types.Type(syntax, rows, mayIntroduce: false);
    }

    // Nets bound to names in the body are in sight of the guide too: encoder and decoder may share one.
    private void BindModules(BodyElaborator body)
    {
        foreach (StatementSyntax statement in _syntax.Body.Statements.Where(IsModuleBinding))
        {
            body.RunShared(statement);
        }
    }

    private bool IsModuleBinding(StatementSyntax statement) =>
        statement is BindingSyntax { IsTuple: false, Value: CallSyntax { Callee: IdentifierSyntax { Name.Text: { } name } } }
        && (_file.Find(name) is { Syntax: NetSyntax or FlowSyntax or ModelSyntax } || (_file.Find(name) is null && (_file.Catalogue.Find(name) is { Kind: OperationKind.Layer } || Wrapping.Words.Contains(name))));
}
