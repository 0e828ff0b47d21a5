using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>
/// Writes the sampler of a data parameter that is drawn position by position: what the plan is told, the whole net for where
/// there is no plan, and the public functions.
/// </summary>
internal sealed class SamplerEmitter(CodeWriter members, IrModel model, Func<FunctionContext> newContext)
{
    private readonly IrPositionSampler _sampler = model.Sampler!;
    private readonly Autoregression _law = model.Sampler!.Law;
    private readonly IrFunction _density = model.Sampler!.Density;

    private string Name => CSharpNames.Pascal(_law.Data.Name);

    private TensorType Root => _law.Root.Type;

    private bool IsIndex => Root.Element is Element.Class or Element.Code or Element.MuLaw or Element.Index;

    /// <summary>The call that an operation of the model's sampler makes.</summary>
    public static string Call(DrawPositionsOp op, Func<IrValue, string> name, FunctionContext context) =>
        $"Draw{CSharpNames.Pascal(op.Sampler.Law.Data.Name)}({string.Join(", ", [.. op.Inputs.Select(name), .. op.Sampler.FreeSizes.Select(v => context.Sizes[v.Name]), context.Rows, context.Draws(op.Site)])})";

    public void Write()
    {
        members.Blank();
        members.Line("/// <summary>How samples are drawn: each position once, or the whole net at every position.</summary>");
        members.Line("public SamplingOptions Sampling { get; set; } = new();");
        Continue();
        Draw();
        if (_sampler.Obstacle is null)
        {
            Trace();
        }

        Parameters();
    }

    private FunctionContext Context()
    {
        FunctionContext context = newContext();
        context.IsGraphFree = true;
        context.Mode = _ => "Mode.Evaluate";

        // In evaluation nothing is drawn inside a net.
        context.Draws = _ => "default";
        foreach (string taken in new[] { "plan", "count", "given", "known" })
        {
            context.Names.Take(taken);
        }

        return context;
    }

    private void Continue()
    {
        string space = _law.Data.Type.Space is { } s ? CSharpNames.Pascal(s.Name) : "Tensor";
        FunctionContext context = Context();
        string x = context.Names.New(_law.Data.Name);
        List<(string Type, string Name, string Tensor)> conditions = [.. _sampler.Conditions.Select(c =>
        {
            string name = context.Names.New(c.Name);
            return c.Type.Space is { } typed ? (CSharpNames.Pascal(typed.Name), name, name + ".Tensor") : ("Tensor", name, name);
        })];
        string tensor = _law.Data.Type.Space is null ? x : x + ".Tensor";
        string sizes = string.Concat(_sampler.FreeSizes.Select(v => $", {SizeOf(tensor, v)}"));
        members.Blank();
        members.Line("/// <summary>Keeps the first positions of each sample, in drawing order, and draws the rest.</summary>");
        members.Line($"/// <param name=\"{x}\">Samples; what stands behind the known positions is not looked at.</param>");
        members.Line("/// <param name=\"known\">Number of positions kept.</param>");
        foreach ((_, string condition, _) in conditions)
        {
            members.Line($"/// <param name=\"{condition.TrimStart('@')}\">What they are drawn for, a row per sample.</param>");
        }

        members.Line("/// <param name=\"draws\">Where the noise is drawn.</param>");
        string parameters = string.Concat(conditions.Select(c => $", {c.Type} {c.Name}"));
        using (members.Braces($"public {space} Continue({space} {x}, long known{parameters}, Draws draws)"))
        {
            members.Line("using var graphFree = torch.no_grad();");
            string arguments = string.Concat(conditions.Select(c => c.Tensor + ", "));
            string call = $"Draw{Name}({arguments}{(sizes.Length > 0 ? sizes.Substring(2) + ", " : "")}{tensor}.size(0), draws.At({CSharpNames.Literal(_law.Data.Name)}), {tensor}, known)";
            members.Line(_law.Data.Type.Space is null ? $"return {call};" : $"return new({call});");
        }
    }

