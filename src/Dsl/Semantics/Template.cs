using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// What a net or model with tuples or words among its hyperparameters is elaborated for: such values decide shapes, so that
/// each combination is a class of its own. In a net every number that a construction writes out is fixed with them, and
/// sizes that depend on it can be proved; a model's numbers stay options.
/// </summary>
internal sealed class Template
{
    private Template(ImmutableDictionary<string, Value> values, string key, string suffix, string text, Wrapping? around = null) =>
        (Values, Key, Suffix, Text, Around) = (values, key, suffix, text, around);

    /// <summary>The words of a hyperparameter of type <c>padding</c>.</summary>
    public static ImmutableArray<string> Paddings { get; } = ["same", "valid", "causal", "down", "down_right"];

    /// <summary>The words that a hyperparameter takes: paddings or partitions; none for any other.</summary>
    public static ImmutableArray<string> WordsOf(ParameterSyntax parameter) => parameter switch
    {
        { Type: HostTypeSyntax { Keyword.Text: "padding" } } => Paddings,
        { Type: HostTypeSyntax { Keyword.Text: "partition" } } => FlowEntries.Partitions,
        { Type: null, Default: IdentifierSyntax { Name.Text: { } word } } when FlowEntries.Partitions.Contains(word) => FlowEntries.Partitions,
        _ => [],
    };

    /// <summary>The hyperparameters that are fixed; the others stay options of the class.</summary>
    public ImmutableDictionary<string, Value> Values { get; }

    /// <summary>Equal for constructions that share a class.</summary>
    public string Key { get; }

    /// <summary>What tells the class from its kin: <c>2x3Down</c>; empty where all that is fixed has its default.</summary>
    public string Suffix { get; }

    /// <summary><c>k = (2, 3), p = down</c>.</summary>
    public string Text { get; }

    /// <summary>What stands around the net and so around its layers; null for nothing.</summary>
    public Wrapping? Around { get; }

    /// <summary>A net, of which nothing or what a template says is fixed, within what stands around it.</summary>
    public static Template Wrapped(NetSyntax syntax, Template? template, Wrapping around)
    {
        template ??= Of(syntax, ImmutableDictionary<string, Value>.Empty, [.. syntax.Header.Hyperparameters.Select(p => p.Name.Text)]);
        return new Template(
            template.Values, $"{template.Key}{around.Text};", template.Suffix + around.Suffix, string.Join(", ", new[] { template.Text, $"{around.Text} around all layers" }.Where(t => t.Length > 0)), around);
    }

    /// <summary>True for a net or model with a tuple or word among its hyperparameters.</summary>
    public static bool Is(DeclarationSyntax syntax) => syntax is NetSyntax or FlowSyntax or ModelSyntax && ((BodyDeclarationSyntax)syntax).Header.Hyperparameters.Any(IsShaping);

    /// <summary>True where nothing can be said of a declaration before it is constructed.</summary>
    public static bool NeedsArguments(DeclarationSyntax syntax) => Is(syntax) && ((BodyDeclarationSyntax)syntax).Header.Hyperparameters.Any(p => IsShaping(p) && p.Default is null);

    /// <summary>True for a tuple or a word.</summary>
    public static bool IsShaping(ParameterSyntax parameter) =>
        parameter.Type is TupleTypeSyntax || WordsOf(parameter).Length > 0 || (parameter.Type is null && parameter.Default is TupleSyntax);

    /// <summary>True where a value of this parameter is fixed if a construction writes it out.</summary>
    public static bool Fixes(BodyDeclarationSyntax syntax, ParameterSyntax parameter) => IsShaping(parameter) || syntax is NetSyntax;

    /// <summary>The specialisation for what a construction gives; null where a tuple or word is left open.</summary>
    /// <param name="given">Values that are written out.</param>
    /// <param name="open">Parameters whose value is known only at run time.</param>
    public static Template Of(BodyDeclarationSyntax syntax, IReadOnlyDictionary<string, Value> given, IReadOnlyCollection<string> open)
    {
        ImmutableDictionary<string, Value>.Builder values = ImmutableDictionary.CreateBuilder<string, Value>(StringComparer.Ordinal);
        var key = new StringBuilder();
        var suffix = new StringBuilder();
        var texts = new List<string>();
        foreach (ParameterSyntax parameter in syntax.Header.Hyperparameters.Where(p => !p.Name.IsMissing))
        {
            string name = parameter.Name.Text;
            Value? standard = Fixes(syntax, parameter) && parameter.Default is { } written ? Literal(written, parameter) : null;
            Value? value = given.TryGetValue(name, out Value? known) ? known : open.Contains(name) ? null : standard;
            key.Append(name).Append('=').Append(value is null ? "*" : TextOf(value)).Append(';');
            if (value is null)
            {
                continue;
            }

            values[name] = value;
            texts.Add($"{name} = {TextOf(value)}");
            if (standard is null || TextOf(standard) != TextOf(value))
            {
                string part = NameOf(parameter, value);
                bool runsOn = suffix.Length > 0 && char.IsDigit(suffix[suffix.Length - 1]) && char.IsDigit(part[0]);
                suffix.Append(runsOn ? MemberName.Pascal(name) + part : part);
            }
        }

        return new Template(values.ToImmutable(), key.ToString(), suffix.ToString(), string.Join(", ", texts));
    }

