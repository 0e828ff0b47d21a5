using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Dsl.Text;
using GenDsl.Runtime;

namespace GenDsl.Cli.Compilation;

/// <summary>Finds what a command line calls NAME or FILE.</summary>
internal static class GenFiles
{
    private const string Extension = ".gen";

    private static readonly string ShippedFolder = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The paths of the shipped models, by name.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
        Directory.Exists(ShippedFolder) ? [.. Directory.GetFiles(ShippedFolder, "*" + Extension).Order(StringComparer.Ordinal)] : [];

    /// <summary>Reads a file (a path that ends in <c>.gen</c>) or a shipped model (a name).</summary>
    public static GenSource Read(string nameOrFile)
    {
        if (nameOrFile.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            return ReadFile(nameOrFile);
        }

        var shipped = Shipped.FirstOrDefault(path => string.Equals(NameOf(path), nameOrFile, StringComparison.OrdinalIgnoreCase));
        return shipped is not null ? ReadFile(shipped) : throw UnknownName(nameOrFile);
    }

    private static GenSource ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw MissingFile(path);
        }

        return new GenSource(path, TextFile.Read(path));
    }

    private static GenDslException MissingFile(string path)
    {
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        if (!Directory.Exists(folder))
        {
            return new GenDslException($"There is no file '{path}': the folder '{folder}' does not exist.");
        }

        var near = SpellChecker.Nearest(Path.GetFileName(path), Directory.GetFiles(folder, "*" + Extension).Select(file => Path.GetFileName(file)!));
        var names = Shipped.Select(NameOf).ToArray();
        var model = names.Contains(NameOf(path)) ? NameOf(path) : near is null ? SpellChecker.Nearest(NameOf(path), names) : null;
        var shipped = model is null ? "" : $" For the shipped model, write '{model}'.";
        return new GenDslException($"There is no file '{path}'.{Meant.Text(near is null ? null : Path.Join(Path.GetDirectoryName(path), near))}{shipped}");
    }

    private static GenDslException UnknownName(string name)
    {
        if (File.Exists(name + Extension))
        {
            return new GenDslException($"There is no shipped model '{name}'. For the file, write '{name + Extension}'.");
        }

        var names = Shipped.Select(NameOf).ToArray();
        return new GenDslException(
            $"There is no shipped model '{name}'.{Meant.Of(name, names)} Shipped: {string.Join(", ", names)}. A file is given as a path that ends in '{Extension}'.");
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
