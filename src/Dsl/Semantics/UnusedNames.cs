using System.Linq;

namespace GenDsl.Dsl.Semantics;

/// <summary>Warns about names that nothing reads.</summary>
internal static class UnusedNames
{
    public static void Report(BodyElaborator body)
    {
        body.CloseFamilies();

        // What a mistake keeps from being read is not worth a word of its own.
        if (body.File.Diagnostics.HasErrors)
        {
            return;
        }

        foreach (Scope.Binding binding in body.Scope.Own.Where(b => !b.IsRead && !b.IsParameter && b.Value is not ErrorValue && !b.Name.StartsWith("_", System.StringComparison.Ordinal)))
        {
            body.Report(binding.Span, b => b.UnusedName(binding.Name));
        }
    }
}
