using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Elaborates nets: once, for all hyperparameters and sizes.</summary>
internal static class NetElaborator
{
    /// <param name="name">The name of its class.</param>
    /// <param name="template">What is fixed; null for a net without tuples or words.</param>
    public static IrNet Elaborate(FileContext file, DeclarationSymbol symbol, NetSyntax syntax, string name, Template? template)
    {
        var net = new IrNet(name, template?.Document(syntax.Doc, "net", symbol.Name) ?? syntax.Doc, syntax.Name.Span) { IsLibrary = symbol.IsLibrary, DeclaredName = symbol.Name };
        var scope = new Scope(null);
        net.DataCount = syntax.Header.Data.Length + syntax.Header.Conditions.Length;
        SizeFacts facts = HeaderBinder.Bind(file, symbol.Source, syntax, net, scope, template);
        var block = new IrBlock();
        var rows = new Rows("batch");
        var body = new BodyElaborator(file, symbol.Source, BodyKind.Net, new Construction(net), block, scope, rows, template);
        var types = new TypeBinder(file, body, facts);
        ImmutableArray<ParameterSyntax> data = [.. syntax.Header.Data, .. syntax.Header.Conditions];
        rows = types.Batch(data, rows);
        if (types.Parameters(data, rows) is not { } parameters)
        {
            return net;
        }

        facts.CheckNames(body);
        Value? result = body.Run(syntax.Body);
        if (result is null)
        {
            // What the parser could not read may have been the result.
            if (!file.Diagnostics.HasErrorIn(syntax.Body.Span))
            {
                body.Report(syntax.Name.Span, b => b.NoResult($"'{symbol.Name}'"));
            }

            return net;
        }

        UnusedNames.Report(body);

        ImmutableArray<Value> items = result is TupleValue tuple ? tuple.Items : [result];
        var results = new List<IrValue>();
        foreach (Value item in items)
        {
            if (body.AsResult(item, syntax.Body.Statements.Last().Span, $"The result of '{symbol.Name}'") is not { } value)
            {
                return net;
            }

            if (value.Type.Rows is { } found && !found.Equals(rows))
            {
                body.Report(syntax.Body.Statements.Last().Span, b => b.ResultRows(symbol.Name, rows, found));
                return net;
            }

            results.Add(value);
        }

        if (!types.Declared(symbol.Name, syntax.Results, results, syntax.Body.Statements.Last().Span, rows))
        {
            return net;
        }

        net.FixedSizes = FixedSizes.Of(net, parameters);
        if (rows.Count is { } count && net.FixedSizes.FirstOrDefault(v => count.Variables.Contains(v)) is { } varying)
        {
            body.Report(syntax.Name.Span, b => b.WeightOfRows(varying.Name));
            return net;
        }

        HeaderBinder.CheckFacts(net, net.FixedSizes, body.Report);
        MemberNames.OfModule(net, body.Report);
        net.Forward = new IrFunction(parameters, block, [.. results]);
        return net;
    }
}
