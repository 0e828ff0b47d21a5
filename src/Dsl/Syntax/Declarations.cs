using System.Collections.Immutable;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Syntax;

/// <summary>A top-level declaration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Doc">The text of the <c>///</c> lines before it, joined by newlines, without the slashes; empty if none.</param>
public abstract record DeclarationSyntax(NameSyntax Name, string Doc, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>space Image = f32[1, 28, 28] in [-1, 1] ~ law</c>.</summary>
/// <param name="Type">Element, shape and interval.</param>
/// <param name="Law">The expression after <c>~</c>, or null.</param>
public sealed record SpaceSyntax(NameSyntax Name, ElementTypeSyntax Type, ExpressionSyntax? Law, string Doc, TextSpan Span) : DeclarationSyntax(Name, Doc, Span);

/// <summary><c>model Wide = Vae(hidden: 1000)</c>: a declaration again under another name, with other defaults.</summary>
/// <param name="Keyword">net, model or trainer: the kind of what is repeated.</param>
/// <param name="Value">The construction whose arguments are the new defaults.</param>
public sealed record PresetSyntax(NameSyntax Name, NameSyntax Keyword, ExpressionSyntax Value, string Doc, TextSpan Span) : DeclarationSyntax(Name, Doc, Span);

/// <summary>What the declarations with a body share: <c>keyword Name(hyperparameters)(data | conditions) -> results where facts { body }</c>.</summary>
public abstract record BodyDeclarationSyntax(
    NameSyntax Name, HeaderSyntax Header, ImmutableArray<ExpressionSyntax> Facts, BlockSyntax Body, string Doc, TextSpan Span) : DeclarationSyntax(Name, Doc, Span);

/// <summary><c>net</c>: a function with or without parameters.</summary>
/// <param name="Results">The declared result types; empty where they are inferred.</param>
public sealed record NetSyntax(
    NameSyntax Name, HeaderSyntax Header, ImmutableArray<TypeSyntax> Results, ImmutableArray<ExpressionSyntax> Facts, BlockSyntax Body, string Doc, TextSpan Span)
    : BodyDeclarationSyntax(Name, Header, Facts, Body, Doc, Span);

/// <summary><c>flow</c>: a bijection, written as reversible updates of its data.</summary>
public sealed record FlowSyntax(NameSyntax Name, HeaderSyntax Header, ImmutableArray<ExpressionSyntax> Facts, BlockSyntax Body, string Doc, TextSpan Span)
    : BodyDeclarationSyntax(Name, Header, Facts, Body, Doc, Span);

/// <summary><c>loss</c>: an expression template over tensors and nets.</summary>
public sealed record LossSyntax(NameSyntax Name, HeaderSyntax Header, ImmutableArray<ExpressionSyntax> Facts, BlockSyntax Body, string Doc, TextSpan Span)
    : BodyDeclarationSyntax(Name, Header, Facts, Body, Doc, Span);

/// <summary><c>model</c>: a density.</summary>
public sealed record ModelSyntax(NameSyntax Name, HeaderSyntax Header, ImmutableArray<ExpressionSyntax> Facts, BlockSyntax Body, string Doc, TextSpan Span)
    : BodyDeclarationSyntax(Name, Header, Facts, Body, Doc, Span);

/// <summary><c>trainer</c>: players, objectives and the order of updates.</summary>
public sealed record TrainerSyntax(NameSyntax Name, HeaderSyntax Header, ImmutableArray<ExpressionSyntax> Facts, BlockSyntax Body, string Doc, TextSpan Span)
    : BodyDeclarationSyntax(Name, Header, Facts, Body, Doc, Span);

/// <summary>The parameter lists of a declaration. With one list in the text, it is the data.</summary>
/// <param name="Hyperparameters">Known at construction.</param>
/// <param name="Data">Tensors.</param>
/// <param name="Conditions">Tensors behind the bar.</param>
public sealed record HeaderSyntax(
    ImmutableArray<ParameterSyntax> Hyperparameters, ImmutableArray<ParameterSyntax> Data, ImmutableArray<ParameterSyntax> Conditions, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>name: type = default</c>; type and default may be absent.</summary>
public sealed record ParameterSyntax(NameSyntax Name, TypeSyntax? Type, ExpressionSyntax? Default, string Doc, TextSpan Span) : SyntaxNode(Span);
