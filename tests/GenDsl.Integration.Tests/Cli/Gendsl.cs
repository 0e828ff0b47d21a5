using System.IO;
using System.Threading;
using GenDsl.Cli;
using GenDsl.Runtime;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>The command, run within the test's process.</summary>
internal static class Gendsl
{
    /// <summary>What makes a run of the shipped autoencoder take a second.</summary>
    public const string Small = "--set hidden=16 --set dim=2 --batch 50 --set report_every=5 --set checkpoint_every=10 --seed 1";

    /// <summary>Runs a command line; arguments are parted by spaces.</summary>
    public static Outcome Run(string commandLine, CancellationToken cancel = default) => Run(commandLine.Split(' '), cancel);

    public static Outcome Run(string[] args, CancellationToken cancel = default) => Run(args, new StringWriter { NewLine = "\n" }, cancel);

    /// <summary>Runs a command line that writes to the given writer.</summary>
    public static Outcome Run(string[] args, StringWriter output, CancellationToken cancel)
    {
        var threads = TorchRuntime.Threads;
        try
        {
            var error = new StringWriter { NewLine = "\n" };
            var code = Program.Run(args, new Terminal(output, error), cancel);
            return new Outcome(code, output.ToString(), error.ToString());
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    internal sealed record Outcome(int Code, string Out, string Error);
}
