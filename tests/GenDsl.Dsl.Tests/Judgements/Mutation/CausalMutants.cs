using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Tests.Parsing;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Tests.Judgements.Mutation;

/// <summary>
/// All that decides what a site sees, each place moved by itself: masks swapped, shifts taken out, doubled or turned, pads
/// exchanged, every component of a kernel one smaller and one and two larger. The places are found in the tree, also where
/// a net of the file hands them on: a parameter that is a tuple is a kernel, one of type <c>padding</c> a pad.
/// </summary>
internal sealed class CausalMutants
{
    private static readonly string[] Shifts = ["rows_above", "columns_left", "delay"];
    private static readonly string[] Pads = ["same", "valid", "causal", "down", "down_right"];

    private readonly string _text;
    private readonly GenSource _source;
    private readonly Dictionary<string, ImmutableArray<ParameterSyntax>> _nets;

    private CausalMutants(CheckedFile file)
    {
        (_source, _text) = (file.Source, file.Source.Text);
        _nets = file.Syntax.Declarations.OfType<NetSyntax>().ToDictionary(n => n.Name.Text, n => n.Header.Hyperparameters);
    }

    public static IReadOnlyList<CausalMutant> Of(CheckedFile file)
    {
        var mutants = new CausalMutants(file);
        return [.. TreeWalk.Edges(file.Syntax).Select(e => e.Node).OrderBy(n => n.Span.Start).ThenBy(n => n.Span.Length).SelectMany(mutants.OfNode).DistinctBy(m => m.Text)];
    }

    private IEnumerable<CausalMutant> OfNode(SyntaxNode node) => node switch
    {
        PipeSyntax pipe when Shifts.Contains(Callee(pipe.Function)) => Shift(pipe),
        CallSyntax { Callee: IdentifierSyntax { Name.Text: "masked_linear" } } call => [Strictness(call)],
        CallSyntax call => call.Arguments.SelectMany((a, i) => Argument(call, a, i)),
        _ => [],
    };

    private IEnumerable<CausalMutant> Shift(PipeSyntax pipe)
    {
        string name = Callee(pipe.Function);
        yield return Changed("shift", pipe.Span, Cut(pipe.Input.Span), $"'{Cut(pipe.Function.Span)}' left out", null);
        if (pipe.Function is CallSyntax { Arguments: [{ Value: NumberSyntax steps }] })
        {
            long count = long.Parse(steps.Lexeme, CultureInfo.InvariantCulture);
            yield return Changed("shift", steps.Span, Text(count - 1), $"{name}({Text(count)}) becomes {name}({Text(count - 1)})", null);
            yield return Changed("shift", steps.Span, Text(count + 1), $"{name}({Text(count)}) becomes {name}({Text(count + 1)})", pipe.Function);
            yield break;
        }

        yield return Changed("shift", pipe.Function.Span, $"{name} |> {name}", $"{name} twice", pipe.Function);
        string other = name == "rows_above" ? "columns_left" : "rows_above";
        yield return Changed("shift", pipe.Function.Span, other, $"{name} becomes {other}", null);
    }

    private CausalMutant Strictness(CallSyntax call)
    {
        ArgumentSyntax? strict = call.Arguments.FirstOrDefault(a => a.Name?.Text == "strict");
        return strict is null
            ? Changed("mask", new TextSpan(call.Span.End - 1, 1), ", strict: true)", "strict: true added", call)
            : Changed("mask", strict.Value.Span, Cut(strict.Value.Span) == "true" ? "false" : "true", "strict turned", call);
    }

    private IEnumerable<CausalMutant> Argument(CallSyntax call, ArgumentSyntax argument, int index)
    {
        string value = Cut(argument.Value.Span);
        switch (Role(call, argument, index))
        {
            case "mask":
                string mask = value == "A" ? "B" : "A";
                yield return Changed("mask", argument.Value.Span, mask, $"mask {value} becomes {mask}", call);
                break;
            case "pad" when argument.Value is NumberSyntax or TupleSyntax || Pads.Contains(value):
                // A net takes words only.
                foreach (string pad in argument.Name is null ? Pads : [.. Pads, "0", "1", "2"])
                {
                    if (pad != value)
                    {
                        yield return Changed("pad", argument.Value.Span, pad, $"pad {value} becomes {pad}", call);
                    }
                }

                break;
            case "kernel":
                foreach (NumberSyntax size in argument.Value is TupleSyntax tuple ? tuple.Items.OfType<NumberSyntax>() : new[] { argument.Value }.OfType<NumberSyntax>())
                {
                    long taps = long.Parse(size.Lexeme, CultureInfo.InvariantCulture);

                    // By two as well: many kernels must be odd.
                    foreach (long other in new[] { taps - 1, taps + 1, taps + 2 })
                    {
                        string before = _text[argument.Value.Span.Start..size.Span.Start];
                        string after = _text[size.Span.End..argument.Value.Span.End];
                        yield return Changed("kernel", size.Span, Text(other), $"kernel {value} becomes {before}{Text(other)}{after}", call);
                    }
                }

                break;
        }
    }

    // What an argument is for: by its name, or by the type of the parameter of the net it is given to.
    private string? Role(CallSyntax call, ArgumentSyntax argument, int index)
    {
        if (argument.Name is { } name)
        {
            return name.Text;
        }

        return _nets.TryGetValue(Callee(call), out ImmutableArray<ParameterSyntax> parameters) && index < parameters.Length
            ? parameters[index].Type switch { TupleTypeSyntax => "kernel", HostTypeSyntax { Keyword.Text: "padding" } => "pad", _ => null }
            : null;
    }

    private CausalMutant Changed(string kind, TextSpan span, string with, string how, SyntaxNode? layer)
    {
        TextSpan? changed = layer is null ? null : new(layer.Span.Start, layer.Span.Length + with.Length - span.Length);
        LinePosition at = _source.Lines.PositionOf(span.Start);
        return new(kind, $"({Text(at.Line + 1)},{Text(at.Column + 1)}) {how}", _text[..span.Start] + with + _text[span.End..], changed);
    }

    private static string Callee(ExpressionSyntax function) => function switch
    {
        IdentifierSyntax name => name.Name.Text,
        CallSyntax call => Callee(call.Callee),
        _ => "",
    };

    private string Cut(TextSpan span) => _text.Substring(span.Start, span.Length);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
