using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Constructing nets and models whose hyperparameters decide shapes.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>What a construction fixes, and the arguments that stay options of the class; null, reported, where something does not fit.</summary>
    private (Template Template, ImmutableArray<ArgumentSyntax> Options)? Specialise(DeclarationSymbol symbol, BodyDeclarationSyntax syntax, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        ImmutableArray<ParameterSyntax> parameters = [.. syntax.Header.Hyperparameters.Where(p => !p.Name.IsMissing)];
        if (ArgumentMatcher.Match(symbol.Name, [.. parameters.Select(p => (p.Name.Text, false))], [], [], arguments, span, Report, constructs: true) is not { } matched)
        {
            return null;
        }

        bool ok = true;
        var given = new Dictionary<string, Value>(StringComparer.Ordinal);
        var open = new List<ArgumentSyntax>();
        foreach (ParameterSyntax parameter in parameters)
        {
            if (matched.TryGetValue(parameter.Name.Text, out List<RawArgument>? argument))
            {
                ok &= Specialise(symbol, syntax, parameter, argument[0], given, open);
            }
            else if (parameter.Default is null)
            {
                Report(span, b => b.MissingArgument(symbol.Name, parameter.Name.Text, parameter.Doc));
                ok = false;
            }
            else if (Template.IsShaping(parameter) && (Template.Literal(parameter.Default, parameter) is not { } standard || Template.Mismatch(parameter, standard) is not null))
            {
                // The declaration says what is wrong with it.
                ok = false;
            }
        }

        if (!ok)
        {
            return null;
        }

        var template = Template.Of(syntax, given, [.. open.Select(a => a.Name!.Text)]);
        foreach (SizeFact fact in SizeFacts.Of(symbol.Source, syntax).All)
        {
            if (template.Values.TryGetValue(fact.Name, out Value? value) && value is HostValueHolder { Host.Size: { } size } && !fact.IsProvedFor(size))
            {
                Report(span, b => b.FactNotMet(symbol.Name, fact.Text, size, null));
                ok = false;
            }
        }

        return ok ? (template, [.. open]) : null;
    }

    private bool Specialise(DeclarationSymbol symbol, BodyDeclarationSyntax syntax, ParameterSyntax parameter, RawArgument argument, Dictionary<string, Value> given, List<ArgumentSyntax> open)
    {
        string what = $"'{parameter.Name.Text}' of '{symbol.Name}'";
        bool isWord = Template.WordsOf(parameter).Length > 0 && argument.Syntax is IdentifierSyntax { Name.Text: { } word } && Scope.Find(word) is null;
        if (isWord && Template.Literal(argument.Syntax!, parameter) is null)
        {
            Report(argument.Span, b => b.WrongWord(parameter.Name.Text, ((IdentifierSyntax)argument.Syntax!).Name.Text, Template.WordsOf(parameter)));
            return false;
        }

        Value value = isWord ? Template.Literal(argument.Syntax!, parameter)! : Evaluate(argument.Syntax!);
        if (value is ErrorValue)
        {
            return false;
        }

        if (Template.IsShaping(parameter))
        {
            if (Template.Mismatch(parameter, value) is { } expected)
            {
                Report(argument.Span, b => b.WrongKind(what, expected, value.Description));
                return false;
            }

            given[parameter.Name.Text] = value;
            return true;
        }

        // What does not fit is left to the check of options, which says so.
        if (Template.Fixes(syntax, parameter) && Template.IsFixed(value) && Number(parameter, ((value as HostValueHolder)?.Host)!) is { } number)
        {
            if (number.Kind == HostKind.Int && !AtLeast(number.Size!, (parameter.Type as HostTypeSyntax)?.Minimum ?? 1, what, parameter.Name.Text, argument.Span))
            {
                return false;
            }

            given[parameter.Name.Text] = new HostValueHolder(number);
        }
        else
        {
            open.Add(new ArgumentSyntax(parameter.Name, argument.Syntax!, argument.Span));
        }

        return true;
    }

    // A literal as the kind of number that a parameter takes; null where it is of another kind.
    private static HostValue? Number(ParameterSyntax parameter, HostValue? given)
    {
        HostKind? kind = parameter.Type switch
        {
            HostTypeSyntax { Keyword.Text: "int" } => HostKind.Int,
            HostTypeSyntax { Keyword.Text: "float" } => HostKind.Float,
            HostTypeSyntax { Keyword.Text: "bool" } => HostKind.Bool,
            null => parameter.Default is { } standard && Template.Literal(standard, parameter) is HostValueHolder { Host.Kind: { } of } ? of : null,
            _ => null,
        };
        return given is null || kind is null ? null
            : given.Kind == kind ? given
            : given.Kind == HostKind.Int && kind == HostKind.Float ? HostValue.Float(given.Constant!.Value)
            : null;
    }
}
