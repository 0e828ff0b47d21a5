using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;
using Xunit;
using Xunit.Abstractions;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Every entry of the catalogue, with random legal arguments, against what TorchSharp really does.</summary>
public sealed class CatalogueTests(ITestOutputHelper output)
{
    private const int Cases = 14;
    private const int Attempts = 400;

    [Fact]
    public void EveryEntry_ComputesTheShapesRangesAndGradients_ThatItsRuleInfers()
    {
        var random = new Random(7);
        var cases = new CatalogueCases(random);
        var accepted = new List<(Operation Operation, CheckedFile File)>();

        // What the compiler inserts itself, under a name that no text can have, is run by the models of the other test; what makes other
        // rows is no function of a sample, and has trainers of its own: RowsTests.
        foreach (Operation operation in Catalogue.Operations.Where(o => o.Name[0] != '~' && !o.IsOfRows))
        {
            List<CheckedFile> files = [.. Enumerable.Range(0, Attempts)
                .Select(i => GenCompiler.Check(new GenSource($"case_{accepted.Count}_{i}.gen", cases.Program(operation))))
                .Where(file => !file.HasErrors && Uses(file, operation))
                .Take(Cases)];
            Assert.True(files.Count == Cases, $"'{operation.Name}': only {files.Count} of {Attempts} attempts are legal.");
            accepted.AddRange(files.Select(f => (operation, f)));
        }

        CompiledPrograms programs = CompiledPrograms.Of(accepted.Select(a => a.File));
        var failures = new List<string>();
        foreach ((Operation operation, CheckedFile file) in accepted)
        {
            if (Failure(programs, file, random) is { } failure)
            {
                failures.Add($"--- {operation.Name}: {failure}\n{file.Source.Text}");
            }
        }

        output.WriteLine($"{accepted.Count} nets around {Catalogue.Operations.Count()} entries");
        Assert.True(failures.Count == 0, $"{failures.Count} of {accepted.Count}:\n" + string.Join("\n", failures.Take(40)));
    }

    private static bool Uses(CheckedFile file, Operation operation) => operation.Name == "dequantize"
        ? file.Ir.Modules.OfType<IrModel>().Last() is { Elbo: not null, Draw: not null }
        : file.Ir.Modules.OfType<IrNet>().Last().Forward!.Body.Statements.OfType<IrOpStatement>().Any(s => s.Op is CatalogOp op && op.Operation == operation);

    private static string? Failure(CompiledPrograms programs, CheckedFile file, Random random)
    {
        if (programs.Failures.TryGetValue(file.Source.Name, out string? error))
        {
            return error;
        }

        try
        {
            var trial = new ModuleTrial(programs, file.Source.Name, file.Ir.Modules[^1], random);
            foreach (Feeding feeding in new[] { Feeding.Random, Feeding.Random, Feeding.Ends })
            {
                trial.Run(defaults: false, feeding);
            }

            return null;
        }
        catch (UnsoundException unsound)
        {
            return unsound.Message;
        }
    }
}
