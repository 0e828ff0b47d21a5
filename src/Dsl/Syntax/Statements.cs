using System.Collections.Immutable;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Syntax;

/// <summary>A statement.</summary>
public abstract record StatementSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary><c>{ ... }</c>.</summary>
public sealed record BlockSyntax(ImmutableArray<StatementSyntax> Statements, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>name = e</c> or <c>(a, b) = e</c>.</summary>
/// <param name="Names">One name, or the names of a destructured tuple.</param>
/// <param name="IsTuple">True where parentheses were written.</param>
public sealed record BindingSyntax(ImmutableArray<NameSyntax> Names, bool IsTuple, ExpressionSyntax Value, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>name[i] = e</c>: one tensor of a family.</summary>
public sealed record ElementBindingSyntax(NameSyntax Name, ExpressionSyntax Index, ExpressionSyntax Value, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>name += e</c> and its kin, <c>name |>= f</c>.</summary>
/// <param name="Operator">One of <c>+=</c>, <c>-=</c>, <c>*=</c>, <c>/=</c>, <c>|>=</c>.</param>
public sealed record RebindingSyntax(NameSyntax Name, string Operator, ExpressionSyntax Value, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>z: [dim] ~ normal(0, 1)</c>, <c>x ~ bernoulli(logits: e)</c>.</summary>
public sealed record DrawSyntax(NameSyntax Name, TypeSyntax? Type, ExpressionSyntax Distribution, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>param g: [c] = ones</c>.</summary>
public sealed record ParamSyntax(NameSyntax Name, ShapeSyntax Shape, ExpressionSyntax Initial, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>for i in a..b { }</c>; b is excluded.</summary>
public sealed record ForSyntax(NameSyntax Index, ExpressionSyntax From, ExpressionSyntax To, BlockSyntax Body, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>repeat n { }</c>, <c>accumulate n { }</c>: a fresh batch per round.</summary>
/// <param name="Accumulates">True for <c>accumulate</c>: all moves at the end, against averages of the rounds' gradients.</param>
public sealed record RepeatSyntax(ExpressionSyntax Count, bool Accumulates, BlockSyntax Body, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>every n steps { }</c>.</summary>
public sealed record EverySyntax(ExpressionSyntax Count, BlockSyntax Body, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>constrain D: clip(-c, c)</c>: an invariant of a net.</summary>
public sealed record ConstrainSyntax(ExpressionSyntax Target, ExpressionSyntax Constraint, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>state name: type = e</c>: a tensor that outlives the step.</summary>
/// <param name="Type">Null where the first value says it.</param>
public sealed record StateSyntax(NameSyntax Name, TypeSyntax? Type, ExpressionSyntax Initial, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>name &lt;- e</c>: a state takes another value.</summary>
public sealed record WriteSyntax(NameSyntax Name, ExpressionSyntax Value, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>given C = Classifier()</c>: a net that arrives trained and never moves.</summary>
public sealed record GivenSyntax(NameSyntax Name, ExpressionSyntax Value, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>f(x, y) = e</c>: a function of a trainer.</summary>
public sealed record FunctionSyntax(NameSyntax Name, ImmutableArray<NameSyntax> Parameters, ExpressionSyntax Value, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>guide { }</c>: the proposal of a model's latents.</summary>
public sealed record GuideSyntax(BlockSyntax Body, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>cost e</c>: a term added to a model's loss.</summary>
public sealed record CostSyntax(ExpressionSyntax Value, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>minimize L over T with o</c>; more than one <c>over</c> for several optimizers.</summary>
public sealed record MinimizeSyntax(ExpressionSyntax Objective, ImmutableArray<MoveSyntax> Moves, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>over T with o</c>.</summary>
public sealed record MoveSyntax(ImmutableArray<ExpressionSyntax> Targets, ExpressionSyntax Optimizer, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>phase name for n epochs of source { }</c>.</summary>
/// <param name="Length">Null where the run says it.</param>
/// <param name="Clock">The source whose passes are its epochs; null for the first one that it reads.</param>
public sealed record PhaseSyntax(NameSyntax Name, PhaseLengthSyntax? Length, NameSyntax? Clock, BlockSyntax Body, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>solve W = procrustes(x, y)</c>: a closed form over whole sources, between phases.</summary>
public sealed record SolveSyntax(NameSyntax Target, ExpressionSyntax Value, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>collect s = source { v = e } where c balance k to n</c>: rows of a source, with new columns, between phases.</summary>
/// <param name="Name">The source that they become.</param>
/// <param name="Source">The source that is gone over.</param>
/// <param name="Where">What rows that stay have; null where all do.</param>
/// <param name="Balance">How many rows of each class there are to be; null where it does not matter.</param>
public sealed record CollectSyntax(NameSyntax Name, NameSyntax Source, ImmutableArray<CollectedColumnSyntax> Columns, ExpressionSyntax? Where, BalanceSyntax? Balance, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>v = e</c>.</summary>
public sealed record CollectedColumnSyntax(NameSyntax Name, ExpressionSyntax Value, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>balance k to n</c>.</summary>
public sealed record BalanceSyntax(ExpressionSyntax Key, ExpressionSyntax Count, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>for n epochs</c>, <c>for n steps</c>.</summary>
public sealed record PhaseLengthSyntax(ExpressionSyntax Count, NameSyntax Unit, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>report name = e</c>, or <c>report name</c> of a bound name.</summary>
public sealed record ReportSyntax(NameSyntax? Name, ExpressionSyntax Value, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>sample name(arguments) = e</c>.</summary>
/// <param name="Header">The arguments; null without parentheses.</param>
public sealed record SampleSyntax(NameSyntax Name, HeaderSyntax? Header, ExpressionSyntax Value, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary><c>evaluate name(sources) { report ... }</c>.</summary>
public sealed record EvaluateSyntax(NameSyntax Name, HeaderSyntax Header, BlockSyntax Body, string Doc, TextSpan Span) : StatementSyntax(Span);

/// <summary>An expression on a line of its own: the result of a body when it is the last one.</summary>
public sealed record ExpressionStatementSyntax(ExpressionSyntax Value, TextSpan Span) : StatementSyntax(Span);

/// <summary>A hole: text that is no statement. The parser has reported it.</summary>
public sealed record SkippedStatement(TextSpan Span) : StatementSyntax(Span);
