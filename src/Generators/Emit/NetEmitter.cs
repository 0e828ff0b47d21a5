using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Generators.Emit;

/// <summary>Writes a net as a TorchSharp module.</summary>
internal sealed class NetEmitter(CodeWriter writer, GenSource source, EmitOptions emit, IrNet net, IEnumerable<ImmutableArray<bool>> traces, bool keepsWeights) : ModuleEmitter(writer, source, emit, net)
{
    public void Write()
    {
        IrFunction forward = net.Forward!;
        var members = new CodeWriter();
        Pass(members, OfForward(forward), forward, forward.Results);
        if (keepsWeights)
        {
            Pass(members, OfKept(forward), forward, forward.Results);
        }

        if (net is IrFlow { Inverse: { } inverse } flow)
        {
            string remarks = $"{Shapes(inverse.Parameters)} to {inverse.Results[0].Type.ShapeText}, per sample; {Passes(flow)}.";
            Pass(members, OfDirection("Transform", "What becomes of the data, without the log-determinant.", $"{Shapes(forward.Parameters)} to {forward.Results[0].Type.ShapeText}, per sample."), forward, forward.Results.RemoveAt(1));
            Pass(members, OfDirection("Inverse", "The data again, and log|det| of this direction: [N].", remarks), inverse, inverse.Results);
            Pass(members, OfDirection("Invert", "The data again, without the log-determinant.", remarks), inverse, inverse.Results.RemoveAt(1));
        }

        Typed(members, forward);
        foreach (ImmutableArray<bool> signature in traces)
        {
            Trace(members, forward, signature);
        }

        string types = string.Join(", ", [.. forward.Parameters.Select(TypeOf), ResultOf(forward.Results)]);
        string access = net.IsLibrary ? "internal" : "public";
        Class($"{access} sealed partial class {ClassName} : torch.nn.Module<{types}>", members);
    }

    private static string Passes(IrFlow flow) => flow.Passes.Value == 1 ? "in one pass" : $"in {flow.Passes} passes, one position after the other";

    private static string Shapes(IEnumerable<IrValue> values) => string.Join(", ", values.Select(p => $"{p.Name}: {(p.Type.Members is { } n ? $"[{n}] of " : "")}{p.Type.ShapeText}"));

    // One method, with a say on the mode beside it where a call depends on that.
    private void Pass(CodeWriter members, PassHeading heading, IrFunction function, ImmutableArray<IrValue> results)
    {
        FunctionContext context = Context();
        if (heading.KeepsWeights)
        {
            (context.Kept, context.Keeps) = (context.Names.New("weights"), _ => true);
        }

        var body = new BlockEmitter(members, context, new Usage(function.Body, results), results);
        foreach (IrValue parameter in function.Parameters)
        {
            body.Bind(parameter, context.Names.New(parameter.Name));
        }

        string first = body.NameOf(function.Parameters[0]);
        if (net is IrFlow)
        {
            // A factor that is the same for all samples counts once for each.
            context.Rows = first + ".size(0)";
        }

        string parameters = string.Join(", ", function.Parameters.Select(p => TypeOf(p) + " " + body.NameOf(p)));
        string result = ResultOf(results);
        members.Blank();
        members.Line(heading.Summary);
        members.Line($"/// <remarks>{CSharpNames.Xml(heading.Remarks)}</remarks>");
        if (heading.KeepsWeights)
        {
            string own = (net.UsesMode ? ", Mode mode" : "") + (net.UsesDraws ? ", Draws draws" : "");
            members.Line($"internal {result} {heading.Name}({parameters}{own}, KeptWeights {context.Kept})");
        }
        else if (net.UsesMode)
        {
            string own = net.UsesDraws ? $", Draws.Fresh({first}.device)" : "";
            string arguments = string.Join(", ", [.. function.Parameters.Select(body.NameOf), $"training ? Mode.Learn : Mode.Evaluate{own}"]);
            members.Line($"public {heading.Modifier}{result} {heading.Name}({parameters}) => {heading.WithMode}({arguments});");
            members.Blank();
            members.Line(heading.ModeSummary);
            members.Line($"internal {result} {heading.WithMode}({parameters}, Mode mode{(net.UsesDraws ? ", Draws draws" : "")})");
        }
        else
        {
            members.Line($"public {heading.Modifier}{result} {heading.Name}({parameters})");
        }

        using (members.Braces())
        {
            FreeSizes.Write(members, context, net, function, (p, axis) => FreeSizes.OfTensor(body.NameOf(p), p.Type, axis));
            Counts(members, context, body, function);
            body.Write(function.Body);
            LineMapping.End(members, context.Emit);
            members.Line("return " + (results.Length == 1 ? body.Result(results[0]) : Tuple(body, results)) + ";");
        }
    }

    private static string TypeOf(IrValue value) => value.Type.Members is null ? "Tensor" : "Tensor[]";

    private static string ResultOf(ImmutableArray<IrValue> results) => results.Length == 1 ? TypeOf(results[0]) : "(" + string.Join(", ", results.Select(TypeOf)) + ")";

    private PassHeading OfForward(IrFunction forward) => new(
        "override ",
        "forward",
        "Forward",
        "/// <inheritdoc/>",
        $"/// <summary>The forward pass with a say on {(net.UsesDraws ? "batch statistics and on what dropout draws" : "batch statistics")}.</summary>",
        $"{Shapes(forward.Parameters)} to {string.Join(", ", forward.Results.Select(r => r.Type.With().ToString()))}, per sample.");

