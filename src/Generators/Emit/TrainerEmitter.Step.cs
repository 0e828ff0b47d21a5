using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>The step, the samplers and the evaluations of a trainer.</summary>
internal sealed partial class TrainerEmitter
{
    private void Step(CodeWriter members)
    {
        members.Blank();
        members.Line("/// <inheritdoc/>");
        using (members.Braces("protected override void Connect(Data data)"))
        {
            foreach (IrSource feed in trainer.Sources)
            {
                if (PassedOver.Contains(feed.Name))
                {
                    members.Line($"{SourceField(feed)} = data.{CSharpNames.Pascal(feed.Name)};");
                }

                members.Line($"{FeedField(feed)} = Feed({CSharpNames.Literal(feed.Name)}, data.{CSharpNames.Pascal(feed.Name)}, {Taken(feed)}{Bound(feed)});");
            }

            foreach (IrSource feed in trainer.Collected)
            {
                string columns = string.Concat(feed.Collect!.Kept.Select(i => ", " + Column(feed.Collect.From.Columns[i], Counted)));
                members.Line($"{FeedField(feed)} = Collected({CSharpNames.Literal(feed.Name)}, data.{CSharpNames.Pascal(feed.Collect.From.Name)}, {(feed.Taken is null ? "_options.Batch" : Taken(feed).TrimEnd(',', ' '))}{columns});");
            }
        }

        members.Blank();
        members.Line("/// <inheritdoc/>");
        string bound = string.Join(", ", trainer.Sources.Select(s => $"sources[{CSharpNames.Literal(s.Name)}]"));
        members.Line($"protected override Data Bind(global::System.Collections.Generic.IReadOnlyDictionary<string, Source> sources) => new({bound});");

        Initial(members);
        Steps(members);
        QueueList(members);
        members.Blank();
        members.Line("/// <inheritdoc/>");
        string means = string.Concat(trainer.Reports.Select(r => $", {MeterField(r)}.{(IsPlan || r.IsConditional ? "MeanOrNull" : "Mean")}()"));
        members.Line($"protected override Report Read() => new(GlobalStep, Epoch{(IsPlan ? ", Phase, PhaseStep" : "")}{means});");
    }

    // The rows that a step takes of a source, where the text says how many.
    private static string Taken(IrSource feed) => feed.Taken is { } rows ? new HostText("_options", v => v.Name).Int(rows) + ", " : "";

    private FunctionContext Context()
    {
        var context = new FunctionContext(source, emit, "_options", _scalars);
        foreach (DimVariable size in trainer.DataSizes)
        {
            context.Sizes[size.Name] = "_options." + CSharpNames.Pascal(size.Name);
        }

        return context;
    }

    // A free size of the data, where the statements ask for it: all rows of a column have the same.
    private static void Sizes(CodeWriter members, FunctionContext context, IrColumn column, string name, HashSet<string> used)
    {
        for (int axis = 0; axis < column.Batch.Type.Shape.Length; axis++)
        {
            Dim dim = column.Batch.Type.Shape[axis];
            if (dim.Variables.Where(v => v.Kind == DimVariableKind.Free && !context.Sizes.ContainsKey(v.Name)).ToList() is [{ } size] && used.Contains(size.Name)
                && FreeSizes.Solved(context, dim, size, $"{name}.size({CSharpNames.Number(axis + 1L)})") is { } value)
            {
                context.Sizes[size.Name] = context.Names.New(size.Name);
                members.Line($"var {context.Sizes[size.Name]} = {value};");
            }
        }
    }

