using System.Linq;

namespace GenDsl.Dsl.Semantics;

/// <summary>Warns about names that nothing reads.</summary>
internal static class UnusedNames
{
    public static void Report(BodyElaborator body)
    {
        body.CloseFamilies();

        // Texts of the library are none of the user's; a trial is read again.
        if (body.IsTrial || body.Source != body.File.Source)
        {
            return;
        }

        // What a mistake keeps from being read is not worth a word of its own.
        if (body.File.Diagnostics.HasErrors)
        {
            return;
        }

        foreach (Scope.Binding binding in body.Scope.Own.Where(b => !b.IsRead && !b.IsParameter && b.Value is not ErrorValue && !b.Name.StartsWith("_", System.StringComparison.Ordinal)))
        {
            // Not at the call of a loss, but where the name is.
            body.File.Diagnostics.Add(new Diagnostics.DiagnosticBuilder(body.Source, binding.Span).UnusedName(binding.Name));
        }
    }
}
