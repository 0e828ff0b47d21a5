using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What models are asked: <c>log_prob(M, x)</c>, <c>elbo(M, x, beta: 4)</c>, <c>iwae(M, x, k: 50)</c>.</summary>
internal sealed partial class BodyElaborator
{
    // What belongs to the question and not to the model: taken out of the call before the rest is given to the model.
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> QuerySettings = ImmutableDictionary.CreateRange(new Dictionary<string, ImmutableArray<string>>
    {
        [SpecialForms.Elbo] = ["beta", "free_bits"],
        [SpecialForms.Iwae] = ["k"],
        [SpecialForms.Dreg] = ["k"],
        [SpecialForms.Importance] = ["k", "from"],
    });

    private IrValue Ask(ModuleInstance instance, ModelQuery query, (ImmutableArray<IrValue> Inputs, ShapeUnifier Unifier) match, TextSpan span)
    {
        string name = query switch { ModelQuery.Elbo => "elbo", ModelQuery.Loss => "loss", _ => "logProb" };
        var result = new IrValue(name, TensorType.Real(match.Unifier.Rows, []), span);
        Emit(new ModelOp(instance, query, Site(SiteStem), match.Inputs, result, span));
        return result;
    }

    // Nothing moves in an observer, so that what is asked twice, in nats and in bits, is computed once.
    private IrValue? KnownLogProb(ModuleInstance instance, ModelQuery query, ImmutableArray<IrValue> inputs) => Kind != BodyKind.Observer || query != ModelQuery.LogProb ? null
        : Block.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<ModelOp>()
            .FirstOrDefault(o => o.Module == instance && o.Query == query && o.Inputs.SequenceEqual(inputs))?.Outputs[0];

    private Value Query(string word, Value first, CallSyntax call)
    {
        if (first is not ModuleValue { Instance: { Module: IrModel model } instance })
        {
            return Error(call.Arguments[0].Span, b => b.WrongKind($"The first argument of '{word}'", "a model", first.Description));
        }

        if (model.Elbo is null && model.LogProb is null)
        {
            return ErrorValue.Instance;
        }

        if (Refusal(word, model, instance) is { } refusal)
        {
            return Error(call.Callee.Span, b => b.NoSuchQuery(word, model.DeclaredName, refusal));
        }

        Dictionary<string, ArgumentSyntax> settings = [];
        if (QuerySettings.TryGetValue(word, out ImmutableArray<string> names))
        {
            foreach (ArgumentSyntax argument in call.Arguments.Where(a => a.Name is { } name && names.Contains(name.Text) && !model.Elbo!.Parameters.Any(p => p.Name == name.Text)))
            {
                settings[argument.Name!.Text] = argument;
            }

            call = call with { Arguments = [.. call.Arguments.Where(a => !settings.ContainsValue(a))] };
        }

        return word switch
        {
            SpecialForms.Elbo when settings.Count > 0 => WeightedBound(model, instance, settings, call),
            SpecialForms.Encode => Encoded(model, instance, call),
            SpecialForms.Iwae or SpecialForms.Dreg or SpecialForms.Importance => SeveralDraws(word, model, instance, settings, call),
            _ => Plain(word, model, instance, call),
        };
    }

    // Why a model does not answer; null where it does.
    private static string? Refusal(string word, IrModel model, ModuleInstance instance) => word switch
    {
        SpecialForms.Elbo or SpecialForms.Iwae or SpecialForms.Dreg or SpecialForms.Importance when model.Elbo is null =>
            $"{(model.HasLatents ? "its latents are summed out" : "it has no latents")}, so its log-probability is exact: 'log_prob({instance.Name}, x)'.",
        SpecialForms.Dreg when model is { RelaxedLatent: not null, DregObstacle: { } discrete } => $"{discrete}: take 'elbo({instance.Name}, x)'.",
        SpecialForms.Encode when model.Encode is null => model.HasLatents ? "its guide goes through all values of a latent instead of drawing one." : "it has no latents.",
        SpecialForms.Dreg when model.DregObstacle is { } obstacle => $"{obstacle}. Its gradient is right only for a guide that looks at data alone and has weights of its own: take 'iwae({instance.Name}, x, k: ...)'.",
        SpecialForms.BitsPerDim when !model.IsDiscrete => $"bits measure discrete data, and its data are real numbers, whose density is in nats: '{(model.LogProb is null ? "elbo" : "log_prob")}({instance.Name}, x)'.",
        SpecialForms.LogProb when model.LogProb is null =>
            $"it {(model.HasLatents ? "has latents" : "fills up levels with noise")}, so only a bound of its log-probability is known: 'elbo({instance.Name}, x)'.",
        _ => null,
    };

    private Value Plain(string word, IrModel model, ModuleInstance instance, CallSyntax call)
    {
        (ModelQuery query, IrFunction function) = word == SpecialForms.Loss && model.Loss is { } loss ? (ModelQuery.Loss, loss)
            : model.Elbo is { } elbo ? (ModelQuery.Elbo, elbo)
            : (ModelQuery.LogProb, model.LogProb!);
        if (Match(instance, word, function, [], call.Arguments.RemoveAt(0), call.Span) is not { } match)
        {
            return ErrorValue.Instance;
        }

        IrValue result = KnownLogProb(instance, query, match.Inputs) ?? Ask(instance, query, match, call.Span);
        if (word == SpecialForms.BitsPerDim)
        {
            return ApplyFormula(DistributionOperations.BitsPerDim, [result, .. match.Inputs.Take(model.ObservedCount)], call.Span);
        }

        return word == SpecialForms.Loss && query != ModelQuery.Loss
            ? Apply(Catalogue.Find("neg")!, [result], null, call.Span)
            : new TensorValue(result);
    }

