using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Runs;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl train NAME|FILE</c>: from a text to a trained model and a folder that tells of it.</summary>
internal sealed class TrainCommand : Command
{
    private readonly Argument<string?> _program = new("NAME|FILE") { Description = "A shipped model, or a path that ends in .gen; may be left out with --resume.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Data as NAME[@view][:split], for one source as source=NAME; may be repeated (default: a data set made on the spot that fits). A source of an evaluation that is given some makes it run at every epoch.",
        HelpName = "[source=]SPEC",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<long?> _steps = Numbers.Whole("--steps", "The total length in steps.", 1);
    private readonly Option<double?> _epochs = Numbers.Positive("--epochs", "The total length in passes over the data (default 5, more where the data is small).");
    private readonly Option<string[]> _set = Settings.Option();
    private readonly Option<string[]> _given = GivenNets.Option();
    private readonly Option<long?> _batch = Numbers.Whole("--batch", "The rows of one batch (default 128).", 1);
    private readonly Option<string?> _device = new("--device") { Description = "cpu (default) or cuda.", HelpName = "cpu|cuda" };
    private readonly Option<string?> _memory = new("--memory") { Description = "stored (default), or invertible: loops of flows are computed again instead of being kept.", HelpName = "stored|invertible" };
    private readonly Option<long?> _threads = Numbers.Whole("--threads", "The threads of one tensor operation (default: all cores).", 1);
    private readonly Option<ulong?> _seed = Numbers.Seed("--seed", "The seed of all randomness (default 0).");
    private readonly Option<string?> _entry = new("--entry") { Description = "The trainer, where the file has several.", HelpName = "NAME" };
    private readonly Option<string[]> _ops = ForeignCode.Option();
    private readonly Option<string?> _out = new("--out") { Description = "The folder of the run (default runs/NAME-DATE-TIME).", HelpName = "DIR" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run in --out from its latest checkpoint." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object per report on standard output, all else on standard error." };

    public TrainCommand(Terminal terminal, CancellationToken cancel)
        : base("train", "Train a model. Ctrl-C stops between two steps, saves, and exits with 130; --resume goes on.")
    {
        Add(_program);
        foreach (var option in (Option[])[_data, _steps, _epochs, _set, _given, _batch, _device, _memory, _threads, _seed, _entry, _ops, _out, _resume, _json])
        {
            Add(option);
        }

        SetAction(parsed => Run(parsed, terminal, cancel));
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancel)
    {
        var request = Request(parsed);
        var isJson = parsed.GetValue(_json);
        var notes = terminal.Notes(isJson);
        using var run = parsed.GetValue(_resume)
            ? ResumedRun.Prepare(request, notes.WriteLine, cancel)
            : NewRun.Prepare(request, request.Program ?? throw new GenDslException("Say what to train: a shipped model or a path that ends in .gen. Shipped models: gendsl list."), notes.WriteLine, cancel);
        using var validation = Validation.Open(run, notes.WriteLine);
        IRunProgress progress = isJson ? new JsonProgress(terminal.Out, terminal.Error)
            : terminal.IsInteractive ? new BarProgress(terminal)
            : new PlainProgress(terminal.Out, TimeProvider.System);
        new TrainingSession(run, validation, progress, TimeProvider.System).Run(cancel);
        return ExitCode.Done;
    }

    private TrainRequest Request(ParseResult parsed)
    {
        var (steps, epochs) = (parsed.GetValue(_steps), parsed.GetValue(_epochs));
        if (steps is not null && epochs is not null)
        {
            throw new GenDslException("--steps and --epochs say the length twice. Give one of them.");
        }

        return new TrainRequest
        {
            Program = parsed.GetValue(_program),
            Data = parsed.GetRequiredValue(_data),
            Length = steps is null && epochs is null ? null : new Length(steps, epochs),
            Options = TrainerOptions(parsed),
            Threads = (int?)parsed.GetValue(_threads),
            Entry = parsed.GetValue(_entry),
            Ops = parsed.GetRequiredValue(_ops),
            Out = parsed.GetValue(_out),
            Command = CommandText.Of(parsed),
        };
    }

    private Dictionary<string, string> TrainerOptions(ParseResult parsed)
    {
        var options = Settings.Parse(parsed.GetRequiredValue(_set));
        foreach (var (net, run) in GivenNets.Parse(parsed.GetRequiredValue(_given)))
        {
            options[net] = run;
        }

        Set("batch", parsed.GetValue(_batch));
        Set("seed", parsed.GetValue(_seed));
        Set("device", parsed.GetValue(_device));
        Set("memory", parsed.GetValue(_memory));
        return options;

        void Set(string name, IConvertible? value)
        {
            if (value is not null)
            {
                options[name] = value.ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