    private static PassHeading OfKept(IrFunction forward)
    {
        const string Doc = "/// <summary>One of several passes, with the weights that they share.</summary>";
        return new("", "Forward", "Forward", Doc, Doc, $"{Shapes(forward.Parameters)} to {string.Join(", ", forward.Results.Select(r => r.Type.With().ToString()))}, per sample.") { KeepsWeights = true };
    }

    private static PassHeading OfDirection(string name, string summary, string remarks)
    {
        string doc = $"/// <summary>{CSharpNames.Xml(summary)}</summary>";
        return new("", name, name, doc, doc, remarks);
    }

    // How a method is announced: its modifier and name, the name of the one with a mode, their documentation.
    private sealed record PassHeading(string Modifier, string Name, string WithMode, string Summary, string ModeSummary, string Remarks)
    {
        // A pass whose caller keeps the weights.
        public bool KeepsWeights { get; init; }
    }

    // What a sampler's plan is told: parameters that depend on drawn positions are values of sites, the others are tensors.
    private void Trace(CodeWriter members, IrFunction forward, ImmutableArray<bool> signature)
    {
        FunctionContext context = Context();
        context.Names.Take("plan");
        List<IrValue> roots = [.. SiteFlow.Marked(forward, signature)];
        var body = new TraceEmitter(members, context, forward, roots);
        foreach (IrValue parameter in forward.Parameters)
        {
            body.Bind(parameter, context.Names.New(parameter.Name));
        }

        string parameters = string.Concat(forward.Parameters.Select((p, i) => $", {(signature[i] ? SiteTypeOf(p) : TypeOf(p))} {body.NameOf(p)}"));
        string result = forward.Results.Length == 1 ? SiteTypeOf(forward.Results[0]) : "(" + string.Join(", ", forward.Results.Select(SiteTypeOf)) + ")";
        members.Blank();
        members.Line("/// <summary>The forward pass as a sampler's plan: computed position by position.</summary>");
        using (members.Braces($"internal {result} Trace(SamplerPlan plan{parameters})"))
        {
            FreeSizes.Write(
                members, context, net, forward,
                (p, axis) => signature[forward.Parameters.IndexOf(p)] ? FreeSizes.OfSites(body.NameOf(p), p.Type, axis) : FreeSizes.OfTensor(body.NameOf(p), p.Type, axis),
                inSites: true);
            body.Write(forward.Body);
            LineMapping.End(members, context.Emit);
            members.Line("return " + (forward.Results.Length == 1 ? body.Site(forward.Results[0]) : "(" + string.Join(", ", forward.Results.Select(body.Site)) + ")") + ";");
        }
    }

    private static string SiteTypeOf(IrValue value) => value.Type.Members is null ? "SiteValue" : "SiteValue[]";

    // A value returned twice is two tensors.
    private static string Tuple(BlockEmitter body, IReadOnlyList<IrValue> results) =>
        "(" + string.Join(", ", results.Select((r, i) => results.Take(i).Any(e => ReferenceEquals(e.Root, r.Root)) ? body.Alias(r) : body.Result(r))) + ")";

    // How many tensors a family holds is part of its type, which C# does not check.
    private void Counts(CodeWriter members, FunctionContext context, BlockEmitter body, IrFunction forward)
    {
        foreach (IrValue family in forward.Parameters.Where(p => p.Type.Members is { } n && n.Variables.All(v => v.Kind == DimVariableKind.Hyperparameter || context.Sizes.ContainsKey(v.Name))))
        {
            (string name, string count) = (body.NameOf(family), context.Host.Size(family.Type.Members!));
            if (context.Sizes.ContainsValue(name + ".Length"))
            {
                continue;
            }

            using (members.Braces($"if ({name}.Length != {count})"))
            {
                members.Line($"throw new GenDslException($\"{net.Name} needs {{{count}}} tensors in '{family.Name}', but is given {{{name}.Length}}.\");");
            }

            members.Blank();
        }
    }

    // The same pass between spaces, for callers.
    private void Typed(CodeWriter members, IrFunction forward)
    {
        if (net.IsLibrary || forward.Results.Length != 1 || !forward.Parameters.Any(p => p.Type.Space is not null))
        {
            return;
        }

        var names = new LocalNames();
        List<(string Type, string Name, string Tensor)> parameters = [.. forward.Parameters.Select(p =>
        {
            string name = names.New(p.Name);
            return p.Type.Space is { } space ? (CSharpNames.Pascal(space.Name), name, name + ".Tensor") : (TypeOf(p), name, name);
        })];
        string call = $"forward({string.Join(", ", parameters.Select(p => p.Tensor))})";
        members.Blank();
        Docs.Summary(members, net.Doc.Length > 0 ? net.Doc : "Applies the net.");
        string list = string.Join(", ", parameters.Select(p => $"{p.Type} {p.Name}"));
        members.Line(forward.Results[0].Type.Space is { } result
            ? $"public {CSharpNames.Pascal(result.Name)} Apply({list}) => new({call});"
            : $"public {TypeOf(forward.Results[0])} Apply({list}) => {call};");
    }
}
