using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>The names that a piece of text mentions where a value is meant.</summary>
internal static class SyntaxNames
{
    public static IEnumerable<NameSyntax> In(ExpressionSyntax? syntax) => syntax switch
    {
        IdentifierSyntax name => [name.Name],
        NegateSyntax negate => In(negate.Operand),
        BinarySyntax binary => In(binary.Left).Concat(In(binary.Right)),
        PipeSyntax pipe => In(pipe.Input).Concat(In(pipe.Function)),
        CallSyntax call => In(call.Callee).Concat(call.Arguments.SelectMany(a => In(a.Value))),
        AsSyntax taken => In(taken.Value),
        MemberSyntax member => In(member.Target),
        IndexSyntax index => In(index.Target).Concat(In(index.Index)).Concat(In(index.To)),
        TupleSyntax tuple => tuple.Items.SelectMany(In),
        ConditionalSyntax chosen => In(chosen.Condition).Concat(In(chosen.Then)).Concat(In(chosen.Else)),
        _ => [],
    };

    public static IEnumerable<NameSyntax> In(StatementSyntax statement) => statement switch
    {
        BindingSyntax binding => In(binding.Value),
        ElementBindingSyntax element => In(element.Index).Concat(In(element.Value)),
        RebindingSyntax rebinding => In(rebinding.Value).Prepend(rebinding.Name),
        DrawSyntax draw => In(draw.Distribution),
        ParamSyntax param => In(param.Initial),
        ForSyntax loop => In(loop.From).Concat(In(loop.To)).Concat(loop.Body.Statements.SelectMany(In)),
        CostSyntax cost => In(cost.Value),
        ExpressionStatementSyntax expression => In(expression.Value),
        _ => [],
    };

    /// <summary>The names that a statement gives values to.</summary>
    public static IEnumerable<NameSyntax> BoundBy(StatementSyntax statement) => statement switch
    {
        BindingSyntax binding => binding.Names,
        ElementBindingSyntax element => [element.Name],
        RebindingSyntax rebinding => [rebinding.Name],
        DrawSyntax draw => [draw.Name],
        ParamSyntax param => [param.Name],
        ForSyntax loop => loop.Body.Statements.SelectMany(BoundBy),
        _ => [],
    };
}