    // A batch of each source the scope reads; the columns are freed with the last statement that reads them.
    private static void Pull(BlockEmitter body, IEnumerable<IrSource> pulls, IrBlock block)
    {
        HashSet<string> used = FreeSizes.Used(block);
        foreach (IrSource feed in pulls)
        {
            body.Writer.Line($"{FeedField(feed)}.Pull();");
            for (int i = 0; i < feed.Columns.Length; i++)
            {
                IrColumn column = feed.Columns[i];
                if (!body.IsRead(column.Batch) && !column.Batch.IsDifferentiatedAt && !column.Batch.Type.Shape.SelectMany(d => d.Variables).Any(v => used.Contains(v.Name) && !body.Context.Sizes.ContainsKey(v.Name)))
                {
                    // Its other columns are why the source is pulled.
                    continue;
                }

                string name = body.Context.Names.New(column.Name);
                body.Writer.Line($"var {name} = {FeedField(feed)}.Gather({CSharpNames.Number((long)i)});   // {column.Space?.TypeOf(null) ?? column.Batch.Type with { Rows = null }}");
                body.Bind(column.Batch, name, isOwned: true);
                if (column.Batch.IsDifferentiatedAt)
                {
                    body.Writer.Line(body.DifferentiatedAt(column.Batch));
                }

                Sizes(body.Writer, body.Context, column, name, used);
            }
        }
    }

    private void Samples(CodeWriter members)
    {
        foreach (IrSample sample in trainer.Samples)
        {
            IrValue result = sample.Function.Results[0];
            string space = CSharpNames.Pascal(result.Type.Space!.Name);
            FunctionContext context = Context();
            context.Mode = Observed;
            context.Draws = site => $"Draws.At({CSharpNames.Literal(site)})";
            context.Names.Take("count");
            members.Blank();
            Docs.Summary(members, sample.Doc.Length > 0 ? sample.Doc : $"Draws samples of '{sample.Name}': the same ones for the same seed and weights.");
            var body = new BlockEmitter(members, context, new Usage(sample.Function.Body, sample.Function.Results), sample.Function.Results);
            List<string> parameters = [.. sample.Function.Parameters.Select(p =>
            {
                string name = context.Names.New(p.Name);
                body.Bind(p, name + ".Tensor");
                return $"{CSharpNames.Pascal(p.Type.Space!.Name)} {name}";
            })];
            if (parameters.Count == 0)
            {
                parameters.Add("int count");
            }
            else
            {
                context.Rows = body.NameOf(sample.Function.Parameters[0]) + ".size(0)";
            }

            AtHand(context);

            foreach ((DimVariable size, long fallback) in sample.Sizes)
            {
                context.Sizes[size.Name] = context.Names.New(size.Name);
                parameters.Add($"long {context.Sizes[size.Name]} = {CSharpNames.Number(fallback)}");
            }

            foreach ((string number, double fallback) in sample.Numbers)
            {
                context.Sizes[number] = context.Names.New(number);
                parameters.Add($"double {context.Sizes[number]} = {CSharpNames.Number(fallback)}");
            }

            if (HasTemperature(sample))
            {
                context.Temperature = context.Names.New("temperature");
                parameters.Add($"double {context.Temperature} = 1");
            }

            using (members.Braces($"public {space} Sample{CSharpNames.Pascal(sample.Name)}({string.Join(", ", parameters)})"))
            {
                members.Line("using var graphFree = torch.no_grad();");
                body.Write(sample.Function.Body);
                LineMapping.End(members, emit);
                members.Line($"return new({body.Result(result)});");
            }
        }

        if (trainer.Samples.Count == 0)
        {
            return;
        }

        members.Blank();
        members.Line("/// <inheritdoc/>");
        using (members.Braces("protected override Tensor Sample(string name, SampleRequest request, out SpaceInfo space)"))
        {
            using (members.Braces("switch (name)"))
            {
                foreach (IrSample sample in trainer.Samples)
                {
                    members.Line($"case {CSharpNames.Literal(sample.Name)}:");
                    using (members.Indented())
                    {
                        members.Line($"space = {CSharpNames.Pascal(sample.Function.Results[0].Type.Space!.Name)}.Info;");
                        Requested(members, sample);
                    }
                }

                members.Line("default:");
                using (members.Indented())
                {
                    members.Line("throw UnknownSample(name);");
                }
            }
        }
    }

