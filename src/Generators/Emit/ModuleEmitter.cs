using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>What nets and models share: options, fields, construction.</summary>
internal abstract class ModuleEmitter(CodeWriter writer, GenSource source, EmitOptions emit, IrModule module)
{
    private bool _readsOptions;

    protected CodeWriter Writer { get; } = writer;

    protected GenSource Source { get; } = source;

    protected EmitOptions Options { get; } = emit;

    protected IrModule Module { get; } = module;

    protected ScalarPool Scalars { get; } = new();

    protected string ClassName => CSharpNames.Pascal(Module.Name);

    /// <summary>A context whose options are the field of the instance.</summary>
    protected FunctionContext Context()
    {
        // What a library net maps to stands in the library, which the user's editor does not have.
        var context = new FunctionContext(Source, Module.IsLibrary ? Options with { LineDirectives = false } : Options, "_options", Scalars) { HasMode = Module.UsesMode };
        foreach (DimVariable size in Module.FixedSizes)
        {
            context.Sizes[size.Name] = "_options." + CSharpNames.Pascal(size.Name);
        }

        return context;
    }

    /// <summary>Writes the class: members first into a buffer, because they decide which numbers are kept in fields.</summary>
    protected void Class(string header, CodeWriter members)
    {
        Docs.Summary(Writer, Docs.Of(Module));
        using (Writer.Braces(header))
        {
            _readsOptions = members.ToString().Contains("_options.");
            OptionsRecord.Write(Writer, Module, "", null);
            Fields();
            Constructors();
            Writer.Blank();
            Writer.Line("/// <summary>Every tensor that outlives a call, with its role.</summary>");
            Writer.Line("public StateTable State { get; }");
            Children();
            Members.Copy(members, Writer);
            Writer.Blank();
            Writer.Line("/// <summary>Nothing: the constructor registers by name, and reflection would register twice.</summary>");
            using (Writer.Braces("protected override void RegisterComponents()"))
            {
            }
        }
    }

    private static bool IsLearned(Weight weight) => weight.Role is WeightRole.Kernel or WeightRole.Gain;

    private static string Dimensions(LayerInstance layer) => layer.Loops.Length == 0 ? "" : "[" + new string(',', layer.Loops.Length - 1) + "]";

    private void Fields()
    {
        Writer.Blank();
        foreach ((string name, string value) in Scalars.Constants)
        {
            Writer.Line($"private static readonly Scalar {name} = {value};");
        }

        if (_readsOptions)
        {
            Writer.Line("private readonly Options _options;");
        }

        foreach ((string name, HostValue _) in Scalars.Settings)
        {
            Writer.Line($"private readonly Scalar {name};");
        }

        foreach (LayerInstance layer in Module.Layers)
        {
            foreach (Weight weight in layer.Weights)
            {
                string type = IsLearned(weight) ? "Parameter" : "Tensor";
                Writer.Line($"private readonly {type}{Dimensions(layer)} {LayerFields.Name(layer, weight)};   // {TensorType.ShapeOf(weight.Shape)}");
            }
        }
    }

    private void Children()
    {
        foreach (ModuleInstance child in Module.Children)
        {
            string dimensions = child.Loops.Length == 0 ? "" : "[" + new string(',', child.Loops.Length - 1) + "]";
            Writer.Blank();
            Docs.Summary(Writer, Docs.Of(child.Module));
            Writer.Line($"{Members.Access(child.Module)} {CSharpNames.Pascal(child.Module.Name)}{dimensions} {CSharpNames.Pascal(child.Name)} {{ get; }}");
        }
    }

