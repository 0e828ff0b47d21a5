using System.Collections.Generic;
using System.Text.RegularExpressions;
using System.Threading;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;

namespace GenDsl.Generators.Tests.Pipeline;

/// <summary>A language small enough to see through the pipeline: the text without comments is the name of a class.</summary>
internal static class Toy
{
    /// <summary>The word <c>bad</c> is an error, <c>odd</c> a warning, and <c>crash</c> throws.</summary>
    public static string? Compile(GenSource source, CatalogueTable catalogue, EmitOptions options, ICollection<GenDiagnostic> found, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (Match word in Regex.Matches(source.Text, "bad|odd|crash"))
        {
            if (word.Value == "crash")
            {
                throw new System.InvalidOperationException("Broken {0}\nin two lines.");
            }

            found.Add(new("GEN1000", word.Value == "bad" ? Severity.Error : Severity.Warning, source, new(word.Index, word.Length), $"A {{{word.Value}}} word."));
        }

        string name = Regex.Replace(source.Text, "//.*|bad|odd", "").Trim();
        return $"namespace {options.RootNamespace}{source.Name};\n\n/// <summary>{options.LinePath}, {options.LineDirectives}</summary>\npublic sealed class {name};\n";
    }
}