    /// <summary>A value that is written out: a number, a truth value, a word of its type, a tuple of integers; null for anything else.</summary>
    public static Value? Literal(ExpressionSyntax syntax, ParameterSyntax parameter) => syntax switch
    {
        NumberSyntax number => new HostValueHolder(HostArithmetic.Literal(number.Lexeme, number.IsInteger)),
        NegateSyntax { Operand: NumberSyntax number } => new HostValueHolder(HostArithmetic.Negate(HostArithmetic.Literal(number.Lexeme, number.IsInteger))),
        IdentifierSyntax { Name.Text: "true" or "false" } truth => new HostValueHolder(new HostValue(HostKind.Bool, new HostLiteral(truth.Name.Text), null, Ranges.Interval.Unit)),
        IdentifierSyntax { Name.Text: { } word } when WordsOf(parameter).Contains(word) => new HostValueHolder(HostValue.Word(word)),
        TupleSyntax tuple when tuple.Items.Select(i => Literal(i, parameter)).ToList() is var items && !items.Contains(null) => new TupleValue([.. items.Select(i => i!)]),
        _ => null,
    };

    /// <summary>True where a value is known now, whatever the hyperparameters around it are.</summary>
    public static bool IsFixed(Value value) => value switch
    {
        HostValueHolder { Host: { Kind: HostKind.Int, Size.Value: not null } or { Kind: HostKind.Float, Constant: not null } or { Kind: HostKind.Bool or HostKind.Word, Expression: HostLiteral } } => true,
        TupleValue tuple => tuple.Items.All(IsFixed),
        _ => false,
    };

    /// <summary>What a value of a tuple or word parameter must be; null where it is that.</summary>
    public static string? Mismatch(ParameterSyntax parameter, Value value)
    {
        bool IsCount(Value item, long least) => item is HostValueHolder { Host.Size.Value: { } size } && size >= least;
        switch (parameter.Type)
        {
            case HostTypeSyntax { Keyword.Text: "partition" } or null when WordsOf(parameter).Length > 0:
                return value is HostValueHolder { Host: { Kind: HostKind.Word, Expression: HostLiteral { Lexeme: { } partition } } } && FlowEntries.Partitions.Contains(partition)
                    ? null
                    : $"one of {string.Join(", ", FlowEntries.Partitions)}";
            case HostTypeSyntax:
                bool fits = value is HostValueHolder { Host: { Kind: HostKind.Word, Expression: HostLiteral { Lexeme: { } word } } }
                    ? Paddings.Contains(word)
                    : IsCount(value, 0) || (value is TupleValue pads && pads.Items.All(i => IsCount(i, 0)));
                return fits ? null : $"one of {string.Join(", ", Paddings)}, or numbers that are written out";
            case TupleTypeSyntax tuple when tuple.Items.All(i => i is HostTypeSyntax { Keyword.Text: "int" }):
                long[] least = [.. tuple.Items.Select(i => (long)(((HostTypeSyntax)i).Minimum ?? 1))];
                return value is TupleValue given && given.Items.Length == least.Length && given.Items.Zip(least, IsCount).All(ok => ok)
                    ? null
                    : $"a tuple of {least.Length} integers that are written out, each {(least.Distinct().Count() == 1 ? $"{least[0]} or more" : "what its type says")}";
            case null:
                int count = ((TupleSyntax)parameter.Default!).Items.Length;
                return value is TupleValue numbers && numbers.Items.Length == count && numbers.Items.All(i => IsCount(i, 1)) ? null : $"a tuple of {count} integers, each 1 or more, that are written out";
            default:
                return "of another type: a tuple holds integers, '(int, int)'";
        }
    }

    /// <summary>The documentation of the class.</summary>
    public string Document(string doc, string kind, string name) => Suffix.Length == 0 ? doc : $"{(doc.Length > 0 ? doc : $"The {kind} {name}.")}\nHere {Text}.";

    /// <summary>An error of a declaration that is right for other values says for which it is not.</summary>
    public Diagnostics.GenDiagnostic Locate(Diagnostics.GenDiagnostic inner) =>
        inner.Severity == Diagnostics.Severity.Error && Text.Length > 0 ? inner with { Message = $"With {Text}: {inner.Message}" } : inner;

    private static string TextOf(Value value) => value switch
    {
        TupleValue tuple => "(" + string.Join(", ", tuple.Items.Select(TextOf)) + ")",
        HostValueHolder { Host: { Size: { } size } } => size.ToString(),
        HostValueHolder { Host: { Constant: { } number } } => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        HostValueHolder { Host.Expression: HostLiteral literal } => literal.Lexeme,
        _ => throw new InvalidOperationException(value.Description),
    };

    private static string NameOf(ParameterSyntax parameter, Value value) => value switch
    {
        TupleValue tuple => string.Join("x", tuple.Items.Select(TextOf)),
        HostValueHolder { Host.Kind: HostKind.Word } => MemberName.Pascal(TextOf(value)),
        HostValueHolder { Host.Kind: HostKind.Bool } => MemberName.Pascal(parameter.Name.Text) + MemberName.Pascal(TextOf(value)),
        _ => MemberName.Pascal(parameter.Name.Text) + TextOf(value).Replace("-", "Minus").Replace('.', '_').Replace("+", ""),
    };
}
