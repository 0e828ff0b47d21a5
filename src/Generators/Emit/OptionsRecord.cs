using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>The options of a generated class: hyperparameters, and sizes that its parameters need.</summary>
internal static class OptionsRecord
{
    // The record's own members.
    private static readonly HostText Plain = new("", v => v.Name) { Hyperparameter = CSharpNames.Pascal };

    /// <summary>True where nothing must be given.</summary>
    public static bool AllOptional(IrModule module) => module.FixedSizes.IsEmpty && module.Hyperparameters.All(h => h.Default is not null);

    /// <summary>Writes the record.</summary>
    /// <param name="base">Its base, with a leading colon; empty for nets, which bring Seed and Device themselves.</param>
    /// <param name="more">Writes further members.</param>
    public static void Write(CodeWriter writer, IrModule module, string @base, System.Action? more)
    {
        writer.Line("/// <summary>What is fixed at construction.</summary>");
        using (writer.Braces($"public sealed record Options{@base}"))
        {
            foreach (Hyperparameter parameter in module.Hyperparameters)
            {
                writer.Blank();
                string range = parameter.Minimum is { } least ? $" At least {CSharpNames.Number(least)}." : Range(module, parameter);
                string text = parameter.Doc.Length > 0 ? parameter.Doc : $"The hyperparameter <c>{parameter.Name}</c>.";
                Docs.SummaryXml(writer, (parameter.Doc.Length > 0 ? CSharpNames.Xml(text) : text) + range);
                string type = Type(parameter.Kind);
                string name = CSharpNames.Pascal(parameter.Name);
                writer.Line(parameter.Default is not { } standard ? $"public required {type} {name} {{ get; init; }}"
                    : ReadsOthers(parameter) ? $"public {type} {name} {{ get => given{name} ?? ({Plain.Value(standard)}); init => given{name} = value; }}"
                    : $"public {type} {name} {{ get; init; }} = {Plain.Value(standard)};");
            }

            foreach (Hyperparameter parameter in module.Hyperparameters.Where(ReadsOthers))
            {
                writer.Blank();
                writer.Line($"private readonly {Type(parameter.Kind)}? given{CSharpNames.Pascal(parameter.Name)};");
            }

            foreach (DimVariable size in module.FixedSizes)
            {
                writer.Blank();
                writer.Line($"/// <summary>The size <c>{size.Name}</c> of the data.</summary>");
                writer.Line($"public required int {CSharpNames.Pascal(size.Name)} {{ get; init; }}");
            }

            if (module.CanRecompute)
            {
                writer.Blank();
                writer.Line("/// <summary>Whether loops of flows keep what their rounds compute until it has been differentiated, or compute it again.</summary>");
                writer.Line("public Memory Memory { get; init; }");
            }

            if (@base.Length == 0)
            {
                writer.Blank();
                writer.Line("/// <summary>Seed of the initial parameters.</summary>");
                writer.Line("public ulong Seed { get; init; }");
                writer.Blank();
                writer.Line("/// <summary>Where the parameters live; the CPU if null.</summary>");
                writer.Line("public torch.Device? Device { get; init; }");
            }

            more?.Invoke();
        }
    }

    // What is asked of a number by itself, for its documentation.
    private static string Range(IrModule module, Hyperparameter parameter)
    {
        Interval legal = module.Facts
            .Select(f => f.Demand is { Number.Expression: HostHyperparameter of, Legal: { } range } && of.Name == parameter.Name ? range : Interval.All)
            .Aggregate(Interval.All, (all, range) => all.Meet(range));
        return legal.IsAll ? "" : $" {char.ToUpperInvariant(legal.Spoken[0])}{legal.Spoken.Substring(1)}.";
    }

