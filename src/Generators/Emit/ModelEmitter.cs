using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Generators.Emit;

/// <summary>Writes a model: its parts as a TorchSharp module, and the functions derived from its body.</summary>
internal sealed class ModelEmitter(CodeWriter writer, GenSource source, EmitOptions emit, IrModel model) : ModuleEmitter(writer, source, emit, model)
{
    /// <summary>True where a derived function draws noise.</summary>
    public static bool UsesDraws(IrModel model, ModelQuery query) => model.Function(query) is { } function && Draws(function.Body);

    public void Write()
    {
        var members = new CodeWriter();
        List<DerivedMethod> methods = [];
        foreach (ModelQuery query in new[] { ModelQuery.LogProb, ModelQuery.Elbo, ModelQuery.Terms, ModelQuery.Loss, ModelQuery.Encode, ModelQuery.Draw, ModelQuery.Propose })
        {
            if ((query is not (ModelQuery.Terms or ModelQuery.Propose) || model.Asked.Contains(query)) && model.Function(query) is { } function)
            {
                methods.Add(Derive(query, function));
            }
        }

        DerivedMethod.Relate(methods);
        foreach (DerivedMethod method in methods)
        {
            Write(members, method);
        }

        new BoundEmitter(members, model, Context).Write();

        if (model.Sampler is not null)
        {
            new SamplerEmitter(members, model, Context).Write();
        }

        if (model.IsDiscrete)
        {
            BitsPerDim(members, model.LogProb ?? model.Elbo!);
        }

        string access = model.IsLibrary ? "internal" : "public";
        Class($"{access} sealed partial class {ClassName} : torch.nn.Module", members);
    }

    /// <summary>True where the statements draw noise.</summary>
    public static bool Draws(IrBlock block) => block.Statements.Any(s => s switch
    {
        IrOpStatement { Op: DrawOp or DrawPositionsOp } => true,
        IrOpStatement { Op: CatalogOp { Operation.UsesDraws: true } or InvokeOp { Module.Module.UsesDraws: true } } => true,
        IrOpStatement { Op: ModelOp op } => UsesDraws((IrModel)op.Module.Module, op.Query),
        IrFor loop => Draws(loop.Body),
        _ => false,
    });

    private static string Doc(ModelQuery query, bool isDequantized) => query switch
    {
        ModelQuery.LogProb => "The log-probability of each sample in nats, exact: [N].",
        ModelQuery.Elbo => $"A lower bound of the log-probability of each sample in nats, from one draw of the {(isDequantized ? "noise that fills up the levels" : "guide")}: [N].",
        ModelQuery.Terms => "The log-likelihood of each sample in nats at one draw of the guide, [N], and for each latent the divergence of its proposal from its prior.",
        ModelQuery.Encode => "What the guide draws for each sample: its latents.",
        ModelQuery.Loss => "What training minimises for each sample: minus the log-probability or its bound, plus the costs: [N].",
        ModelQuery.Propose => "Samples with the gradient of their way from the noise, and the log-probability of each: [N].",
        _ => "Samples of the model.",
    };

    private static string ResultType(IrFunction function) => function.Results.Length == 1 ? "Tensor" : $"({string.Join(", ", function.Results.Select(r => "Tensor" + (r.IsNamed ? " " + CSharpNames.Pascal(r.Name) : "")))})";

    // The same for callers, in the unit of papers.
    private void BitsPerDim(CodeWriter members, IrFunction function)
    {
        var names = new LocalNames();
        string logProb = names.New("log_prob");
        List<(string Type, string Name, bool HasSpace)> parameters = [.. function.Parameters.Select(p =>
            (p.Type.Space is { } space ? CSharpNames.Pascal(space.Name) : "Tensor", names.New(p.Name), p.Type.Space is not null))];
        (string declared, string passed) = Draws(function.Body) ? (", Draws draws", ", draws") : ("", "");
        members.Blank();
        members.Line($"/// <summary>Minus the log-probability of each sample in bits, divided by the numbers of a sample: [N].{(model.IsBound ? " The truth is at most this." : "")}</summary>");
        using (members.Braces($"public Tensor BitsPerDim({string.Join(", ", parameters.Select(p => $"{p.Type} {p.Name}"))}{declared})"))
        {
            members.Line($"using var {logProb} = {(model.LogProb is null ? "Elbo" : "LogProb")}({string.Join(", ", parameters.Select(p => p.Name))}{passed});");
            members.Line($"return Distributions.BitsPerDim({string.Join(", ", [logProb, .. parameters.Take(model.ObservedCount).Select(p => p.Name + (p.HasSpace ? ".Tensor" : ""))])});");
        }
    }

