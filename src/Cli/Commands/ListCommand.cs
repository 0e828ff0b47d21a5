using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl list</c>: what can be trained, and on what.</summary>
internal sealed class ListCommand : Command
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public ListCommand(Terminal terminal, CancellationToken cancel)
        : base("list", "The shipped models and the data sets.")
    {
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        Add(json);
        SetAction(parsed =>
        {
            var models = Models(cancel);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(new { Models = models, Data = DataSets.All }, Json));
                return ExitCode.Done;
            }

            var column = models.Select(model => model.Name.Length).Concat(DataSets.All.Select(set => set.Name.Length)).Max();
            terminal.Out.WriteLine("models");
            foreach (var model in models)
            {
                terminal.Out.WriteLine($"  {model.Name.PadRight(column)} {model.Doc}");
            }

            terminal.Out.WriteLine("data");
            foreach (var set in DataSets.All)
            {
                terminal.Out.WriteLine($"  {set.Name.PadRight(column)} {set.Summary}; splits {string.Join(", ", set.Splits)}{(set.IsProcedural ? "; made on the spot" : "")}");
            }

            terminal.Out.WriteLine("data of your own, by its path");
            terminal.Out.WriteLine($"  {"FOLDER".PadRight(column)} pictures (png, jpg, gif, bmp, webp), sounds (wav) or texts (txt); sub-folders are labels, or the splits train, validation and test");
            terminal.Out.WriteLine($"  {"FILE".PadRight(column)} a table (csv, tsv) whose first line names its columns, or a text (txt)");
            terminal.Out.WriteLine("views of every data set");
            foreach (var view in DataViews.All)
            {
                terminal.Out.WriteLine($"  {("@" + view.Form).PadRight(column)} {view.Summary}");
            }

            return ExitCode.Done;
        });
    }

    private static List<ShippedModel> Models(CancellationToken cancel) =>
        [.. GenFiles.Shipped.Select(path => GenFiles.Read(path)).Select(source =>
        {
            var trainers = ProgramCompiler.Check(source, ForeignCode.None, cancel).Ir.Trainers;
            return new ShippedModel(source.Name, trainers.FirstOrDefault()?.Doc.ReplaceLineEndings(" ") ?? "", [.. trainers.Select(trainer => trainer.Name)]);
        })];

    private sealed record ShippedModel(string Name, string Doc, IReadOnlyList<string> Trainers);
}
