using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>Trees as compact text. Knows every node type: an unknown one throws.</summary>
internal static class SExpression
{
    public static string Of(SyntaxNode? node) => node switch
    {
        null => "none",
        FileSyntax file => string.Join("\n", file.Declarations.Select(Of)),
        NameSyntax name => name.IsMissing ? "?" : name.Text,
        DeclarationSyntax declaration => OfDeclaration(declaration),
        HeaderSyntax header => OfHeader(header),
        ParameterSyntax p => Of(p.Name) + (p.Type is null ? "" : ":" + Of(p.Type)) + (p.Default is null ? "" : "=" + Of(p.Default)),
        BlockSyntax block => block.Statements.IsEmpty ? "{}" : "{ " + Join(block.Statements, " ") + " }",
        StatementSyntax statement => OfStatement(statement),
        TypeSyntax type => OfType(type),
        IntervalSyntax interval => $"in {Of(interval.Low)}..{Of(interval.High)}",
        ArgumentSyntax argument => (argument.Name is null ? "" : Of(argument.Name) + ":") + Of(argument.Value),
        ExpressionSyntax expression => OfExpression(expression),
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static string OfDeclaration(DeclarationSyntax node) => node switch
    {
        SpaceSyntax space => $"(space {Of(space.Name)} {Of(space.Type)}{(space.Law is null ? "" : " ~ " + Of(space.Law))})",
        NetSyntax net => $"(net {Of(net.Name)} {Of(net.Header)}{(net.Results.IsEmpty ? "" : " -> " + Join(net.Results, " "))}{Rest(net)})",
        FlowSyntax flow => $"(flow {Of(flow.Name)} {Of(flow.Header)}{Rest(flow)})",
        LossSyntax loss => $"(loss {Of(loss.Name)} {Of(loss.Header)}{Rest(loss)})",
        ModelSyntax model => $"(model {Of(model.Name)} {Of(model.Header)}{Rest(model)})",
        TrainerSyntax trainer => $"(trainer {Of(trainer.Name)} {Of(trainer.Header)}{Rest(trainer)})",
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static string OfHeader(HeaderSyntax node) =>
        (node.Hyperparameters.IsEmpty ? "" : $"<{Join(node.Hyperparameters, " ")}> ")
        + $"({Join(node.Data, " ")}{(node.Conditions.IsEmpty ? "" : " | " + Join(node.Conditions, " "))})";

    private static string OfStatement(StatementSyntax node) => node switch
    {
        BindingSyntax { IsTuple: true } s => $"(= ({Join(s.Names, " ")}) {Of(s.Value)})",
        BindingSyntax s => $"(= {Join(s.Names, " ")} {Of(s.Value)})",
        ElementBindingSyntax s => $"(= (at {Of(s.Name)} {Of(s.Index)}) {Of(s.Value)})",
        RebindingSyntax s => $"({s.Operator} {Of(s.Name)} {Of(s.Value)})",
        DrawSyntax s => $"(~ {Of(s.Name)}{(s.Type is null ? "" : ":" + Of(s.Type))} {Of(s.Distribution)})",
        ParamSyntax s => $"(param {Of(s.Name)} {Of(s.Shape)} {Of(s.Initial)})",
        ForSyntax s => $"(for {Of(s.Index)} {Of(s.From)} {Of(s.To)} {Of(s.Body)})",
        RepeatSyntax s => $"({(s.Accumulates ? "accumulate" : "repeat")} {Of(s.Count)} {Of(s.Body)})",
        EverySyntax s => $"(every {Of(s.Count)} {Of(s.Body)})",
        ConstrainSyntax s => $"(constrain {Of(s.Target)} {Of(s.Constraint)})",
        StateSyntax s => $"(state {Of(s.Name)}{(s.Type is null ? "" : ":" + Of(s.Type))} {Of(s.Initial)})",
        GivenSyntax s => $"(given {Of(s.Name)} {Of(s.Value)})",
        WriteSyntax s => $"(<- {Of(s.Name)} {Of(s.Value)})",
        FunctionSyntax s => $"(function {Of(s.Name)} ({Join(s.Parameters, " ")}) {Of(s.Value)})",
        GuideSyntax s => $"(guide {Of(s.Body)})",
        CostSyntax s => $"(cost {Of(s.Value)})",
        PhaseSyntax s => $"(phase {Of(s.Name)}{(s.Length is null ? "" : $" for {Of(s.Length.Count)} {Of(s.Length.Unit)}")}{(s.Clock is null ? "" : " of " + Of(s.Clock))} {Of(s.Body)})",
        CollectSyntax s => $"(collect {Of(s.Name)} {Of(s.Source)} ({string.Join(" ", s.Columns.Select(c => $"({Of(c.Name)} {Of(c.Value)})"))}){(s.Where is null ? "" : " where " + Of(s.Where))}{(s.Balance is null ? "" : $" balance {Of(s.Balance.Key)} to {Of(s.Balance.Count)}")})",
        SolveSyntax s => $"(solve {Of(s.Target)} {Of(s.Value)})",
        MinimizeSyntax s => $"(minimize {Of(s.Objective)} {string.Join(" ", s.Moves.Select(m => $"over ({Join(m.Targets, " ")}) with {Of(m.Optimizer)}"))})",
        ReportSyntax s => $"(report {(s.Name is null ? "" : Of(s.Name) + " ")}{Of(s.Value)})",
        SampleSyntax s => $"(sample {Of(s.Name)} {(s.Header is null ? "" : Of(s.Header) + " ")}{Of(s.Value)})",
        EvaluateSyntax s => $"(evaluate {Of(s.Name)} {Of(s.Header)} {Of(s.Body)})",
        ExpressionStatementSyntax s => Of(s.Value),
        SkippedStatement => "(skipped)",
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static string OfType(TypeSyntax node) => node switch
    {
        ShapeSyntax s => $"[{(s.Rows is null ? "" : Of(s.Rows) + ";" + (s.Dims.IsEmpty && s.RowType is null ? "" : " "))}{(s.RowType is null ? Join(s.Dims, " ") : "type " + Of(s.RowType))}]",
        ElementTypeSyntax s => $"{Of(s.Element)}{(s.Count is null ? "" : "<" + Of(s.Count) + ">")}{Of(s.Shape)}{(s.Range is null ? "" : " " + Of(s.Range))}",
        HostTypeSyntax s => Of(s.Keyword) + (s.Minimum is null ? "" : ">=" + s.Minimum.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        TupleTypeSyntax s => $"({Join(s.Items, " ")})",
        FamilyTypeSyntax s => $"(of {Of(s.Count)} {Of(s.Member)})",
        NetTypeSyntax s => $"net({Join(s.Arguments, " ")})->{Of(s.Result)}",
        ColumnsTypeSyntax s => "{" + Join(s.Columns, " ") + "}",
        NamedTypeSyntax s => Of(s.Name),
        MissingTypeSyntax => "?",
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static string OfExpression(ExpressionSyntax node) => node switch
    {
        NumberSyntax e => e.Lexeme,
        StringSyntax e => "\"" + e.Value + "\"",
        IdentifierSyntax e => Of(e.Name),
        NegateSyntax e => $"(- {Of(e.Operand)})",
        BinarySyntax e => $"({e.Operator} {Of(e.Left)} {Of(e.Right)})",
        PipeSyntax e => $"(|> {Of(e.Input)} {Of(e.Function)})",
        CallSyntax e => $"(call {Of(e.Callee)}{string.Concat(e.Arguments.Select(a => " " + Of(a)))})",
        AsSyntax e => $"(as {Of(e.Value)} {Of(e.Space)})",
        MemberSyntax e => $"(. {Of(e.Target)} {Of(e.Member)})",
        IndexSyntax e => $"(at {Of(e.Target)} {Of(e.Index)}{(e.To is null ? "" : " .. " + Of(e.To))})",
        TupleSyntax e => $"(tuple {Join(e.Items, " ")})",
        ConditionalSyntax e => $"(if {Of(e.Condition)} {Of(e.Then)} {Of(e.Else)})",
        ScaledSyntax e => $"(at {Of(e.Target)} {Of(e.Scale)})",
        ExceptSyntax e => $"(except {Of(e.Target)} {Join(e.Without, " ")})",
        MissingExpression => "?",
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static string Rest(BodyDeclarationSyntax node) => (node.Facts.IsEmpty ? "" : " where " + Join(node.Facts, " ")) + " " + Of(node.Body);

    private static string Join(IEnumerable<SyntaxNode> nodes, string separator) => string.Join(separator, nodes.Select(Of));
}