    private DerivedMethod Derive(ModelQuery query, IrFunction function)
    {
        bool draws = Draws(function.Body);
        FunctionContext context = Context();
        context.IsGraphFree = query == ModelQuery.Draw;
        var statements = new CodeWriter();
        var body = new BlockEmitter(statements, context, new Usage(function.Body, function.Results), function.Results);
        foreach (IrValue parameter in function.Parameters)
        {
            body.Bind(parameter, context.Names.New(parameter.Name));
        }

        List<string> parameters = [.. function.Parameters.Select(p => "Tensor " + body.NameOf(p))];
        List<string> typed = [.. function.Parameters.Select(p => (p.Type.Space is { } s ? CSharpNames.Pascal(s.Name) : "Tensor") + " " + body.NameOf(p))];
        List<string> arguments = [.. function.Parameters.Select(p => body.NameOf(p) + (p.Type.Space is null ? "" : ".Tensor"))];
        if (query is ModelQuery.Draw or ModelQuery.Propose)
        {
            context.Rows = "count";
            context.Names.Take("count");
            context.Names.Take("temperature");
            parameters.Add("long count");
            typed.Add("long count");
            arguments.Add("count");
        }
        else
        {
            context.Rows = body.NameOf(function.Parameters[0]) + ".size(0)";
        }

        if (draws)
        {
            parameters.Add("Draws draws");
            typed.Add("Draws draws");
            arguments.Add("draws");
        }

        if (model.UsesMode)
        {
            parameters.Add("Mode mode");
            arguments.Add("training ? Mode.Learn : Mode.Evaluate");
        }

        // What no condition tells of the data, the caller says.
        foreach (DimVariable size in query == ModelQuery.Draw ? model.DrawSizes : [])
        {
            string local = context.Names.New(size.Name);
            context.Sizes[size.Name] = local;
            parameters.Add("long " + local);
            typed.Add("long " + local);
            arguments.Add(local);
        }

        bool isTempered = query == ModelQuery.Draw && model.HasTemperature;
        if (isTempered)
        {
            parameters.Add("double temperature = 1");
            typed.Add("double temperature = 1");
            arguments.Add("temperature");
        }

        FreeSizes.Write(statements, context, model, function, (p, axis) => FreeSizes.OfTensor(body.NameOf(p), p.Type, axis));
        body.Write(function.Body);
        LineMapping.End(statements, context.Emit);
        string result = string.Join(", ", function.Results.Select(body.Result));
        return new DerivedMethod(query, function, parameters, typed, arguments, isTempered, statements, function.Results.Length == 1 ? result : $"({result})");
    }

    private void Write(CodeWriter members, DerivedMethod method)
    {
        (ModelQuery query, IrFunction function) = (method.Query, method.Function);
        string call = $"{query}Of({string.Join(", ", method.Arguments)})";
        string doc = $"/// <summary>{Doc(query, model.IsDequantized)}</summary>";
        if (query is not (ModelQuery.Propose or ModelQuery.Terms))
        {
            members.Blank();
            members.Line(doc);
            if (method.IsTempered)
            {
                members.Line("/// <remarks>The temperature is the factor of the noise: below 1 samples are likelier and more alike.</remarks>");
            }
        }

        string? space = function.Results[0].Type.Space?.Name;
        if (query == ModelQuery.Draw)
        {
            string type = space is null ? "Tensor" : CSharpNames.Pascal(space);
            using (members.Braces($"public {type} Draw({string.Join(", ", method.Typed)})"))
            {
                members.Line("using var graphFree = torch.no_grad();");
                members.Line(space is null ? $"return {call};" : $"return new({call});");
            }
        }
        else if (query is not (ModelQuery.Propose or ModelQuery.Terms))
        {
            members.Line($"public {ResultType(function)} {query}({string.Join(", ", method.Typed)}) => {call};");
        }

        members.Blank();
        members.Line(doc);
        string head = $"internal {ResultType(function)} {query}Of({string.Join(", ", method.Parameters)})";
        if (method.MinusThat is { } other)
        {
            members.Line($"{head} => {other}Of({string.Join(", ", method.Names)}).neg_();");
            return;
        }

        using (members.Braces(head))
        {
            Members.Copy(method.Statements, members);
            members.Line($"return {method.Result};");
        }
    }
}
