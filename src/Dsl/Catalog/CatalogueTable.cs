using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Catalog;

/// <summary>The entries that a file may use: those built in, and those that its project adds. A name that is added wins.</summary>
public sealed class CatalogueTable
{
    private readonly Dictionary<string, Operation> _operations;
    private readonly Dictionary<string, Distribution> _distributions;

    /// <summary>The entries built in with some more.</summary>
    /// <param name="operations">Layers, functions, reductions.</param>
    /// <param name="distributions">Distributions; their formulas are losses of the library.</param>
    /// <param name="library">Texts of nets, flows and losses that files may use without declaring them.</param>
    public CatalogueTable(IEnumerable<Operation> operations, IEnumerable<Distribution> distributions, IEnumerable<GenSource> library)
    {
        Library = StandardLibrary.Read(library);
        _operations = operations.ToDictionary(o => o.Name, StringComparer.Ordinal);
        _distributions = distributions.ToDictionary(d => d.Name, StringComparer.Ordinal);
    }

    /// <summary>The entries built in alone.</summary>
    public static CatalogueTable Standard { get; } = new([], [], []);

    private ImmutableDictionary<string, DeclarationSymbol> Library { get; }

    /// <summary>Every name that can stand in an expression.</summary>
    public IEnumerable<string> Names => Catalogue.Operations.Select(o => o.Name).Where(n => !ArithmeticEntries.IsOperator(n))
        .Concat(_operations.Keys)
        .Concat(Catalogue.Distributions.Select(d => d.Name))
        .Concat(_distributions.Keys)
        .Concat(Library.Keys)
        .Concat(StandardLibrary.Declarations.Keys);

    /// <summary>A declaration of the library; null where there is none of that name.</summary>
    internal DeclarationSymbol? Declared(string name) =>
        Library.TryGetValue(name, out DeclarationSymbol? added) || StandardLibrary.Declarations.TryGetValue(name, out added) ? added : null;

    /// <summary>A layer, function or reduction; null where there is none of that name.</summary>
    public Operation? Find(string name) => _operations.TryGetValue(name, out Operation? added) ? added : Catalogue.Find(name);

    /// <summary>A distribution; null where there is none of that name.</summary>
    public Distribution? FindDistribution(string name) => _distributions.TryGetValue(name, out Distribution? added) ? added : Catalogue.FindDistribution(name);
}
