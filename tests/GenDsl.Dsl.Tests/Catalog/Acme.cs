using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Semantics;

namespace GenDsl.Dsl.Tests.Catalog;

/// <summary>What an assembly of a user may offer: a function that can be called, and one whose method is another than it says.</summary>
internal static class Acme
{
    public static CatalogueTable Catalogue { get; } = ForeignOperations.Bind(
    [
        new("global::Acme.Ops.Swish", "swish(beta: float = 1)(x)", "Tensor, double", "Tensor"),
        new("global::Acme.Ops.Mish", "mish(beta: float = 1)(x)", "Tensor", "Tensor"),
    ]);
}
