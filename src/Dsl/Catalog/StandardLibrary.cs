using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Parsing;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Catalog;

/// <summary>The blocks and losses that ship with the compiler, written in the language and embedded in this assembly.</summary>
public static class StandardLibrary
{
    private const string Prefix = "GenDsl.Library/";

    private static readonly Lazy<ImmutableDictionary<string, DeclarationSymbol>> Loaded = new(Load);

    internal static ImmutableDictionary<string, DeclarationSymbol> Declarations => Loaded.Value;

    /// <summary>The texts, by file.</summary>
    public static IEnumerable<GenSource> Sources()
    {
        foreach (string name in typeof(StandardLibrary).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).OrderBy(n => n, StringComparer.Ordinal))
        {
            using Stream stream = typeof(StandardLibrary).Assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            yield return new GenSource("library/" + name.Substring(Prefix.Length), reader.ReadToEnd());
        }
    }

    private static ImmutableDictionary<string, DeclarationSymbol> Load() => Read(Sources());

    /// <summary>The declarations of texts that come with a catalogue.</summary>
    internal static ImmutableDictionary<string, DeclarationSymbol> Read(IEnumerable<GenSource> sources)
    {
        ImmutableDictionary<string, DeclarationSymbol>.Builder all = ImmutableDictionary.CreateBuilder<string, DeclarationSymbol>(StringComparer.Ordinal);
        foreach (GenSource source in sources)
        {
            var diagnostics = new DiagnosticBag();
            foreach (DeclarationSyntax declaration in GenParser.Parse(source, diagnostics).Declarations)
            {
                all.Add(declaration.Name.Text, new DeclarationSymbol(declaration, source, isLibrary: true));
            }

            if (diagnostics.HasErrors)
            {
                throw new InvalidOperationException($"'{source.Path}' does not parse: " + string.Join("; ", diagnostics.ToImmutable()));
            }
        }

        return all.ToImmutable();
    }
}
