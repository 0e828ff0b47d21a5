using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>A text with one place changed.</summary>
/// <param name="Name">Where and how: <c>line 7: tanh left out</c>.</param>
internal sealed record Mutant(string Name, string Text);

/// <summary>Mutants of a program, one per node of its tree and way to change it.</summary>
internal static class Mutants
{
    private static readonly string[][] Families = [["relu", "tanh", "sigmoid", "exp", "softplus"], ["conv", "conv_transpose"], ["normal", "uniform"], ["mean", "sum"], ["f32", "u8", "bit"], ["gan", "lsgan", "hinge"]];

    public static IEnumerable<Mutant> Of(CheckedFile file)
    {
        string text = file.Source.Text;
        string[] nets = [.. SyntaxWalk.All(file.Syntax).OfType<MinimizeSyntax>().SelectMany(m => m.Moves).SelectMany(m => m.Targets).Select(t => Cut(text, t.Span)).Distinct()];
        IEnumerable<(TextSpan Span, string With, string How)> changes = SyntaxWalk.All(file.Syntax).SelectMany(n => Changes(text, n, nets));
        return changes.Where(c => Cut(text, c.Span) != c.With)
            .Select(c => new Mutant($"line {file.Source.Lines.PositionOf(c.Span.Start).Line + 1}: {c.How}", text[..c.Span.Start] + c.With + text[c.Span.End..]))
            .DistinctBy(m => m.Text);
    }

    private static IEnumerable<(TextSpan Span, string With, string How)> Changes(string text, SyntaxNode node, string[] nets)
    {
        string old = Cut(text, node.Span);
        switch (node)
        {
            case NumberSyntax { IsInteger: true } number when long.TryParse(number.Lexeme, CultureInfo.InvariantCulture, out long value):
                foreach (long other in new[] { value + 1, value - 1, 2 * value })
                {
                    string with = other.ToString(CultureInfo.InvariantCulture);
                    yield return (node.Span, with, $"{old} becomes {with}");
                }

                break;
            case PipeSyntax pipe:
                yield return (node.Span, Cut(text, pipe.Input.Span), $"'{Short(Cut(text, pipe.Function.Span))}' left out");
                break;
            case CallSyntax { Arguments: [{ Value: { } only }] } call:
                yield return (node.Span, Cut(text, only.Span), $"'{Cut(text, call.Callee.Span)}' left out");
                break;
            case CallSyntax { Arguments: [{ Value: { } first }, { Value: { } second }, ..] }:
                TextSpan both = new(first.Span.Start, second.Span.End - first.Span.Start);
                string between = text[first.Span.End..second.Span.Start];
                yield return (both, Cut(text, second.Span) + between + Cut(text, first.Span), $"{Short(Cut(text, first.Span))} and {Short(Cut(text, second.Span))} change places");
                break;
            case NameSyntax name when Families.FirstOrDefault(f => f.Contains(name.Text)) is { } family:
                foreach (string other in family)
                {
                    yield return (node.Span, other, $"{old} becomes {other}");
                }

                break;
            case MinimizeSyntax minimize:
                foreach (string other in nets)
                {
                    yield return (minimize.Moves[0].Targets[0].Span, other, $"over {other}");
                }

                yield return (node.Span, "", $"'minimize ... over {Cut(text, minimize.Moves[0].Targets[0].Span)}' left out");
                break;
            case DrawSyntax or BindingSyntax or SampleSyntax:
                yield return (node.Span, "", $"'{Short(old)}' left out");
                break;
            case IdentifierSyntax { Name.Text: "fake" or "x" }:
                yield return (node.Span, $"stop({old})", $"stop({old})");
                break;
            case NegateSyntax negate:
                yield return (node.Span, Cut(text, negate.Operand.Span), "a sign left out");
                break;
        }
    }

    private static string Short(string text) => text.Length <= 24 ? text : text[..24] + "...";

    private static string Cut(string text, TextSpan span) => text.Substring(span.Start, span.Length);
}