    // Rows that are joined or copied here are counted by those at hand.
    private static void AtHand(FunctionContext context)
    {
        context.Sizes[Rows.AtHand.AsVariable!.Name] = context.Rows;
        context.InHand = new Rows("", Rows.AtHand);
    }

    private static bool HasTemperature(IrSample sample) => sample.Function.Body.Statements.OfType<IrOpStatement>()
        .Any(s => s.Op is ModelOp { Query: ModelQuery.Draw, Module.Module: IrModel { HasTemperature: true } });

    private static void Requested(CodeWriter members, IrSample sample)
    {
        List<string> arguments = [];
        foreach (IrValue condition in sample.Function.Parameters)
        {
            string name = CSharpNames.Escape(CSharpNames.Camel(condition.Name) + "Rows");
            SpaceSymbol of = condition.Type.Space!;
            string space = CSharpNames.Pascal(of.Name);
            members.Line($"using (var {name} = request.Condition({CSharpNames.Literal(condition.Name)}, {space}.Info{Counted(of)}, Device))");
            arguments.Add($"new {space}({name})");
        }

        if (arguments.Count == 0)
        {
            arguments.Add("request.Count");
        }

        arguments.AddRange(sample.Sizes.Select(s => $"request.Size({CSharpNames.Literal(s.Size.Name)}, {CSharpNames.Number(s.Default)})"));
        arguments.AddRange(sample.Numbers.Select(n => $"request.Number({CSharpNames.Literal(n.Name)}, {CSharpNames.Number(n.Default)})"));
        if (HasTemperature(sample))
        {
            arguments.Add((sample.Sizes.IsEmpty && sample.Numbers.IsEmpty ? "" : "temperature: ") + "request.Temperature");
        }

        string call = $"return Sample{CSharpNames.Pascal(sample.Name)}({string.Join(", ", arguments)}).Tensor;";
        if (sample.Function.Parameters.Length == 0)
        {
            members.Line(call);
            return;
        }

        using (members.Braces())
        {
            members.Line(call);
        }
    }

    private void Evaluations(CodeWriter members)
    {
        foreach (IrEvaluation evaluation in trainer.Evaluations)
        {
            Evaluation(members, evaluation);
        }

        if (trainer.Evaluations.Count == 0)
        {
            return;
        }

        members.Blank();
        members.Line("/// <inheritdoc/>");
        using (members.Braces("protected override global::System.Collections.Generic.IReadOnlyList<NamedValue> Evaluate(string name, global::System.Collections.Generic.IReadOnlyDictionary<string, Source> sources)"))
        {
            using (members.Braces("switch (name)"))
            {
                foreach (IrEvaluation evaluation in trainer.Evaluations)
                {
                    members.Line($"case {CSharpNames.Literal(evaluation.Name)}:");
                    using (members.Indented())
                    {
                        string result = CSharpNames.Camel(evaluation.Name) + "Result";
                        members.Line($"var {result} = Evaluate{CSharpNames.Pascal(evaluation.Name)}({string.Join(", ", evaluation.Sources.Select(s => $"sources[{CSharpNames.Literal(s.Name)}]"))});");
                        string values = string.Join(", ", evaluation.Results.Select(r => $"new({CSharpNames.Literal(r.Name)}, {result}.{CSharpNames.Pascal(r.Name)}){Protocol(r)}"));
                        members.Line($"return [{values}];");
                    }
                }

                members.Line("default:");
                using (members.Indented())
                {
                    members.Line("throw UnknownEvaluation(name);");
                }
            }
        }
    }