    private void Constructors()
    {
        bool optional = OptionsRecord.AllOptional(Module);
        Writer.Blank();
        Writer.Line("/// <summary>Constructs it with fresh parameters.</summary>");
        Writer.Line("/// <exception cref=\"GenDslException\">A hyperparameter is out of range.</exception>");
        if (optional)
        {
            Writer.Line($"public {ClassName}(Options? options = null)");
            using (Writer.Indented())
            {
                Writer.Line(": this(options ?? new(), new Build(options?.Seed ?? 0, options?.Device))");
            }
        }
        else
        {
            Writer.Line($"public {ClassName}(Options options)");
            using (Writer.Indented())
            {
                Writer.Line(": this(options, new Build(options.Seed, options.Device))");
            }
        }

        using (Writer.Braces())
        {
        }

        Writer.Blank();
        Writer.Line($"internal {ClassName}(Options options, Build build)");
        using (Writer.Indented())
        {
            Writer.Line($": base({CSharpNames.Literal(ClassName)})");
        }

        using (Writer.Braces())
        {
            ConstructorBody();
        }
    }

    private void ConstructorBody()
    {
        var context = new FunctionContext(Source, Options, "options", Scalars);
        foreach (DimVariable size in Module.FixedSizes)
        {
            context.Sizes[size.Name] = "options." + CSharpNames.Pascal(size.Name);
        }

        OptionsRecord.Checks(Writer, Module, context.Host);
        if (_readsOptions)
        {
            Writer.Line("_options = options;");
        }

        foreach ((string name, HostValue value) in Scalars.Settings)
        {
            Writer.Line($"{name} = {context.Host.Value(value)};");
        }

        foreach (LayerInstance layer in Module.Layers)
        {
            Construct(context, layer.Loops, layer.Weights.Select(w => (LayerFields.Name(layer, w), IsLearned(w) ? "Parameter" : "Tensor")), indices =>
            {
                foreach (Weight weight in layer.Weights)
                {
                    string field = LayerFields.Name(layer, weight);
                    string build = indices.Length == 0 ? "build" : $"build.Child({CSharpNames.Literal(layer.Name)}, {string.Join(").Child(\"round\", ", indices)})";
                    string path = indices.Length == 0 ? LayerFields.Path(layer, weight) : weight.Name.Length == 0 ? "value" : weight.Name;
                    string element = field + (indices.Length == 0 ? "" : "[" + string.Join(", ", indices) + "]");
                    string known = weight.Name.Length == 0 ? layer.Name : field.TrimStart('@');
                    string register = indices.Length == 0 ? CSharpNames.Literal(known) : "$\"" + known + string.Concat(indices.Select(i => "_{" + i + "}")) + "\"";
                    (string make, string role, string verb) = weight.Role switch
                    {
                        WeightRole.Kernel => ("Parameter", "Kernel", "register_parameter"),
                        WeightRole.Gain => ("Parameter", "Gain", "register_parameter"),
                        _ => ("Buffer", weight.Role.ToString(), "register_buffer"),
                    };
                    string shape = string.Concat(weight.Shape.Select(d => ", " + context.Host.Argument(d)));
                    string kind = weight.OutputAxis == 1 ? $"TransposedKernel({CSharpNames.Literal(path)}" : $"{make}({CSharpNames.Literal(path)}, StateRole.{role}";
                    Writer.Line($"{element} = {build}.{kind}, {Initial(context.Host, layer, weight.Initializer, indices)}{shape});");
                    Writer.Line($"{verb}({register}, {element});");
                }
            });
        }

        foreach (ModuleInstance child in Module.Children)
        {
            string property = CSharpNames.Pascal(child.Name);
            string type = CSharpNames.Pascal(child.Module.Name);
            Construct(context, child.Loops, [(property, type)], indices =>
            {
                string element = property + (indices.Length == 0 ? "" : "[" + string.Join(", ", indices) + "]");
                string build = indices.Length == 0 ? $"build.Child({CSharpNames.Literal(child.Name)})" : $"build.Child({CSharpNames.Literal(child.Name)}, {string.Join(").Child(\"round\", ", indices)})";
                string register = indices.Length == 0 ? CSharpNames.Literal(child.Name) : "$\"" + child.Name + string.Concat(indices.Select(i => "_{" + i + "}")) + "\"";
                Writer.Line($"{element} = new {type}({OptionsRecord.Arguments(child, context.Host)}, {build});");
                Writer.Line($"register_module({register}, {element});");
            });
        }

        Writer.Line("State = build.State;");
    }

    private void Construct(FunctionContext context, IReadOnlyList<LoopIndex> loops, IEnumerable<(string Field, string Type)> fields, System.Action<string[]> body)
    {
        if (loops.Count == 0)
        {
            body([]);
            return;
        }

        foreach ((string field, string type) in fields)
        {
            Writer.Line($"{field} = new {type}[{string.Join(", ", loops.Select(l => context.Host.Int(Largest(l.To, loops))))}];");
        }

        Nested(context, loops, 0, [], body);
    }

    // A bound that reads the index of an outer loop is at its largest in that loop's first or last round.
    private static Dim Largest(Dim bound, IReadOnlyList<LoopIndex> loops)
    {
        foreach (LoopIndex loop in loops.Reverse().Where(l => bound.Variables.Contains(l.Variable)))
        {
            Dim At(Dim index) => bound.Substitute(v => v.Equals(loop.Variable) ? index : null);
            bound = Dim.Max(Dim.Max(At(loop.From), At(loop.To - 1)), Dim.Zero);
        }

        return bound;
    }

    private void Nested(FunctionContext context, IReadOnlyList<LoopIndex> loops, int depth, string[] indices, System.Action<string[]> body)
    {
        if (depth == loops.Count)
        {
            body(indices);
            return;
        }

        LoopIndex loop = loops[depth];
        string index = CSharpNames.Escape(CSharpNames.Camel(loop.Variable.Name));
        context.Sizes[loop.Variable.Name] = index;
        using (Writer.Braces($"for (var {index} = {context.Host.Int(loop.From)}; {index} < {context.Host.Int(loop.To)}; {index}++)"))
        {
            Nested(context, loops, depth + 1, [.. indices, index], body);
        }
    }

    private static string Initial(HostText host, LayerInstance layer, Initializer initializer, string[] indices) => initializer.Name switch
    {
        // What is made of other tensors of its layer.
        "norm_of" => $"Initializer.NormOf({LayerFields.Name(layer, layer.Weights.First(w => w.Name == "weight_v"))}{(indices.Length == 0 ? "" : "[" + string.Join(", ", indices) + "]")}, {host.Size(initializer.Arguments[0].Size!)})",
        "power_of" => $"Initializer.PowerOf({LayerFields.Name(layer, layer.Weights.First(w => w.Name == "weight_orig"))}{(indices.Length == 0 ? "" : "[" + string.Join(", ", indices) + "]")}, {host.Size(initializer.Arguments[0].Size!)})",
        "plu" => $"Initializer.Plu({string.Join(", ", new[] { "permutation", "lower", "upper", "sign" }.Select(n => LayerFields.Name(layer, layer.Weights.First(w => w.Name == n)) + (indices.Length == 0 ? "" : "[" + string.Join(", ", indices) + "]")))})",
        _ => Initial(host, initializer),
    };

    /// <summary>An initialiser that nothing else is needed for.</summary>
    public static string Initial(HostText host, Initializer initializer) => initializer.Name switch
    {
        "zeros" => "Initializer.Zeros",
        "ones" => "Initializer.Ones",
        "fan_in" => $"Initializer.FanIn({host.Argument(initializer.Arguments[0].Size!)})",
        "tap_mask" or "class_mask" => $"Initializer.{CSharpNames.Pascal(initializer.Name)}({string.Join(", ", initializer.Arguments.Select(a => a.Size is { } size ? host.Size(size) : host.Value(a)))})",
        _ => $"Initializer.{CSharpNames.Pascal(initializer.Name)}({string.Join(", ", initializer.Arguments.Select(host.Value))})",
    };
}