    private string SizeOf(string tensor, DimVariable size)
    {
        for (int axis = 0; axis < _law.Data.Type.Shape.Length; axis++)
        {
            if (_law.Data.Type.Shape[axis].AsVariable is { } variable && variable.Name == size.Name)
            {
                return $"{tensor}.size({CSharpNames.Number(axis + 1L)})";
            }
        }

        throw new InvalidOperationException($"The size '{size.Name}' does not follow from the data.");
    }

    // Sizes that only the caller knows, behind the other parameters.
    private string Sizes(FunctionContext context) => string.Concat(_sampler.FreeSizes.Select(v =>
    {
        context.Sizes[v.Name] = context.Names.New(v.Name);
        return $", long {context.Sizes[v.Name]}";
    }));

    private string SizeNames(FunctionContext context) => string.Concat(_sampler.FreeSizes.Select(v => ", " + context.Sizes[v.Name]));

    private void Draw()
    {
        FunctionContext context = Context();
        List<string> conditions = [.. _sampler.Conditions.Select(c => context.Names.New(c.Name))];
        string sizes = Sizes(context);
        string parameters = string.Concat(conditions.Select(c => $"Tensor {c}, "));
        string outer = string.Concat(conditions.Select(c => ", " + c));
        bool isMapped = _law.Chart.Length > 0 || IsIndex;
        members.Blank();
        members.Line($"/// <summary>Draws {_law.Data.Name}, position by position.</summary>");
        using (members.Braces($"private Tensor Draw{Name}({parameters}{(sizes.Length > 0 ? sizes.Substring(2) + ", " : "")}long count, Draws draws, Tensor? given = null, long known = 0)"))
        {
            if (_law.Chart.Length > 0)
            {
                members.Line($"using var prefix = given is null ? null : RootOf{Name}(given{SizeNames(context)});");
            }

            members.Line($"{(isMapped ? "using var drawn =" : "return")} PositionSampler.Draw(");
            using (members.Indented())
            {
                members.Line($"Sampling, {SiteDraw(context)}, count, sites: {context.Host.Sizes(_sampler.Sites)}, channels: {(_sampler.Channels is { } c ? context.Host.Size(c) : "0")}, isOrdered: {(_sampler.IsOrdered ? "true" : "false")}, State, draws,");
                members.Line($"trace: {(_sampler.Obstacle is null ? $"plan => Trace{Name}(plan{outer}{SizeNames(context)})" : "null")},");
                members.Line($"parameters: root => ParametersOf{Name}(root{outer}{SizeNames(context)}),");
                members.Line(_law.Chart.Length > 0 ? "prefix, known);" : "given, known);");
            }

            if (isMapped)
            {
                members.Line($"return {Name}Of(drawn{SizeNames(context)});");
            }
        }

        if (isMapped)
        {
            FromRoot();
        }

        if (_law.Chart.Length > 0)
        {
            ToRoot();
        }
    }

    private string SiteDraw(FunctionContext context)
    {
        Dim channels = _sampler.Channels ?? Dim.One;
        Dim? features = _law.Arguments.Select(a => a.Tensor).OfType<IrValue>().FirstOrDefault()?.Type.Shape.FirstOrDefault();
        Dim components = features?.TryDivide(ParameterShapes.PerComponent(channels)) ?? Dim.One;
        return "SiteDraws." + _law.Distribution.SiteDraw
            .Replace("{count}", context.Host.Size(Root.Count))
            .Replace("{components}", context.Host.Size(components))
            .Replace("{channels}", context.Host.Size(channels));
    }

    // Back from the numbers of the plan, which are real and in drawing order, to the space.
    private void FromRoot()
    {
        FunctionContext context = Context();
        members.Blank();
        members.Line($"/// <summary>{_law.Data.Name} from its drawn positions.</summary>");
        context.Names.Take("root");
        using (members.Braces($"private Tensor {Name}Of(Tensor root{Sizes(context)})"))
        {
            string current = "root";
            if (IsIndex)
            {
                current = context.Names.New("index");
                members.Line($"var {current} = root.to(torch.ScalarType.Int64);");
            }

            foreach (CatalogOp op in _law.Chart.Reverse())
            {
                string from = current;
                current = context.Names.New(op.Operation.Name + "_undone");
                var text = new OperationText(context, _ => from);
                members.Line($"var {current} = {text.Inverse(op)};{(from == "root" ? "" : $" {from}.Dispose();")}");
            }

            members.Line($"return {current};");
        }
    }

