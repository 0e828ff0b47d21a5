using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Dsl;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl check FILE...</c>: all findings, in the form that builds and editors understand.</summary>
internal sealed class CheckCommand : Command
{
    public CheckCommand(Terminal terminal, CancellationToken cancel)
        : base("check", "Compile files and print what is wrong with them.")
    {
        var files = new Argument<string[]>("FILE") { Description = "Paths that end in .gen, or names of shipped models.", Arity = ArgumentArity.OneOrMore };
        var ops = ForeignCode.Option();
        Add(files);
        Add(ops);
        SetAction(parsed => Run(parsed.GetRequiredValue(files), ForeignCode.Read(parsed.GetRequiredValue(ops), cancel), terminal, cancel));
    }

    private static int Run(IEnumerable<string> files, ForeignCode foreign, Terminal terminal, CancellationToken cancel)
    {
        List<GenDiagnostic> found = [];
        var (read, missing) = (0, 0);
        foreach (var file in files.Distinct())
        {
            try
            {
                found.AddRange(GenCompiler.Check(GenFiles.Read(file), foreign.Catalogue, cancel).Diagnostics);
                read++;
            }
            catch (GenDslException error)
            {
                // The other files are checked all the same.
                terminal.Error.WriteLine($"gendsl: {error.Message}");
                missing++;
            }
        }

        DiagnosticLines.Write(terminal.Out, found, terminal.HasColours);
        var errors = found.Count(finding => finding.Severity == Severity.Error);
        var warnings = found.Count(finding => finding.Severity == Severity.Warning);
        terminal.Out.WriteLine($"{Count(read, "file")}, {Count(errors, "error")}, {Count(warnings, "warning")}");
        return errors + missing > 0 ? ExitCode.WrongInput : ExitCode.Done;
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
