using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using GenDsl.Dsl.Catalog;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GenDsl.Generators;

/// <summary>Finds the functions that referenced assemblies offer to <c>.gen</c> files, without loading them.</summary>
public static class ForeignReader
{
    private const string Runtime = "GenDsl.Runtime";
    private const string Attribute = "GenOperationAttribute";

    /// <summary>The functions of all references, in the order of their names. The runtime must be among them: an attribute is read by its type.</summary>
    public static ImmutableArray<ForeignOperation> Read(ImmutableArray<MetadataReference> references, CancellationToken cancel)
    {
        // A compilation of its own: what the references offer does not change while the project is edited. It sees what is internal, to say so.
        var compilation = CSharpCompilation.Create(
            "GenDsl.Foreign", references: references, options: new(OutputKind.DynamicallyLinkedLibrary, metadataImportOptions: MetadataImportOptions.All));
        return
        [
            .. references
                .Select(compilation.GetAssemblyOrModuleSymbol)
                .OfType<IAssemblySymbol>()
                .Where(assembly => assembly.Modules.Any(m => m.ReferencedAssemblies.Any(r => r.Name == Runtime)))
                .SelectMany(assembly => Methods(assembly.GlobalNamespace, cancel))
                .SelectMany(Offered)
                .OrderBy(o => o.Method, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<IMethodSymbol> Methods(INamespaceOrTypeSymbol container, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is IMethodSymbol method)
            {
                yield return method;
            }
            else if (member is INamespaceOrTypeSymbol inner)
            {
                foreach (IMethodSymbol nested in Methods(inner, cancel))
                {
                    yield return nested;
                }
            }
        }
    }

    private static IEnumerable<ForeignOperation> Offered(IMethodSymbol method) =>
        from attribute in method.GetAttributes()
        where attribute.AttributeClass is { Name: Attribute } type && type.ContainingNamespace.ToDisplayString() == Runtime
        let named = attribute.NamedArguments.ToDictionary(a => a.Key, a => a.Value.Value)
        select new ForeignOperation(
            method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + "." + method.Name,
            attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "",
            string.Join(", ", method.Parameters.Select(p => p.RefKind == RefKind.None ? Spelled(p.Type) : "ref " + Spelled(p.Type))),
            !IsReachable(method) ? "nothing that other assemblies can see: it is not public, static and without type parameters" : Spelled(method.ReturnType))
        {
            Range = Text(named, "Range"),
            Domain = Text(named, "Domain"),
            Access = Text(named, "Access"),
            Doc = Text(named, "Doc"),
            CutsGradient = named.TryGetValue("CutsGradient", out object? cuts) && cuts is true,
            LacksSecondGradient = named.TryGetValue("LacksSecondGradient", out object? lacks) && lacks is true,
        };

    private static string Text(Dictionary<string, object?> named, string key) => named.TryGetValue(key, out object? value) ? value as string ?? "" : "";

    private static string Spelled(ITypeSymbol type) => type is { Name: "Tensor", ContainingType.Name: "torch" } ? "Tensor" : type.ToDisplayString();

    private static bool IsReachable(IMethodSymbol method)
    {
        for (ISymbol symbol = method; symbol is not null and not INamespaceSymbol; symbol = symbol.ContainingType)
        {
            if (symbol.DeclaredAccessibility != Accessibility.Public)
            {
                return false;
            }
        }

        return method is { IsStatic: true, IsGenericMethod: false, ContainingType.IsGenericType: false };
    }
}
