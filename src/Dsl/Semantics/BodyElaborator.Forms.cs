using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Distributions, draws, optimizers, and the words that take nets and models.</summary>
internal sealed partial class BodyElaborator
{
    private HashSet<string> _sites = [];

    /// <summary>The name of the statement in hand: noise drawn in it is addressed by it.</summary>
    public string SiteStem { get; set; } = "draw";

    /// <summary>True where normal noise has the temperature that a sampler is asked for.</summary>
    public bool IsTempered { get; set; }

    /// <summary>A draw: noise of the distribution's kind turned into a draw by its library formula.</summary>
    /// <param name="drawn">What is drawn; a formula that does not tell takes it as its type.</param>
    public Value Draw(DistributionValue distribution, Rows? rows, TensorType drawn, string site, TextSpan span) => Draw(distribution, rows, drawn, site, span, out _);

    /// <summary>The same.</summary>
    /// <param name="elementary">The noise that the draw was made of; null where it was drawn at once.</param>
    /// <param name="like">What the noise has the rows of; null for those of the place.</param>
    /// <param name="within">Between which numbers normal noise stays; null where it may be any.</param>
    public Value Draw(DistributionValue distribution, Rows? rows, TensorType drawn, string site, TextSpan span, out IrValue? elementary, IrValue? like = null, (HostValue Low, HostValue High)? within = null)
    {
        elementary = null;
        Distribution entry = distribution.Distribution;
        ImmutableArray<Dim> shape = entry.NoiseShape(drawn);
        if (entry.Noise == DrawKind.Bernoulli)
        {
            if (InlineLibrary(entry.Draw, distribution.Arguments, span) is not TensorValue { Tensor: { } probability })
            {
                return ErrorValue.Instance;
            }

            probability = OverRows(probability, rows, span);
            var bits = new IrValue(site, new TensorType(Element.Bit, 2, probability.Type.Rows, shape, Interval.Unit), span);
            Emit(new DrawOp(entry.Noise, Site(site), shape, [], [probability], bits, span));
            return new TensorValue(bits);
        }

        Interval range = entry.Noise == DrawKind.Uniform ? Interval.Unit : within is { } kept ? Between(kept.Low.Range.Low, kept.High.Range.High) : Interval.All;
        var noise = new IrValue("noise", TensorType.Real(rows, shape).With(range: range), span);
        ImmutableArray<HostValue> ends = entry.Noise == DrawKind.Uniform ? [HostValue.Float(0.0), HostValue.Float(1.0)] : within is { } stays ? [stays.Low, stays.High] : [];
        Emit(new DrawOp(entry.Noise, Site(site), shape, ends, like is null ? [] : [like], noise, span));
        if (IsTempered && entry.Noise == DrawKind.Normal)
        {
            var tempered = new IrValue("noise", noise.Type, span);
            Emit(new CatalogOp(FlowEntries.Temper, null, [("x", noise)], new Dictionary<string, OperationAttribute>(), Access.Pointwise, [tempered], span));
            noise = tempered;
        }

        elementary = noise;
        if (entry.DrawOperation is { } operation)
        {
            var value = new IrValue(site, (entry.IsOneHot ? drawn.With(range: Interval.Unit) : drawn) with { Rows = rows, Space = null }, span);
            bool isUniform = !distribution.Tensors.Any();
            ImmutableArray<(string, IrValue)> inputs = isUniform ? [("noise", noise)] : [("noise", noise), ("parameters", OverRows(distribution.Tensors.First(), rows, span))];
            operation = isUniform ? entry.UniformDrawOperation! : operation;
            _construction.Owner.UsesMode |= operation.UsesMode;
            Emit(new CatalogOp(operation, null, inputs, DistributionOperations.Attributes(drawn, distribution.Temperature), Access.Features, [value], span));
            return new TensorValue(value);
        }

        return InlineLibrary(entry.Draw, [new TensorValue(noise), .. distribution.Arguments], span);
    }

