using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Integration.Tests.Models;

/// <summary>A program with errors still gives C# that compiles, so that one mistake in it does not become many in the C# around it.</summary>
public sealed class BrokenSurfaceTests
{
    // Names that become the same C# name: nothing can be emitted for them that compiles, and the error is about just that.
    private static readonly HashSet<string> s_aboutCSharpNames = ["GEN2002", "GEN2011"];

    [Fact]
    public void EveryWrongProgram_HasASurfaceThatCompiles()
    {
        string folder = Repository.PathOf("tests", "baselines", "invalid");
        int compiled = 0;
        foreach (string path in Directory.GetFiles(folder, "*.gen").Where(p => !Path.GetFileNameWithoutExtension(p).Contains('.', StringComparison.Ordinal)))
        {
            CheckedFile file = GenCompiler.Check(new GenSource(Path.GetFileName(path), File.ReadAllText(path)));
            if (file.Diagnostics.Any(d => s_aboutCSharpNames.Contains(d.Code)))
            {
                continue;
            }

            string code = CSharpEmitter.Emit(file, new EmitOptions("Broken"));
            try
            {
                CSharpAssembly.Compile(file.Source.Name, code, [], CancellationToken.None);
            }
            catch (GeneratedCodeException error)
            {
                Assert.Fail($"{file.Source.Path}: {error.Message}\n{code}");
            }

            compiled++;
        }

        Assert.InRange(compiled, 100, int.MaxValue);
    }
}
