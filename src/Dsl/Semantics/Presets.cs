using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>Writes a preset out: the declaration it repeats, under its name, with its arguments as defaults.</summary>
internal static class Presets
{
    /// <summary>The declaration that a preset stands for; null, reported, where it stands for none.</summary>
    /// <param name="find">The declaration of a name.</param>
    public static DeclarationSyntax? Expand(GenSource source, PresetSyntax preset, Func<string, DeclarationSyntax?> find, DiagnosticBag diagnostics)
    {
        void Report(TextSpan span, Func<DiagnosticBuilder, GenDiagnostic> diagnostic) => diagnostics.Add(diagnostic(new DiagnosticBuilder(source, span)));

        if (preset.Value is not CallSyntax { Callee: IdentifierSyntax { Name: { } name } } call)
        {
            if (preset.Value is not MissingExpression)
            {
                Report(preset.Value.Span, b => b.WrongKind("A preset", $"a construction such as '{preset.Keyword.Text} {preset.Name.Text} = Name(width: 64)'", "another expression"));
            }

            return null;
        }

        if (find(name.Text) is not { } found)
        {
            Report(name.Span, b => b.UnknownName(name.Text, []));
            return null;
        }

        if (found is not BodyDeclarationSyntax @base || Keyword(found) != preset.Keyword.Text)
        {
            Report(name.Span, b => b.WrongKind($"What '{preset.Name.Text}' repeats", $"a {preset.Keyword.Text}", $"the {Keyword(found)} '{name.Text}'"));
            return null;
        }

        Dictionary<string, List<RawArgument>>? matched = ArgumentMatcher.Match(
            name.Text, [.. @base.Header.Hyperparameters.Select(h => (h.Name.Text, false))], [], [], call.Arguments, call.Span, Report);
        if (matched is null)
        {
            return null;
        }

        ImmutableArray<ParameterSyntax> hyperparameters = [.. @base.Header.Hyperparameters.Select(h =>
            matched.TryGetValue(h.Name.Text, out List<RawArgument>? given) ? h with { Default = given[0].Syntax, Type = h.Type ?? TypeOf(h) } : h)];
        string doc = preset.Doc.Length > 0 ? preset.Doc : found.Doc;
        HeaderSyntax header = @base.Header with { Hyperparameters = hyperparameters };
        return @base switch
        {
            NetSyntax net => net with { Name = preset.Name, Header = header, Doc = doc },
            FlowSyntax flow => flow with { Name = preset.Name, Header = header, Doc = doc },
            ModelSyntax model => model with { Name = preset.Name, Header = header, Doc = doc },
            TrainerSyntax trainer => trainer with { Name = preset.Name, Header = header, Doc = doc },
            _ => null,
        };
    }

    // The new default does not change the kind that the old one gave.
    private static HostTypeSyntax? TypeOf(ParameterSyntax parameter) => parameter.Default switch
    {
        NumberSyntax number => new HostTypeSyntax(new NameSyntax(number.IsInteger ? "int" : "float", parameter.Name.Span), null, parameter.Name.Span),
        IdentifierSyntax { Name.Text: "true" or "false" } => new HostTypeSyntax(new NameSyntax("bool", parameter.Name.Span), null, parameter.Name.Span),
        _ => null,
    };

    private static string Keyword(DeclarationSyntax declaration) => declaration switch
    {
        NetSyntax => "net",
        FlowSyntax => "flow",
        ModelSyntax => "model",
        TrainerSyntax => "trainer",
        LossSyntax => "loss",
        PresetSyntax preset => preset.Keyword.Text,
        _ => "space",
    };
}
