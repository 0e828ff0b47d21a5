using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>The catalogue as a page for people: <c>docs/catalogue.md</c>, hover texts and <c>gendsl show</c> say the same.</summary>
public static class CataloguePage
{
    /// <summary>The whole page, in Markdown.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder();
        page.Append("# The catalogue\n\nWritten from the compiler's own table; a test keeps the two equal. `x` is what is piped in.\n");
        foreach ((OperationKind kind, string title, string text) in new[]
        {
            (OperationKind.Layer, "Layers", "Each construction in the text has weights of its own."),
            (OperationKind.Function, "Functions", "They apply: `relu(x)` or `x |> relu`."),
            (OperationKind.Reduction, "Reductions", "Bare, they mix the samples of a batch and belong to losses and trainers; `per: sample` keeps them apart."),
        })
        {
            page.Append($"\n## {title}\n\n{text}\n");
            foreach (Operation operation in Catalogue.Operations.Where(o => o.Kind == kind && !ArithmeticEntries.IsOperator(o.Name)))
            {
                page.Append($"\n### `{Signature(operation)}`\n\n{operation.Doc}{(operation.IsBijection ? " A bijection." : "")}");
                page.Append(operation.Source is { } source ? $" {source}.\n" : "\n");
                Rows(page, operation.Parameters.Select(p => (p.Name, Text(p), p.Doc)));
            }
        }

        page.Append("\n## Distributions\n\n| distribution | draws | |\n| --- | --- | --- |\n");
        foreach (Distribution distribution in Catalogue.Distributions)
        {
            string parameters = string.Join(", ", distribution.Parameters.Select(p => p.Range.IsAll ? p.Name : $"{p.Name} in {p.Range}"));
            string layout = distribution.LayoutDoc.Length == 0 ? "" : " " + distribution.LayoutDoc;
            page.Append($"| `{distribution.Name}({string.Join(", ", distribution.Parameters.Select(p => p.Name))})` | {distribution.About} | {distribution.Doc} Parameters: {parameters}.{layout} |\n");
        }

        page.Append("\n## Optimizers\n\n| optimizer | |\n| --- | --- |\n");
        foreach (OptimizerEntry optimizer in Catalogue.Optimizers)
        {
            string rate = optimizer.DefaultRate is { } value ? $"lr: {value}" : "lr";
            page.Append($"| `{optimizer.Name}({string.Join(", ", new[] { rate }.Concat(optimizer.Settings.Select(s => s.Name)))})` | {optimizer.Doc} |\n");
        }

        page.Append("\n`clip` is the largest norm of all gradients of the statement together; where it is longer they are scaled down (Pascanu et al. 2013, arXiv:1211.5063). `clip_value` is the largest magnitude of each number of the gradients, and is applied first. Without them, nothing is limited.\n");
        page.Append("\n## Initialisers\n\n");
        page.Append(string.Join(", ", Catalogue.Initializers.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => i.Value.Length == 0 ? $"`{i.Key}`" : $"`{i.Key}({string.Join(", ", i.Value)})`")));
        page.Append(".\n\n## Standard library\n\nWritten in the language.\n\n| declaration | |\n| --- | --- |\n");
        foreach (DeclarationSymbol symbol in StandardLibrary.Declarations.Values.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            var syntax = (BodyDeclarationSyntax)symbol.Syntax;
            string Names(IEnumerable<ParameterSyntax> parameters) => string.Join(", ", parameters.Select(p => p.Name.Text));
            string hyper = syntax.Header.Hyperparameters.Length > 0 ? $"({Names(syntax.Header.Hyperparameters)})" : "";
            page.Append($"| `{symbol.Kind} {symbol.Name}{hyper}({Names(syntax.Header.Data)})` | {syntax.Doc.Replace("\n", " ").Trim()} |\n");
        }

        return page.ToString();
    }

    /// <summary>An entry as it is written: <c>conv(out_channels, kernel, stride: 1, ...)</c>.</summary>
    public static string Signature(Operation operation) =>
        operation.Name + "(" + string.Join(", ", operation.Parameters.Where(p => operation.Kind != OperationKind.Layer || p.Kind != ParameterKind.Tensor).Select(p =>
            p.Default is { } value ? $"{p.Name}: {value}" : p.IsOptional ? $"{p.Name}: ..." : p.Name)) + ")";

    private static void Rows(StringBuilder page, IEnumerable<(string Name, string Kind, string Doc)> rows)
    {
        page.Append("\n| parameter | | |\n| --- | --- | --- |\n");
        foreach ((string name, string kind, string doc) in rows)
        {
            page.Append($"| `{name}` | {kind} | {doc} |\n");
        }
    }

    private static string Text(OperationParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Tensor => "tensor",
        ParameterKind.Tensors => "tensors",
        ParameterKind.Number => "number",
        ParameterKind.Size => "integer",
        ParameterKind.AxisSizes => "integer or one per axis",
        ParameterKind.Sizes => "integers",
        ParameterKind.Switch => "true or false",
        ParameterKind.Padding => "word or integer",
        ParameterKind.Axes => "integers or word",
        ParameterKind.Word => "word",
        _ => "initialiser",
    };
}
