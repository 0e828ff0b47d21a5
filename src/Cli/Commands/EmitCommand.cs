using System.CommandLine;
using System.IO;
using System.Threading;
using GenDsl.Cli.Compilation;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl emit FILE</c>: the C# that a file compiles to.</summary>
internal sealed class EmitCommand : Command
{
    public EmitCommand(Terminal terminal, CancellationToken cancel)
        : base("emit", "Print the C# that a file compiles to.")
    {
        var file = new Argument<string>("FILE") { Description = "A path that ends in .gen, or the name of a shipped model." };
        var folder = new Option<string?>("--out") { Description = "Write it to a file in this folder instead.", HelpName = "DIR" };
        Add(file);
        var ops = ForeignCode.Option();
        Add(folder);
        Add(ops);
        SetAction(parsed =>
        {
            var source = GenFiles.Read(parsed.GetRequiredValue(file));
            var code = ProgramCompiler.Emit(ProgramCompiler.Check(source, ForeignCode.Read(parsed.GetRequiredValue(ops), cancel), cancel));
            if (parsed.GetValue(folder) is not { } target)
            {
                terminal.Out.Write(code);
                return ExitCode.Done;
            }

            var path = Path.Combine(target, source.Name + ".g.cs");
            TextFile.Write(path, code);
            terminal.Out.WriteLine(path);
            return ExitCode.Done;
        });
    }
}