    /// <summary>The value with rows: as it is, or once per row.</summary>
    public IrValue OverRows(IrValue value, Rows? rows, TextSpan span)
    {
        if (value.Type.Rows is not null || rows is null)
        {
            return value;
        }

        var all = new IrValue(value.Name, value.Type with { Rows = rows, Space = null }, _call ?? span);
        var attributes = new Dictionary<string, OperationAttribute> { ["shape"] = new RowShapeAttribute(value.Type.Shape) };
        Emit(new CatalogOp(ArithmeticEntries.Rows, null, [("a", value)], attributes, Access.Pointwise, [all], _call ?? span));
        return all;
    }

    private string Site(string stem)
    {
        string site = stem;
        for (int i = 2; !_sites.Add(site); i++)
        {
            site = stem + "." + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return site;
    }

    private Value Distribution(Distribution entry, CallSyntax call)
    {
        if (ArgumentMatcher.Match(entry.Name, [.. entry.Parameters.Select(p => (p.Name, false))], [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        bool ok = true;
        var arguments = new List<Value>();
        foreach (DistributionParameter parameter in entry.Parameters)
        {
            if (!matched.TryGetValue(parameter.Name, out List<RawArgument>? given))
            {
                if (!parameter.IsOptional)
                {
                    Report(call.Span, b => b.MissingArgument(entry.Name, parameter.Name, ""));
                    ok = false;
                }

                continue;
            }

            Value value = Evaluate(given[0].Syntax!);
            if (value is TensorValue { Tensor: { Type.IsDiscrete: true } labels } && _file.Catalogue.Find(entry.Name) is { } function)
            {
                return Apply(function, [labels], null, call.Span);
            }

            arguments.Add(value);
            bool mayBeNumber = parameter.IsNumber || entry.Layout == ParameterLayout.PerNumber || entry.UniformDrawOperation is not null;
            Interval? range = value switch
            {
                TensorValue { Tensor.Type: { Element: Element.Real } type } when !parameter.IsNumber => type.Range,
                HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host } when mayBeNumber => host.Range,
                _ => null,
            };
            if (range is null)
            {
                ok = false;
                if (value is not ErrorValue)
                {
                    Report(given[0].Span, b => b.WrongKind($"'{parameter.Name}' of '{entry.Name}'", parameter.IsNumber ? "a number" : mayBeNumber ? "a real tensor or a number" : "a real tensor", value.Description));
                }
            }

            // A number that hyperparameters decide is looked at when the model is constructed.
            else if (value is HostValueHolder { Host: { } number } && parameter.Range.Meets(number.Range) && (parameter.IsNumber || HostReading.IsSettled(number.Expression)))
            {
                ok &= Demand(number, parameter.Range, $"'{parameter.Name}' of '{entry.Name}'", given[0].Span);
            }
            else if (!parameter.Range.Contains(range.Value))
            {
                ok = false;
                Report(given[0].Span, b => b.ParameterRange(entry.Name, parameter.Name, parameter.Range, range.Value));
            }
        }

        if (ok && entry.Name == "uniform" && arguments is [HostValueHolder { Host.Constant: { } low }, HostValueHolder { Host.Constant: { } high }] && low >= high)
        {
            return Error(call.Span, b => b.NumberOutOfRange("'low' of 'uniform'", "less than 'high'"));
        }

        if (ok && entry.Name == "uniform" && arguments is [HostValueHolder { Host: { } from }, HostValueHolder { Host: { } to }])
        {
            ok = DemandOrder(from, to, "what lies between 'low' and 'high' of 'uniform'", call.Span);
        }

        return ok ? new DistributionValue(entry, [.. arguments], call.Span) : ErrorValue.Instance;
    }

    private Value SpecialForm(string word, CallSyntax call)
    {
        if (word == SpecialForms.Nearest)
        {
            return Nearest(call);
        }

        if (word is SpecialForms.Distance2 or SpecialForms.OffDiagonalGram)
        {
            return FigureOfWeights(word, call);
        }

        if (word == SpecialForms.Permutation)
        {
            return Permutation(call);
        }

        if (word == SpecialForms.Beta)
        {
            return Beta(call);
        }

        if (word is SpecialForms.Still or SpecialForms.Eval)
        {
            return InManner(word, word == SpecialForms.Still ? CallManner.Still : CallManner.Evaluated, call);
        }

        if (word == SpecialForms.Grad)
        {
            return Gradient(call);
        }

        if (Kind is not (BodyKind.Trainer or BodyKind.Observer))
        {
            return Error(call.Span, b => b.NotAllowedHere($"'{word}'", "this body; it belongs to trainers"));
        }

        if (word == SpecialForms.History)
        {
            return NewHistory(call);
        }

        int wanted = word == SpecialForms.RunningMean ? 1 : 2;
        if (word is SpecialForms.Ema or SpecialForms.RunningMean && call.Arguments.Length != wanted)
        {
            return call.Arguments.Length < wanted
                ? Error(call.Span, b => b.MissingArgument(word, wanted == 1 ? "a net" : "a net and a decay", ""))
                : Error(call.Span, b => b.TooManyArguments(word, wanted, call.Arguments.Length));
        }

        if (call.Arguments.Length == 0)
        {
            return Error(call.Span, b => b.MissingArgument(word, "a model", ""));
        }

        Value first = Evaluate(call.Arguments[0].Value);
        if (first is ErrorValue)
        {
            return first;
        }

        return word switch
        {
            SpecialForms.Draw => DrawFrom(word, first, call),
            SpecialForms.Ema or SpecialForms.RunningMean => Average(word, first, call),
            _ => Query(word, first, call),
        };
    }

    private Value DrawFrom(string word, Value from, CallSyntax call)
    {
        switch (from)
        {
            case SpaceValue when call.Arguments.Count(a => a.Name?.Text != "within") > 2:
                return Error(call.Span, b => b.TooManyArguments(word, 2, call.Arguments.Count(a => a.Name?.Text != "within")));
            case SpaceValue { Space: { Law: null } space }:
                // A law with errors has reported them.
                return _file.Find(space.Name) is { Syntax: SpaceSyntax { Law: not null } } ? ErrorValue.Instance : Error(call.Span, b => b.NoLaw(space.Name));
            case SpaceValue { Space: { Law: { } law } space }:
                var distribution = new DistributionValue(Catalogue.FindDistribution(law.Distribution)!, [.. law.Arguments.Select(a => new HostValueHolder(a.Value))], call.Span);
                ArgumentSyntax? limit = call.Arguments.FirstOrDefault(a => a.Name?.Text == "within");
                ((HostValue Low, HostValue High) Noise, Interval Range)? cut = limit is null ? null : WithinOf(limit, space, law);
                if (limit is not null && cut is null)
                {
                    return ErrorValue.Instance;
                }

                Rows? rows = call.Arguments.Skip(1).FirstOrDefault(a => !ReferenceEquals(a, limit)) is { } count ? DrawnRows(count) : FreshRows;
                if (rows is null || Draw(distribution, rows, space.TypeOf(rows), SiteStem, call.Span, out _, within: cut?.Noise) is not TensorValue { Tensor: { } drawn })
                {
                    return ErrorValue.Instance;
                }

                drawn.Type = cut is { } kept ? space.TypeOf(rows) with { Range = kept.Range } : space.TypeOf(rows);
                if (!drawn.IsNamed)
                {
                    drawn.Name = char.ToLowerInvariant(space.Name[0]) + space.Name.Substring(1);
                }

                return new TensorValue(drawn);
            case ModuleValue { Instance: { Module: IrModel model } instance }:
                if (model.Draw is not { } function)
                {
                    return model.Elbo is null && model.LogProb is null
                        ? ErrorValue.Instance
                        : Error(call.Callee.Span, b => b.NoSuchQuery(word, model.Name, "edition 1 draws only from models with one data parameter."));
                }

                if (DrawSizes(model, ref call) is not { } sizes)
                {
                    return ErrorValue.Instance;
                }

                if (Match(instance, word, function, [], call.Arguments.RemoveAt(0), call.Span) is not { } match)
                {
                    return ErrorValue.Instance;
                }

                // One sample for each row of the conditions.
                var sample = new IrValue("sample", Sized(match.Unifier.Substitute(function.Results[0].Type), sizes) with { Rows = match.Unifier.Rows ?? FreshRows }, call.Span);
                Emit(new ModelOp(instance, ModelQuery.Draw, Site(SiteStem), match.Inputs, sample, call.Span) { Sizes = [.. model.DrawSizes.Select(v => sizes[v.Name])] });
                return new TensorValue(sample);
            default:
                return Error(call.Arguments[0].Span, b => b.WrongKind("What 'draw' draws from", "a space with a law or a model", from.Description));
        }
    }

    // 'draw(Latent, within: 2)': between which numbers the noise stays, and what is drawn.
    private ((HostValue Low, HostValue High) Noise, Interval Range)? WithinOf(ArgumentSyntax argument, SpaceSymbol space, SpaceLaw law)
    {
        if (law.Distribution != "normal")
        {
            Report(argument.Span, b => b.NotAllowedHere("'within'", $"a draw from '{space.Name}': it cuts off the tails of a normal law, and this one is '{law.Distribution}'"));
            return null;
        }

        Value value = Evaluate(argument.Value);
        if (value is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } limit })
        {
            if (value is not ErrorValue)
            {
                Report(argument.Value.Span, b => b.WrongKind("'within' of 'draw'", "a number", value.Description));
            }

            return null;
        }

        if (limit.Range.High <= 0)
        {
            Report(argument.Value.Span, b => b.NumberOutOfRange("'within' of 'draw'", "above 0"));
            return null;
        }

        // A draw is mean + std * noise.
        (HostValue mean, HostValue std) = (law.Arguments[0].Value, law.Arguments[1].Value);
        HostValue Noise(HostValue end)
        {
            HostValue centred = mean.Constant is 0 ? end : HostArithmetic.Binary("-", end, mean)!;
            return std.Constant is 1 ? centred : HostArithmetic.Binary("/", centred, std)!;
        }

        return ((Noise(HostArithmetic.Negate(limit)), Noise(limit)), Between(-limit.Range.High, limit.Range.High));
    }

    private static Interval Between(double low, double high) => new(low, high, double.IsInfinity(low), double.IsInfinity(high));

    // 'draw(Latent, 64)'.
    private Rows? DrawnRows(ArgumentSyntax argument)
    {
        if (Kind == BodyKind.Observer && DrawRows?.IsBatch("count") != true)
        {
            Report(argument.Span, b => b.NotAllowedHere("A number of draws", "an evaluation, a 'solve' or a 'collect': they go over the rows of a source"));
            return null;
        }

        Value value = Evaluate(argument.Value);
        if (value is not HostValueHolder { Host.Size: { } count })
        {
            if (value is not ErrorValue)
            {
                Report(argument.Span, b => b.WrongKind("The number of draws", "an integer", value.Description));
            }

            return null;
        }

        return AtLeast(count, 1, "The number of draws", null, argument.Span) ? Rows.Drawn(count) : null;
    }

    // 'T: 2048' beside the conditions: sizes that nothing else says. They are taken out of the call.
    private Dictionary<string, Dim>? DrawSizes(IrModel model, ref CallSyntax call)
    {
        var sizes = new Dictionary<string, Dim>(System.StringComparer.Ordinal);
        foreach (ArgumentSyntax argument in call.Arguments.Where(a => a.Name is { } name && model.DrawSizes.Any(v => v.Name == name.Text)))
        {
            Value value = Evaluate(argument.Value);
            if (value is not HostValueHolder { Host.Size: { } size })
            {
                if (value is not ErrorValue)
                {
                    Report(argument.Span, b => b.WrongKind($"'{argument.Name!.Text}' of '{model.Name}'", "an integer", value.Description));
                }

                return null;
            }

            if (!AtLeast(size, 1, $"'{argument.Name!.Text}' of '{model.Name}'", null, argument.Span))
            {
                return null;
            }

            sizes[argument.Name!.Text] = size;
        }

        if (model.DrawSizes.FirstOrDefault(v => !sizes.ContainsKey(v.Name)) is { } missing)
        {
            Report(call.Span, b => b.MissingArgument("draw", missing.Name, "a size of what is drawn"));
            return null;
        }

        call = call with { Arguments = [.. call.Arguments.Where(a => a.Name is not { } name || !sizes.ContainsKey(name.Text))] };
        return sizes;
    }

    private static TensorType Sized(TensorType type, Dictionary<string, Dim> sizes) =>
        type with { Shape = [.. type.Shape.Select(d => d.Substitute(v => sizes.TryGetValue(v.Name, out Dim? known) ? known : null))] };
}
