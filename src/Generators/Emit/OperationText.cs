using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>Operations as C# expressions.</summary>
internal sealed class OperationText(FunctionContext context, Func<IrValue, string> name)
{
    public string Of(IrOp op) => op switch
    {
        CatalogOp call when IsKept(call) => $"{context.Kept}.Of({Fill(call.Operation.KeptBy!, call)}, () => {Fill(call.Operation.Call, call)})",
        CatalogOp call => Fill(call.Operation.Call, call),
        ReadParameterOp read => Field(read) + ".alias()",
        ReadStateOp read => HeldFields.Of(read.State) + ".clone()",
        HistoryOp history => $"{HeldFields.Of(history.History)}.Swap({name(history.Inputs[0])}, {context.Draws(history.Site)})",
        WeightFigureOp figure => $"StateTable.{(figure.Figure == WeightFigure.Distance ? "SquaredDistance" : "OffDiagonalGram")}({string.Join(", ", figure.Nets.Select(n => context.Module(n) + ".State"))})",
        InvokeOp invoke => Invoke(invoke),
        ModelOp model => Query(model),
        DrawOp draw => Draw(draw),
        GradOp grad => $"Gradients.At({name(grad.Of)}, {name(grad.At)}{(grad.KeepsGraph ? ", keepGraph: true" : "")}{(grad.IsRecorded ? ", differentiable: true" : "")})",
        DrawPositionsOp draw => SamplerEmitter.Call(draw, name, context),
        FamilyOp family => $"new Tensor[{context.Host.Int(family.Count)}]",
        FamilySliceOp slice => $"{name(slice.Inputs[0])}.Slice({context.Host.Int(slice.From)}, {context.Host.Int(slice.To)})",
        _ => throw new InvalidOperationException(op.GetType().Name),
    };

    /// <summary>True for a weight that stays with what keeps it for the other passes.</summary>
    public bool IsKept(CatalogOp op) => op is { Operation.KeptBy: not null, Layer: { } layer } && context.Keeps(layer);

    /// <summary>Where a parameter is kept.</summary>
    public string Field(ReadParameterOp read) => LayerFields.Name(read.Layer, read.Layer.Weights[0]) + context.Indices(read.Layer.Loops);

    /// <summary>The statement that writes the result over the first input.</summary>
    public string InPlace(CatalogOp call) => Fill(call.Operation.InPlace!, call);

    /// <summary>The form that a sampler's plan takes.</summary>
    public string Site(CatalogOp call) => Fill(call.Operation.Site!, call);

    /// <summary>What undoes an operation of a chart; the name function gives what it is applied to.</summary>
    public string Inverse(CatalogOp call) => Fill(call.Operation.Inverse!, call);

    /// <summary>What a metric is gathered in over all batches.</summary>
    public string Metric(CatalogOp call) => Fill(call.Operation.Metric!, call);

    /// <summary>What a closed form is gathered in over all batches.</summary>
    public string Solver(CatalogOp call) => Fill(call.Operation.Solver!, call);

    /// <summary>What is printed with the figure of a metric: C# of a string.</summary>
    public string Protocol(CatalogOp call)
    {
        string text = Regex.Replace(call.Operation.Protocol!, @"\{(\w+)\}", name => call.Attributes[name.Groups[1].Value] is SizeAttribute { Size: { } size }
            ? size.Value is { } known ? CSharpNames.Number(known) : "{" + context.Host.Size(size) + "}"
            : throw new InvalidOperationException(name.Value));
        return text.Contains("{") ? "$\"" + text + "\"" : CSharpNames.Literal(text);
    }

    /// <summary>The statement that is all of an operation whose result is its input.</summary>
    public string Effect(CatalogOp call) => Fill(call.Operation.Effect!, call)
        + (call.Operation.InitialisesFromData && context.Kept is { } kept ? $" if ({context.Mode(call)}.IsInitial) {kept}.Forget();" : "");

    /// <summary>A flow whose log-determinant nobody asks for.</summary>
    public string WithoutLogDet(InvokeOp op) => Flow(op, op.IsInverse ? "Invert" : "Transform");

    private string Flow(InvokeOp op, string method)
    {
        IEnumerable<string> arguments = op.Inputs.Select(name);
        arguments = op.Module.Module.UsesMode ? [.. arguments, context.Mode(op)] : arguments;
        arguments = op.Module.Module.UsesDraws ? [.. arguments, context.Draws(context.Site(op.Module.Name))] : arguments;
        return Called(op, $"{context.Module(op.Module)}.{method}({string.Join(", ", arguments)})");
    }

    // A net that is a constant of the call.
    private string Called(InvokeOp op, string call) => op.IsRecorded && op.Manner.HasFlag(CallManner.Constant) && op.Module.HasParameters
        ? $"{context.Module(op.Module)}.State.AsConstant(() => {call})"
        : call;

    private string Invoke(InvokeOp op)
    {
        if (op.IsInverse)
        {
            return Flow(op, "Inverse");
        }

        List<string> arguments = [.. op.Inputs.Select(name)];
        IrModule called = op.Module.Module;
        if (called.UsesMode)
        {
            arguments.Add(context.Mode(op));
        }

        if (called.UsesDraws)
        {
            arguments.Add(context.Draws(context.Site(op.Module.Name)));
        }

        bool isKept = RepeatedWeights.Has(called) && context.Keeps(op.Module);
        if (isKept)
        {
            arguments.Add(context.Kept!);
        }

        return Called(op, $"{context.Module(op.Module)}.{(called.UsesMode || isKept ? "Forward" : "forward")}({string.Join(", ", arguments)})");
    }

