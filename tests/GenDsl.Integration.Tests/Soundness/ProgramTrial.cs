using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Checks, compiles and runs whole programs.</summary>
internal static class ProgramTrial
{
    /// <summary>The verdict of the checker.</summary>
    public static CheckedFile Check(string name, string text) => GenCompiler.Check(new GenSource(name + ".gen", text));

    /// <summary>Why an accepted program is not sound; null where it is.</summary>
    /// <param name="onlySmall">Whether the defaults, which may be large, are left out.</param>
    public static string? Failure(CompiledPrograms programs, CheckedFile file, bool onlySmall = false)
    {
        string name = file.Source.Name;
        if (programs.Failures.TryGetValue(name, out string? error))
        {
            return error;
        }

        var random = new Random(file.Source.Text.Length);
        try
        {
            foreach (bool defaults in onlySmall ? [false] : new[] { true, false })
            {
                foreach (IrModule module in file.Ir.Modules.Where(m => !m.IsLibrary))
                {
                    new ModuleTrial(programs, name, module, random).Run(defaults, Feeding.Random);
                }

                foreach (IrTrainer trainer in file.Ir.Trainers)
                {
                    new TrainerTrial(programs, name, trainer, random).Run(defaults);
                }
            }

            return null;
        }
        catch (UnsoundException unsound)
        {
            return unsound.Message;
        }
    }

    /// <summary>The same for a program by itself; null also where it is rejected.</summary>
    public static string? Failure(string name, string text)
    {
        CheckedFile file = Check(name, text);
        return file.HasErrors ? null : Failure(CompiledPrograms.Of([file]), file);
    }

    /// <summary>Leaves lines out as long as the program is accepted and still fails.</summary>
    public static ProgramText Minimise(ProgramText program, TimeSpan budget)
    {
        DateTime end = DateTime.UtcNow + budget;
        while (DateTime.UtcNow < end)
        {
            ProgramText? smaller = null;
            foreach (IEnumerable<ProgramText> some in program.Smaller().Chunk(12))
            {
                List<(ProgramText Text, CheckedFile File)> accepted = [.. some.Select((t, i) => (t, Check($"small{i}", t.ToString()))).Where(t => !t.Item2.HasErrors)];
                CompiledPrograms programs = CompiledPrograms.Of(accepted.Select(a => a.File));
                smaller = accepted.FirstOrDefault(a => Failure(programs, a.File) is not null).Text;
                if (smaller is not null || DateTime.UtcNow > end)
                {
                    break;
                }
            }

            if (smaller is null)
            {
                break;
            }

            program = smaller;
        }

        return program;
    }
}
