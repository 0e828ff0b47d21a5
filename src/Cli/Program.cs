using System;
using System.CommandLine;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli;

internal static class Program
{
    public static int Main(string[] args)
    {
        using var stop = new StopSignals();
        return Run(args, Terminal.OfProcess(), stop.Token);
    }

    /// <summary>Runs a command line and returns its exit code; never throws.</summary>
    public static int Run(string[] args, Terminal terminal, CancellationToken cancel = default)
    {
        var isVerbose = false;
        try
        {
            var root = new GenDslCommand(terminal, cancel);
            var parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
            isVerbose = parsed.GetValue(root.Verbose);
            if (ParseProblem.Of(parsed) is { } problem)
            {
                throw new GenDslException(problem);
            }

            var configuration = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return parsed.Invoke(configuration);
        }
        catch (RejectedProgramException rejected)
        {
            DiagnosticLines.Write(terminal.Error, rejected.Diagnostics, terminal.HasColours);
            return ExitCode.WrongInput;
        }
        catch (GenDslException error)
        {
            terminal.Error.WriteLine($"gendsl: {error.Message}");
            return ExitCode.WrongInput;
        }
        catch (OperationCanceledException stopped)
        {
            terminal.Error.WriteLine(stopped is RunStoppedException ? $"gendsl: {stopped.Message}" : "gendsl: stopped.");
            return ExitCode.Stopped;
        }
        catch (Exception error)
        {
            terminal.Error.WriteLine(CrashLog.Write(error, args, isVerbose));
            return ExitCode.Internal;
        }
    }
}
