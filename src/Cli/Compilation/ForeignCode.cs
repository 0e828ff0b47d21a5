using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Threading;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Semantics;
using GenDsl.Generators;
using GenDsl.Runtime;
using Microsoft.CodeAnalysis;

namespace GenDsl.Cli.Compilation;

/// <summary>Assemblies whose functions a program may call. They are read for a check, and loaded, which is said, only where the program runs.</summary>
internal sealed class ForeignCode
{
    private ForeignCode(ImmutableArray<MetadataReference> references, CatalogueTable catalogue, IReadOnlyDictionary<string, string> files)
    {
        References = references;
        Catalogue = catalogue;
        Files = files;
    }

    /// <summary>Nothing but what is built in.</summary>
    public static ForeignCode None { get; } = new([], CatalogueTable.Standard, ImmutableDictionary<string, string>.Empty);

    public ImmutableArray<MetadataReference> References { get; }

    public CatalogueTable Catalogue { get; }

    /// <summary>The SHA-256 of each assembly, by its full path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The option of all commands that read a program.</summary>
    public static Option<string[]> Option() => new("--ops")
    {
        Description = "An assembly whose [GenOperation] methods the program may call; may be repeated. Training, sampling and evaluating run its code.",
        HelpName = "FILE.dll",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Reads assemblies without loading them.</summary>
    /// <exception cref="GenDslException">One cannot be read, is no assembly, or offers nothing.</exception>
    public static ForeignCode Read(IEnumerable<string> paths, CancellationToken cancel)
    {
        Dictionary<string, string> files = [];
        List<MetadataReference> references = [];
        List<ForeignOperation> operations = [];
        foreach (var path in paths.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal))
        {
            try
            {
                AssemblyName.GetAssemblyName(path);
                files[path] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
                var reference = MetadataReference.CreateFromFile(path);
                var offered = ForeignReader.Read([.. CSharpAssembly.References, reference], cancel);
                if (offered.IsEmpty)
                {
                    throw new GenDslException($"'{path}' offers nothing to programs: it has no public static method with [GenOperation(\"...\")] of GenDsl.Runtime.");
                }

                references.Add(reference);
                operations.AddRange(offered);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException)
            {
                throw new GenDslException($"'{path}', given by --ops, cannot be read as an assembly: {error.Message}", error);
            }
        }

        return references.Count == 0 ? None : new ForeignCode([.. references], ForeignOperations.Bind(operations), files);
    }

    /// <summary>For a run that exists. It asks for its assemblies again: a folder that came from elsewhere starts nobody's code.</summary>
    /// <exception cref="GenDslException">The run began with assemblies, and none are given.</exception>
    public static ForeignCode Of(IReadOnlyDictionary<string, string> recorded, IReadOnlyCollection<string> given, Action<string> note, CancellationToken cancel)
    {
        if (given.Count == 0 && recorded.Count > 0)
        {
            throw new GenDslException($"This run calls the code of other assemblies. Where you trust them, give them again: {string.Join(" ", recorded.Keys.Select(path => $"--ops {path}"))}");
        }

        var foreign = Read(given, cancel);
        foreach (var path in foreign.Files.Where(f => !recorded.Values.Contains(f.Value)).Select(f => f.Key))
        {
            note($"'{path}' is not the assembly that the run began with: what it computes may be something else.");
        }

        return foreign;
    }

    /// <summary>The method of such an assembly that an exception came out of; null where it came out of none.</summary>
    public static string? FaultOf(Exception error) =>
        new StackTrace(error).GetFrames()
            .Select(frame => frame.GetMethod())
            .FirstOrDefault(method => method?.GetCustomAttribute<GenOperationAttribute>() is not null) is { } method
            ? $"{method.DeclaringType}.{method.Name}"
            : null;

    /// <summary>Loads the assemblies into this process, whose code may then run.</summary>
    public void Load(Action<string> note)
    {
        foreach (var path in Files.Keys)
        {
            note($"Runs the code of '{path}'.");
            AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }
    }
}
