using System.CommandLine;
using System.Threading;
using GenDsl.Cli.Commands;

namespace GenDsl.Cli;

/// <summary>The whole command line.</summary>
internal sealed class GenDslCommand : RootCommand
{
    public GenDslCommand(Terminal terminal, CancellationToken cancel)
        : base("Generative models from .gen files: check, show, train, sample, evaluate. Exit codes: 0 done, 1 wrong input, 2 a fault of GenDsl, 130 stopped.")
    {
        Add(Verbose);
        Add(new ListCommand(terminal, cancel));
        Add(new CheckCommand(terminal, cancel));
        Add(new EmitCommand(terminal, cancel));
        Add(new ShowCommand(terminal, cancel));
        Add(new TrainCommand(terminal, cancel));
        Add(new SampleCommand(terminal, cancel));
        Add(new EvalCommand(terminal, cancel));
        Add(new NearestCommand(terminal, cancel));
        Add(new ResultCommand(terminal));
    }

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show the stack of an internal error.",
        Recursive = true,
    };
}