    private void ToRoot()
    {
        FunctionContext context = Context();
        Dictionary<IrValue, string> names = [];
        names[_law.Data] = context.Names.New(_law.Data.Name);
        var text = new OperationText(context, v => names[v]);
        members.Blank();
        members.Line($"/// <summary>The positions of {_law.Data.Name} in drawing order.</summary>");
        using (members.Braces($"private Tensor RootOf{Name}(Tensor {names[_law.Data]}{Sizes(context)})"))
        {
            string current = names[_law.Data];
            foreach (CatalogOp op in _law.Chart)
            {
                string value = text.Of(op);
                string from = current;
                current = context.Names.New(op.Outputs[0].Name);
                names[op.Outputs[0]] = current;
                members.Line($"var {current} = {value};{(from == names[_law.Data] ? "" : $" {from}.Dispose();")}");
            }

            members.Line($"return {current};");
        }
    }

    private void Trace()
    {
        FunctionContext context = Context();
        var body = new TraceEmitter(members, context, _sampler.Net, [_law.Root]);
        List<string> conditions = [];
        foreach (IrValue condition in _sampler.Conditions)
        {
            string name = context.Names.New(condition.Name);
            body.Bind(condition, name);
            conditions.Add(name);
        }

        members.Blank();
        members.Line($"/// <summary>The net from {_law.Root.Name} to the parameters of its law, for a sampler that computes each site once.</summary>");
        using (members.Braces($"private SiteValue[] Trace{Name}(SamplerPlan plan{string.Concat(conditions.Select(c => ", Tensor " + c))}{Sizes(context)})"))
        {
            string root = context.Names.New(_law.Root.Name);
            members.Line($"var {root} = plan.Root;");
            body.Bind(_law.Root, root);
            if (!ReferenceEquals(_law.Root, _law.Data) && body.IsRead(_law.Data))
            {
                // Only its sizes are asked for: positions.
                string data = context.Names.New(_law.Data.Name);
                members.Line($"var {data} = plan.Blank({string.Join(", ", _law.Data.Type.Shape.Select(context.Host.Size))});");
                body.Bind(_law.Data, data);
            }

            body.Write(_density.Body);
            LineMapping.End(members, context.Emit);
            members.Line($"return [{string.Join(", ", _law.Arguments.Select(a => a.Tensor is { } t ? body.Site(t) : $"plan.Number({context.Host.Value(a.Number!)})"))}];");
        }
    }

    // The fallback and the reference: the whole net on what has been drawn so far.
    private void Parameters()
    {
        FunctionContext context = Context();

        // Layers that draw in training draw nothing here.
        context.Draws = _ => "default";
        var body = new BlockEmitter(members, context, new Usage(_density.Body, _sampler.Net.Results), _sampler.Net.Results);
        bool isMapped = _law.Chart.Length > 0 || IsIndex;
        string root = isMapped ? context.Names.New("root") : context.Names.New(_law.Data.Name);
        List<string> conditions = [];
        foreach (IrValue condition in _sampler.Conditions)
        {
            string name = context.Names.New(condition.Name);
            body.Bind(condition, name);
            conditions.Add(name);
        }

        members.Blank();
        members.Line($"/// <summary>The parameters of the law of {_law.Root.Name} at all positions, by one pass of the whole net.</summary>");
        using (members.Braces($"private Tensor[] ParametersOf{Name}(Tensor {root}{string.Concat(conditions.Select(c => ", Tensor " + c))}{Sizes(context)})"))
        {
            string observed = isMapped ? context.Names.New(_law.Data.Name) : root;
            if (isMapped)
            {
                members.Line($"var {observed} = {Name}Of({root}{SizeNames(context)});");
            }

            body.Bind(_law.Data, observed, isOwned: isMapped);
            body.Write(_density.Body);
            LineMapping.End(members, context.Emit);
            members.Line($"return [{string.Join(", ", _law.Arguments.Select(a => a.Tensor is { } t ? body.Result(t) : $"PositionSampler.Number({context.Host.Value(a.Number!)}, State)"))}];");
        }
    }
}