    private void Evaluation(CodeWriter members, IrEvaluation evaluation)
    {
        FunctionContext context = Context();
        context.Mode = Observed;
        string[] parameters = [.. evaluation.Sources.Select(s => context.Names.New(s.Name + "_source"))];
        members.Blank();
        Docs.Summary(members, evaluation.Doc.Length > 0 ? evaluation.Doc : $"Runs '{evaluation.Name}' over a whole source.");
        using (members.Braces($"public {CSharpNames.Pascal(evaluation.Name)}Result Evaluate{CSharpNames.Pascal(evaluation.Name)}({string.Join(", ", parameters.Select(p => "Source " + p))})"))
        {
            members.Line("using var graphFree = torch.no_grad();");
            Dictionary<IrEvaluationResult, string> means = [];
            foreach (IrEvaluationResult result in evaluation.Results)
            {
                means[result] = context.Names.New(result.Name + (result.Metric is null ? "_mean" : "_metric"));
                members.Line($"{(result.Metric is null ? "" : "using ")}var {means[result]} = {(result.Metric is { } metric ? new OperationText(context, v => v.Name).Metric(metric) : "new RowMean()")};");
            }

            for (int i = 0; i < parameters.Length; i++)
            {
                PassOver(members, context, evaluation, i, parameters[i], means);
            }

            members.Line($"return new({string.Join(", ", evaluation.Results.Select(r => means[r] + ".Value"))});");
        }
    }

    private void PassOver(CodeWriter members, FunctionContext context, IrEvaluation evaluation, int source, string parameter, Dictionary<IrEvaluationResult, string> means)
    {
        IrSource data = evaluation.Sources[source];
        string batch = context.Names.New("batch");
        context.Draws = site => $"{batch}.Draws.At({CSharpNames.Literal(site)})";
        context.Rows = batch + ".Rows";
        AtHand(context);
        HashSet<IrValue> results = [.. evaluation.Results.SelectMany(r => r.Read.Where((_, i) => r.Sources[i] == source))];
        if (results.Count == 0)
        {
            return;
        }

        HashSet<string> known = [.. context.Sizes.Keys];
        using (members.Braces($"foreach (var {batch} in Pass({parameter}, {Bound(data)}))"))
        {
            var usage = new Usage(evaluation.Body, results);
            var body = new BlockEmitter(members, context, usage, results);
            HashSet<string> used = FreeSizes.Used(evaluation.Body);
            for (int i = 0; i < data.Columns.Length; i++)
            {
                string name = context.Names.New(data.Columns[i].Name);
                members.Line($"var {name} = {batch}.Gather({CSharpNames.Number((long)i)});");
                body.Bind(data.Columns[i].Batch, name, isOwned: true);
                Sizes(members, context, data.Columns[i], name, used);
            }

            body.Write(evaluation.Body);
            body.DisposeRest(data.Columns.Select(c => c.Batch));
            LineMapping.End(members, emit);
            foreach (IrEvaluationResult result in evaluation.Results)
            {
                Gather(members, result, source, means[result], body.NameOf, batch);
            }

            foreach (IrValue value in results)
            {
                members.Line($"{body.NameOf(value)}.Dispose();");
            }
        }

        Leave(context, known);
    }

    private string Protocol(IrEvaluationResult result) =>
        result.Metric is { Operation.Protocol: not null } metric ? $" {{ Protocol = {new OperationText(Context(), v => v.Name).Protocol(metric)} }}" : "";

    // A metric whose tensors come from several sources takes each by itself.
    private static void Gather(CodeWriter members, IrEvaluationResult result, int source, string gathered, Func<IrValue, string> name, string batch)
    {
        if (result.Sources.All(s => s == source))
        {
            members.Line($"{gathered}.Add({string.Join(", ", result.Read.Select(name))}{(result.Metric is null ? $", {batch}.Rows" : "")});");
            return;
        }

        for (int i = 0; i < result.Read.Length; i++)
        {
            if (result.Sources[i] == source)
            {
                members.Line($"{gathered}.Add{CSharpNames.Pascal(result.Metric!.Bindings[i].Parameter)}({name(result.Read[i])});");
            }
        }
    }
}
