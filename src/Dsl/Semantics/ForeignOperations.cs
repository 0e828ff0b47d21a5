using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Parsing;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// Makes entries of the catalogue out of functions of referenced assemblies. What such a function says of itself is the head of a net; it is
/// read by the same binder, and a call is matched by the same rules as that of a net.
/// </summary>
public static class ForeignOperations
{
    /// <summary>The catalogue with these functions in it. One that cannot be used is an entry that says why where it is called.</summary>
    public static CatalogueTable Bind(IEnumerable<ForeignOperation> foreign)
    {
        var all = new Dictionary<string, Operation>(StringComparer.Ordinal);
        foreach (ForeignOperation one in foreign)
        {
            Operation operation = Bind(one);
            string? taken = Catalogue.Find(operation.Name) is not null || StandardLibrary.Declarations.ContainsKey(operation.Name) ? "the name is that of an entry of GenDsl's own catalogue; give it another"
                : all.TryGetValue(operation.Name, out Operation? other) ? $"'{Name(other.Call.Substring(0, other.Call.IndexOf('(')))}' has the same name"
                : null;
            all[operation.Name] = taken is null ? operation : operation with { Fault = $"'{Name(one.Method)}' cannot be called: {taken}." };
        }

        return new CatalogueTable(all.Values, [], []);
    }

    private static Operation Bind(ForeignOperation foreign)
    {
        const string Head = "gen 1\nnet ";
        var source = new GenSource(foreign.Method, Head + foreign.Signature + " { 0 }\n");
        var found = new DiagnosticBag();
        FileSyntax file = GenParser.Parse(source, found);
        if (found.HasErrors || file.Declarations is not [NetSyntax net])
        {
            string name = new([.. foreign.Signature.TakeWhile(c => char.IsLetterOrDigit(c) || c == '_')]);
            return Broken(foreign, name, "its signature does not read as the head of a net: " + (found.ToImmutable().FirstOrDefault()?.Message ?? foreign.Signature));
        }

        var bound = new ForeignSignature(foreign, source, net);
        return bound.Fault is { } fault
            ? Broken(foreign, net.Name.Text, fault)
            : new Operation(net.Name.Text, OperationKind.Function, bound.Parameters, bound.Rule, bound.Call, foreign.Doc.Length > 0 ? foreign.Doc : $"'{Name(foreign.Method)}'.")
            {
                CutsGradient = foreign.CutsGradient,
                LacksSecondGradient = foreign.LacksSecondGradient,

                // Nobody knows what its gradient reads, nor whose memory its result is.
                KeepsOutput = true,
                IsView = true,
            };
    }

    private static Operation Broken(ForeignOperation foreign, string name, string why) =>
        new(name, OperationKind.Function, [], _ => null, foreign.Method + "()", foreign.Doc) { Fault = $"'{Name(foreign.Method)}' cannot be called: {why}" };

    private static string Name(string method) => method.StartsWith("global::", StringComparison.Ordinal) ? method.Substring("global::".Length) : method;
}