    /// <summary>Writes the checks of a constructor.</summary>
    public static void Checks(CodeWriter writer, IrModule module, HostText host)
    {
        foreach (Hyperparameter parameter in module.Hyperparameters.Where(h => h.Minimum is not null))
        {
            string property = $"options.{CSharpNames.Pascal(parameter.Name)}";
            string least = CSharpNames.Number(parameter.Minimum!.Value);
            using (writer.Braces($"if ({property} < {least})"))
            {
                writer.Line($"throw new GenDslException($\"{module.Name}: {parameter.Name} must be at least {least}, but is {{{property}}}.\");");
            }

            writer.Blank();
        }

        foreach (SizeFact fact in module.SizeFacts.Where(f => module.Hyperparameters.Any(h => h.Name == f.Name) || module.FixedSizes.Any(s => s.Name == f.Name)))
        {
            string property = $"options.{CSharpNames.Pascal(fact.Name)}";
            using (writer.Braces($"if ({Violation(fact, property)})"))
            {
                writer.Line($"throw new GenDslException($\"{module.Name} needs {fact.Text}, but {fact.Name} is {{{property}}}.\");");
            }

            writer.Blank();
        }

        foreach (SizeFact fact in module.SizeFacts.Where(f => module is IrTrainer { Sources: [{ Rows.Count: { } rows }, ..] } && rows.Variables.Any(v => v.Kind == DimVariableKind.Batch && v.Name == f.Name)))
        {
            using (writer.Braces($"if ({Violation(fact, "options.Batch")})"))
            {
                writer.Line($"throw new GenDslException($\"{module.Name} needs {fact.Text}, but the batch {fact.Name} has {{options.Batch}} rows.\");");
            }

            writer.Blank();
        }

        foreach (Fact fact in module.Facts)
        {
            // Written so that no number at all, NaN, breaks it too.
            string holds = string.Join(" && ", fact.Conditions.Select(host.Value));
            using (writer.Braces($"if (!({holds}))"))
            {
                string[] read = [.. fact.Conditions.SelectMany(c => HostReading.Hyperparameters(c.Expression)).Distinct()];
                string found = string.Join(" and ", read.Select(name => $"{name} is {{{host.Options}.{CSharpNames.Pascal(name)}}}"));
                string needs = CSharpNames.Literal($"{module.Name} needs {fact.Text}");
                writer.Line(read.Length == 0
                    ? $"throw new GenDslException({needs.Substring(0, needs.Length - 1)}.\");"
                    : $"throw new GenDslException(global::System.FormattableString.Invariant(${needs.Substring(0, needs.Length - 1).Replace("{", "{{").Replace("}", "}}")}, but {found}.\"));");
            }

            writer.Blank();
        }
    }

    /// <summary>True, in C#, where a size breaks a fact.</summary>
    public static string Violation(SizeFact fact, string size) => fact.Minimum is { } least
        ? $"{size} < {CSharpNames.Number(least)}"
        : $"{size} % {CSharpNames.Number(fact.Modulus)} != {CSharpNames.Number(fact.Residue)}";

    /// <summary>The options of a construction as a C# expression.</summary>
    public static string Arguments(ModuleInstance instance, HostText host)
    {
        IEnumerable<string> given = instance.Module.Hyperparameters
            .Where(h => instance.Hyperparameters.ContainsKey(h.Name))
            .Select(h => $"{CSharpNames.Pascal(h.Name)} = {host.Value(instance.Hyperparameters[h.Name])}");
        ModuleInstance sizes = instance.AverageOf ?? instance;
        IEnumerable<string> fixedSizes = instance.Module.FixedSizes.Select(s => $"{CSharpNames.Pascal(s.Name)} = {host.Int(sizes.FreeSizes[s.Name])}");
        IEnumerable<string> memory = instance.Module.CanRecompute ? [$"Memory = {host.Options}.Memory"] : [];
        string all = string.Join(", ", given.Concat(fixedSizes).Concat(memory));
        return all.Length == 0 ? "new()" : $"new() {{ {all} }}";
    }

    /// <summary>The default of a hyperparameter as C#, in which others are what a function says; null where it has none.</summary>
    public static string? Default(Hyperparameter parameter, System.Func<string, string> others) =>
        parameter.Default is { } value ? new HostText("", v => v.Name) { Hyperparameter = others }.Value(value) : null;

    /// <summary>True where the default follows from what others are.</summary>
    private static bool ReadsOthers(Hyperparameter parameter) => parameter.Default is { } value && HostReading.Hyperparameters(value.Expression).Length > 0;

    /// <summary>The C# type of a hyperparameter.</summary>
    public static string Type(HostKind kind) => kind switch { HostKind.Int => "int", HostKind.Bool => "bool", _ => "double" };
}
