using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// Names of a model's body for what is made of one data parameter, such as <c>t = x |> raster</c>: they may stand left of
/// <c>~</c> in its place. Whether only numbers move on the way is asked when the line is read.
/// </summary>
internal static class DataCharts
{
    /// <summary>The data parameter by name of the chart.</summary>
    public static IReadOnlyDictionary<string, string> Of(ModelSyntax model)
    {
        HashSet<string> data = [.. model.Header.Data.Select(d => d.Name.Text)];
        var charts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (BindingSyntax binding in model.Body.Statements.OfType<BindingSyntax>().Where(b => b.IsTuple ? Parts(b) : b.Names.Length == 1))
        {
            string? source = binding.Value is PipeSyntax or CallSyntax or IdentifierSyntax && Head(binding.Value) is { } head
                ? data.Contains(head) ? head : charts.TryGetValue(head, out string? known) ? known : null
                : null;
            foreach (string name in binding.Names.Select(n => n.Text).Where(n => source is not null && !data.Contains(n)))
            {
                charts[name] = source!;
            }
        }

        return charts;
    }

    /// <summary>The data parameters that are taken into parts, of which each has a distribution.</summary>
    public static IReadOnlyCollection<string> Parted(ModelSyntax model)
    {
        IReadOnlyDictionary<string, string> charts = Of(model);
        return [.. model.Body.Statements.OfType<BindingSyntax>().Where(Parts).SelectMany(b => b.Names).Select(n => charts.TryGetValue(n.Text, out string? source) ? source : "")];
    }

    private static bool Parts(BindingSyntax binding) => binding.IsTuple && binding.Value is CallSyntax { Callee: IdentifierSyntax { Name.Text: "halves" } } or PipeSyntax { Function: IdentifierSyntax { Name.Text: "halves" } };

    private static string? Head(ExpressionSyntax syntax) => syntax switch
    {
        IdentifierSyntax name => name.Name.Text,
        PipeSyntax pipe => Head(pipe.Input),
        CallSyntax { Arguments: { IsEmpty: false } arguments } => Head(arguments[0].Value),
        _ => null,
    };
}
