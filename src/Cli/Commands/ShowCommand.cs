using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Inspection;
using GenDsl.Cli.Training;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Types;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl show NAME|FILE</c>: spaces, nets with shapes and parameters, what training will cost, and what a model sees of its own past.</summary>
internal sealed class ShowCommand : Command
{
    private const int DefaultBatch = 128;

    public ShowCommand(Terminal terminal, CancellationToken cancel)
        : base("show", "Print spaces, layers, shapes, parameter counts, and the expected time and memory of training.")
    {
        var program = new Argument<string>("NAME|FILE") { Description = "A shipped model, or a path that ends in .gen." };
        var set = Settings.Option();
        var batch = Numbers.Whole("--batch", "The rows of one batch (default 128).", 1);
        var rows = Numbers.Whole("--rows", "The rows of the training data, for the time per epoch (default 55,000, as MNIST has).", 1);
        Add(program);
        Add(set);
        Add(batch);
        var ops = ForeignCode.Option();
        Add(rows);
        Add(ops);
        SetAction(parsed =>
        {
            var file = ProgramCompiler.Check(GenFiles.Read(parsed.GetRequiredValue(program)), ForeignCode.Read(parsed.GetRequiredValue(ops), cancel), cancel);
            var settings = Settings.Parse(parsed.GetRequiredValue(set));
            RequireKnown(settings.Keys, file.Ir);
            Print(terminal.Out, file.Ir, settings, (int)(parsed.GetValue(batch) ?? DefaultBatch), parsed.GetValue(rows) ?? 55_000);
            return ExitCode.Done;
        });
    }

    private static void Print(TextWriter writer, IrFile file, Dictionary<string, string> set, int batch, long rows)
    {
        foreach (var space in file.Spaces)
        {
            writer.WriteLine($"space {space.TypeOf(null)}{(space.Law is { } law ? $" ~ {law.Distribution}" : "")}");
        }

        var printer = new ModulePrinter(writer);
        foreach (var trainer in file.Trainers)
        {
            var scope = SizeScope.Of(trainer, set);
            writer.WriteLine();
            writer.WriteLine($"trainer {trainer.Name}: {trainer.Doc.ReplaceLineEndings(" ")}");
            foreach (var hyperparameter in trainer.Hyperparameters)
            {
                writer.WriteLine($"  {hyperparameter.Name} = {set.GetValueOrDefault(hyperparameter.Name) ?? Text(hyperparameter)}  {hyperparameter.Doc.ReplaceLineEndings(" ")}");
            }

            printer.Body(trainer, scope, 1);
            if (ParameterCount.Of(trainer, scope) is { } parameters)
            {
                writer.WriteLine($"  {FigureText.Count(parameters)} parameters");
            }

            if (WorkEstimate.Of(trainer, scope, batch) is { } work)
            {
                writer.WriteLine($"  {work.Text(rows / batch)}, with batches of {batch}");
            }
        }

        foreach (var module in file.Modules.Where(module => !module.IsLibrary && !IsUsed(module, file)))
        {
            writer.WriteLine();
            writer.WriteLine($"{(module is IrModel ? "model" : module is IrFlow ? "flow" : "net")} {module.Name}: {module.Doc.ReplaceLineEndings(" ")}");
            printer.Body(module, SizeScope.Of(module, set), 1);
        }

        PrintCausality(writer, file, set);
    }

    // What a model sees of its own past is said once, wherever the model is printed.
    private static void PrintCausality(TextWriter writer, IrFile file, Dictionary<string, string> set)
    {
        var printer = new CausalityPrinter(writer);
        foreach (var model in file.Modules.OfType<IrModel>().Where(model => !model.IsLibrary))
        {
            printer.Print(model, set);
        }
    }

    private static bool IsUsed(IrModule module, IrFile file) =>
        file.Trainers.Concat<IrModule>(file.Modules).Any(owner => owner.Children.Exists(child => child.Module == module));

    private static string Text(Hyperparameter hyperparameter) => hyperparameter.Default switch
    {
        null => "(to be given)",
        { Kind: HostKind.Int or HostKind.Float, Constant: { } number } => FigureText.Number(number),
        { Expression: HostLiteral literal } => literal.Lexeme,
        _ => "(computed)",
    };

    private static void RequireKnown(IEnumerable<string> names, IrFile file)
    {
        var known = file.Trainers.Concat<IrModule>(file.Modules.Where(module => !module.IsLibrary)).SelectMany(module => module.Hyperparameters).Select(h => h.Name).Distinct().ToArray();
        foreach (var name in names.Where(name => !known.Contains(name)))
        {
            throw new GenDslException($"There is no hyperparameter '{name}'.{Meant.Of(name, known)} There are: {string.Join(", ", known)}.");
        }
    }
}