    private string Query(ModelOp op)
    {
        var model = (IrModel)op.Module.Module;
        List<string> arguments = [.. op.Inputs.Select(name)];
        if (op.Query is ModelQuery.Draw or ModelQuery.Propose)
        {
            IrValue? rows = op.Inputs.FirstOrDefault(i => i.Type.Rows is not null);
            arguments.Add(rows is null ? context.RowsOf(op.Outputs[0].Type.Rows) : name(rows) + ".size(0)");
        }

        if (op.Count is { } count)
        {
            arguments.Add(context.Host.Value(count));
        }

        if (ModelEmitter.UsesDraws(model, op.Query))
        {
            arguments.Add(context.Draws(op.Site));
        }

        if (model.UsesMode)
        {
            arguments.Add(context.Mode(op));
        }

        arguments.AddRange(op.Sizes.Select(context.Host.Size));
        if (op.Query == ModelQuery.Draw && model.HasTemperature && context.Temperature is { } temperature)
        {
            arguments.Add("temperature: " + temperature);
        }

        return $"{context.Module(op.Module)}.{op.Query}Of({string.Join(", ", arguments)})";
    }

    private string Draw(DrawOp op)
    {
        string draws = context.Draws(op.Site);
        if (op.Kind == DrawKind.Bernoulli)
        {
            return $"{draws}.Bernoulli({name(op.Inputs[0])})";
        }

        if (op.Kind == DrawKind.Permutation)
        {
            return $"{draws}.Permutation({context.RowsOf(op.Outputs[0].Type.Rows)})";
        }

        string method = op.Kind switch { DrawKind.Beta => "Beta", DrawKind.Uniform => "Uniform", _ => "NormalWithin" };
        string[] rows = op.Inputs is not [{ } like] ? [context.RowsOf(op.Outputs[0].Type.Rows)] : like.Type.Rows is null ? [] : [$"{name(like)}.size(0)"];
        string shape = string.Join(", ", [.. rows, .. op.Shape.Select(context.Host.Argument)]);
        return op.Kind == DrawKind.Normal && op.Arguments.IsEmpty
            ? $"{draws}.Normal({shape})"
            : $"{draws}.{method}({string.Join(", ", op.Arguments.Select(context.Host.Value))}, {shape})";
    }

    private string Fill(string template, CatalogOp call)
    {
        var text = new StringBuilder();
        int at = 0;
        while (at < template.Length)
        {
            int open = template.IndexOf('{', at);
            if (open < 0)
            {
                text.Append(template, at, template.Length - at);
                break;
            }

            int close = template.IndexOf('}', open);
            text.Append(template, at, open - at).Append(Placeholder(template.Substring(open + 1, close - open - 1), call));
            at = close + 1;
        }

        return text.ToString();
    }

    private string Placeholder(string placeholder, CatalogOp call)
    {
        if (placeholder == "plan")
        {
            return "plan";
        }

        if (placeholder == "mode")
        {
            return context.Mode(call);
        }

        if (placeholder == "draws")
        {
            return context.Draws(context.Site(call.Layer!.Name, call.Operation.Name.TrimStart('~')));
        }

        if (call.Attributes.TryGetValue(placeholder, out OperationAttribute? attribute))
        {
            return attribute switch
            {
                SizeAttribute size => context.Host.Size(size.Size),
                RowShapeAttribute shape => "[" + string.Join(", ", [context.RowsOf(call.Outputs[0].Type.Rows), .. shape.Sizes.Select(context.Host.Argument)]) + "]",
                RowsAttribute => context.Rows,
                SizeListAttribute list => string.Join(", ", list.Sizes.Select(context.Host.Argument)),
                SizesAttribute sizes => context.Host.Sizes(sizes.Sizes),
                NumberAttribute number => context.Host.Value(number.Value),
                ScalarAttribute scalar => context.Scalars.Of(scalar.Value, context.Host),
                CodeAttribute code => code.Text,
                TemplateAttribute part => Fill(part.Text, call),
                _ => throw new InvalidOperationException(attribute.GetType().Name),
            };
        }

        // A weight that is prepared goes before the one that it is made of.
        string[] inputs = [.. call.Bindings.Where(b => b.Parameter == placeholder).Select(b => name(b.Value))];
        if (inputs.Length > 0)
        {
            return string.Join(", ", inputs);
        }

        return call.Layer?.Weights.FirstOrDefault(w => w.Name == placeholder) is { } weight
            ? LayerFields.Name(call.Layer, weight) + context.Indices(call.Layer.Loops)
            : throw new InvalidOperationException($"The template of '{call.Operation.Name}' asks for '{placeholder}', which the call does not have.");
    }
}

/// <summary>The fields that hold the weights of layers.</summary>
internal static class LayerFields
{
    /// <summary><c>conv1_weight</c>: as PyTorch names it, with an underscore for the dot that a field cannot have. No local or other member has one.</summary>
    public static string Name(LayerInstance layer, Weight weight) =>
        CSharpNames.Escape(layer.Name + "_" + (weight.Name.Length == 0 ? "value" : weight.Name));

    /// <summary><c>conv1.weight</c>: its name in checkpoints.</summary>
    public static string Path(LayerInstance layer, Weight weight) => weight.Name.Length == 0 ? layer.Name : layer.Name + "." + weight.Name;
}
