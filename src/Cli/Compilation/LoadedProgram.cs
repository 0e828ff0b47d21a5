using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Runtime;

namespace GenDsl.Cli.Compilation;

/// <summary>The trainers of a file, ready to run.</summary>
internal sealed class LoadedProgram
{
    private readonly string _path;
    private readonly IReadOnlyList<TrainerDescriptor> _trainers;

    private LoadedProgram(string path, IReadOnlyList<TrainerDescriptor> trainers) => (_path, _trainers) = (path, trainers);

    public static LoadedProgram Of(string path, Assembly assembly)
    {
        var descriptors = assembly.GetExportedTypes()
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(property => property?.PropertyType == typeof(TrainerDescriptor))
            .Select(property => (TrainerDescriptor)property!.GetValue(null)!);
        return new LoadedProgram(path, [.. descriptors]);
    }

    /// <summary>The trainer of a name. Where none is given: the only one, or the one with the file's own name, as beside presets.</summary>
    public TrainerDescriptor Entry(string? name)
    {
        var names = _trainers.Select(trainer => trainer.Name).ToArray();
        if (names.Length == 0)
        {
            throw new GenDslException($"'{_path}' has nothing to train: it declares no trainer and no model with data. Add a 'trainer' or a 'model'.");
        }

        if (name is not null)
        {
            return _trainers.FirstOrDefault(trainer => trainer.Name == name)
                ?? throw new GenDslException($"'{_path}' has no trainer '{name}'.{Meant.Of(name, names)} It has: {string.Join(", ", names)}.");
        }

        // wgan_gp.gen holds WganGp.
        var own = System.IO.Path.GetFileNameWithoutExtension(_path).Replace("_", "", StringComparison.Ordinal);
        return names.Length == 1
            ? _trainers[0]
            : _trainers.FirstOrDefault(trainer => string.Equals(trainer.Name, own, StringComparison.OrdinalIgnoreCase))
            ?? throw new GenDslException($"'{_path}' has several trainers: {string.Join(", ", names)}. Choose one with --entry, for example --entry {names[0]}.");
    }
}
