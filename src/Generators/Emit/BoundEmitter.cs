using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>The methods of a model that weight several draws for each sample: bounds, and estimates of the log-probability.</summary>
internal sealed class BoundEmitter(CodeWriter members, IrModel model, Func<FunctionContext> newContext)
{
    private const string OfDraws = "LogWeightsOf";
    private const string OfGate = "GatedLogWeightsOf";
    private const string OfPrior = "PriorLogWeightsOf";

    public void Write()
    {
        if (model.Weights is { } weights)
        {
            LogWeights(OfDraws, weights, "log p(x, z) - log q(z | x)", "the guide");
            Query(
                ModelQuery.Iwae, weights, "A lower bound of the log-probability of each sample in nats, from k draws of the guide: [N]. It rises with k (Burda, Grosse and Salakhutdinov 2016, arXiv:1509.00519).",
                (call, _) => ModelEmitter.Draws(weights.Body) ? [$"return Bounds.Mean({OfDraws}({call("k", "draws")}), k);"] : [$"return {OfDraws}({call("1", "")});"]);
            Estimate(ModelQuery.Importance, weights, OfDraws, "An estimate of the log-probability of each sample in nats, from k draws of the guide, a few at a time: [N]. Its mean is a lower bound.");
        }

        if (model.PriorWeights is { } prior)
        {
            LogWeights(OfPrior, prior, "log p(x | z)", "the prior");
            Estimate(ModelQuery.PriorImportance, prior, OfPrior, "The same from draws of the prior: few of them explain the sample, so that far more are needed.");
        }

        if (model.DregWeights is { } gated && model.Asked.Contains(ModelQuery.Dreg))
        {
            LogWeights(OfGate, gated, "log p(x, z) - log q(z | x)", "the guide, which pass a gate on their way to the model");
            Query(
                ModelQuery.Dreg, gated, "The bound of <see cref=\"Iwae\"/> with the doubly reparameterised gradient (Tucker et al. 2019, arXiv:1810.04152): [N].",
                (call, _) => ["var gate = new DregGate();", $"return gate.Bound({OfGate}({call("k", "draws")}, gate), k);"]);
        }
    }

    // Where nothing is drawn, all weights of a sample are the same, and one is as good as k.
    private void Estimate(ModelQuery query, IrFunction function, string weights, string doc) =>
        Query(query, function, doc, (call, first) => ModelEmitter.Draws(function.Body)
            ? [$"return Bounds.Estimate(k, {first}.size(0), draws, (count, part) => {weights}({call("count", "part")}));"]
            : ["using var frozen = torch.no_grad();", $"return {weights}({call("1", "")});"]);

    // The rows of all draws of the first kind, then those of the second.
    private void LogWeights(string method, IrFunction function, string what, string of)
    {
        FunctionContext context = newContext();
        context.Names.Take("count");
        context.Names.Take("gate");
        var body = new BlockEmitter(members, context, new Usage(function.Body, function.Results), function.Results);
        foreach (IrValue parameter in function.Parameters)
        {
            body.Bind(parameter, context.Names.New(parameter.Name));
        }

        context.Rows = context.Names.New("rows");
        List<string> parameters = [.. function.Parameters.Select(p => "Tensor " + body.NameOf(p)), "long count"];
        if (ModelEmitter.Draws(function.Body))
        {
            parameters.Add("Draws draws");
        }

        if (model.UsesMode)
        {
            parameters.Add("Mode mode");
        }

        if (method == OfGate)
        {
            parameters.Add("DregGate gate");
        }

        members.Blank();
        members.Line($"// {what} of so many draws of {of}, for each sample: [count * N].");
        using (members.Braces($"private Tensor {method}({string.Join(", ", parameters)})"))
        {
            FreeSizes.Write(members, context, model, function, (p, axis) => FreeSizes.OfTensor(body.NameOf(p), p.Type, axis));
            members.Line($"var {context.Rows} = count * {body.NameOf(function.Parameters[0])}.size(0);");
            body.Write(function.Body);
            LineMapping.End(members, context.Emit);
            members.Line($"return {body.Result(function.Results[0])};");
        }
    }

    // The method for callers, and the one for trainers. The statements are given the call's arguments with a count and an address.
    private void Query(ModelQuery query, IrFunction function, string doc, Func<Func<string, string, string>, string, string[]> statements)
    {
        var names = new LocalNames();
        names.Take("k");
        names.Take("draws");
        names.Take("mode");
        names.Take("gate");
        List<(string Name, string? Space)> data = [.. function.Parameters.Select(p => (names.New(p.Name), p.Type.Space is { } space ? CSharpNames.Pascal(space.Name) : null))];
        bool draws = ModelEmitter.Draws(function.Body);
        string Arguments(string count, string address) => string.Join(", ", [.. data.Select(d => d.Name), count, .. draws ? new[] { address } : [], .. model.UsesMode ? new[] { "mode" } : []]);
        string typed = string.Join(", ", [.. data.Select(d => $"{d.Space ?? "Tensor"} {d.Name}"), "int k", .. draws ? new[] { "Draws draws" } : []]);
        string given = string.Join(", ", [.. data.Select(d => d.Name + (d.Space is null ? "" : ".Tensor")), "k", .. draws ? new[] { "draws" } : [], .. model.UsesMode ? new[] { "training ? Mode.Learn : Mode.Evaluate" } : []]);
        string parameters = string.Join(", ", [.. data.Select(d => "Tensor " + d.Name), "long k", .. draws ? new[] { "Draws draws" } : [], .. model.UsesMode ? new[] { "Mode mode" } : []]);
        members.Blank();
        members.Line($"/// <summary>{doc}</summary>");
        members.Line($"public Tensor {query}({typed}) => {query}Of({given});");
        members.Blank();
        members.Line($"/// <summary>{doc}</summary>");
        using (members.Braces($"internal Tensor {query}Of({parameters})"))
        {
            foreach (string statement in statements(Arguments, data[0].Name))
            {
                members.Line(statement);
            }
        }
    }
}