    // What the guide draws for each sample; several latents make a tuple.
    private Value Encoded(IrModel model, ModuleInstance instance, CallSyntax call)
    {
        if (model.Encode is not { } function || Match(instance, SpecialForms.Encode, function, [], call.Arguments.RemoveAt(0), call.Span) is not { } match)
        {
            return ErrorValue.Instance;
        }

        ImmutableArray<IrValue> latents = [.. function.Results.Select(r => new IrValue(r.Name, match.Unifier.Substitute(r.Type), call.Span))];
        Emit(new ModelOp(instance, ModelQuery.Encode, Site(SiteStem), match.Inputs, latents, call.Span));
        return latents.Length == 1 ? new TensorValue(latents[0]) : new TupleValue([.. latents.Select(l => new TensorValue(l))]);
    }

    // log-likelihood - beta * sum of divergences, each of which costs at least its free bits.
    private Value WeightedBound(IrModel model, ModuleInstance instance, Dictionary<string, ArgumentSyntax> settings, CallSyntax call)
    {
        if (model.Terms is not { } terms)
        {
            return Error(call.Callee.Span, b => b.NoSuchQuery("elbo with 'beta' or 'free_bits'", model.DeclaredName, model.TermsObstacle ?? "it has no latents whose divergence could be weighted."));
        }

        HostValue? beta = null, least = null;
        if ((settings.TryGetValue("beta", out ArgumentSyntax? b) && (beta = Setting("beta", b, Interval.NonNegative)) is null)
            || (settings.TryGetValue("free_bits", out ArgumentSyntax? f) && (least = Setting("free_bits", f, Interval.NonNegative)) is null)
            || Match(instance, SpecialForms.Elbo, terms, [], call.Arguments.RemoveAt(0), call.Span) is not { } match)
        {
            return ErrorValue.Instance;
        }

        model.Asked.Add(ModelQuery.Terms);
        ImmutableArray<IrValue> results = [.. terms.Results.Select((r, i) => new IrValue(i == 0 ? "likelihood" : "divergence", match.Unifier.Substitute(r.Type), call.Span))];
        Emit(new ModelOp(instance, ModelQuery.Terms, Site(SiteStem), match.Inputs, results, call.Span));
        Value? divergence = null;
        foreach (IrValue each in results.Skip(1))
        {
            Value term = least is null ? SumPerSample(each, call.Span) : Apply(BoundEntries.FreeBits, [each], least, call.Span);
            divergence = divergence is null ? term : Combine("+", divergence, term, call.Span);
        }

        return divergence is null
            ? new TensorValue(results[0])
            : Combine("-", new TensorValue(results[0]), beta is null ? divergence : Combine("*", new HostValueHolder(beta), divergence, call.Span), call.Span);
    }

    private Value SeveralDraws(string word, IrModel model, ModuleInstance instance, Dictionary<string, ArgumentSyntax> settings, CallSyntax call)
    {
        if (!settings.TryGetValue("k", out ArgumentSyntax? given))
        {
            return Error(call.Span, d => d.MissingArgument(word, "k", "the number of draws for each sample"));
        }

        ModelQuery query = word == SpecialForms.Iwae ? ModelQuery.Iwae : word == SpecialForms.Dreg ? ModelQuery.Dreg : ModelQuery.Importance;
        if (settings.TryGetValue("from", out ArgumentSyntax? from))
        {
            if (from.Value is not IdentifierSyntax { Name.Text: "prior" or "guide" } source)
            {
                return Error(from.Value.Span, b => b.WrongWord("from", Source.Text.Substring(from.Value.Span.Start, from.Value.Span.Length), ["guide", "prior"]));
            }

            query = source.Name.Text == "prior" ? ModelQuery.PriorImportance : query;
        }

        if (query == ModelQuery.PriorImportance && !model.HasLatents)
        {
            return Error(from!.Span, b => b.NoSuchQuery("prior to draw from", model.DeclaredName, "it has no latents."));
        }

        if (model.Function(query) is not { } function)
        {
            // A prior that cannot be drawn from has said so where it stands, or is said to be one by its own model.
            return Error(call.Callee.Span, b => b.NoSuchQuery(word, model.DeclaredName, query == ModelQuery.PriorImportance ? "its latents cannot be drawn this way." : "its guide chooses and draws nothing, so that several draws would be one."));
        }

        Value count = Evaluate(given.Value);
        if (count is not HostValueHolder { Host: { Kind: HostKind.Int, Size: { } size } host })
        {
            return count is ErrorValue ? count : Error(given.Value.Span, b => b.WrongKind($"'k' of '{word}'", "an integer", count.Description));
        }

        if (!AtLeast(size, 1, $"'k' of '{word}'", null, given.Span) || Match(instance, word, function, [], call.Arguments.RemoveAt(0), call.Span) is not { } match)
        {
            return ErrorValue.Instance;
        }

        model.Asked.Add(query);
        var result = new IrValue(word, TensorType.Real(match.Unifier.Rows, []), call.Span);
        Emit(new ModelOp(instance, query, Site(SiteStem), match.Inputs, result, call.Span) { Count = host });
        return new TensorValue(result);
    }

    // A number, which may be a schedule.
    private HostValue? Setting(string name, ArgumentSyntax argument, Interval legal)
    {
        Value value = Evaluate(argument.Value);
        if (value is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host })
        {
            if (value is not ErrorValue)
            {
                Report(argument.Value.Span, b => b.WrongKind($"'{name}' of 'elbo'", "a number", value.Description));
            }

            return null;
        }

        return Demand(host, legal, $"'{name}' of 'elbo'", argument.Value.Span) ? host : null;
    }
}
