using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>Whatever the text, the parser ends, throws nothing and gives a whole tree.</summary>
public sealed class FuzzTests
{
    private static readonly string[] s_pieces =
    [
        "space", "net", "loss", "model", "trainer", "param", "for", "in", "repeat", "guide", "cost", "minimize", "over", "with", "report", "sample",
        "evaluate", "if", "then", "else", "where", "gen", "flow", "state", "f32", "class", "int", "x", "Image", "y1", "1", "0.5", "1e-4", "1.", ".5", "2x",
        "(", ")", "[", "]", "{", "}", ",", ";", ":", ":=", ".", "..", "=", "==", "=>", "->", "<-", "~", "|", "|>", "|>=", "+", "+=", "-", "-=", "*", "**", "/", "%", "^",
        "<", "<=", ">", ">=", "!=", "!", "&&", "\"s\"", "\"", "'", "@", "#", "// c", "/// d", "/*", "*/", "\n", "\n", "\n", "\r\n", "\r", "\t", " ", "\u200B", "é", "\uD835",
    ];

    [Property(MaxTest = 400)]
    public void Any_text(string? text) => Invariants.Check(text ?? "");

    [Property(MaxTest = 400)]
    public void Any_bytes(byte[] bytes) => Invariants.Check(Encoding.Latin1.GetString(bytes) + Encoding.UTF8.GetString(bytes) + Encoding.Unicode.GetString(bytes));

    [Property(MaxTest = 1500)]
    public Property Any_tokens() => Prop.ForAll(Texts(Gen.Constant(""), ""), text => { Invariants.Check(text); });

    [Property(MaxTest = 1500)]
    public Property Any_tokens_in_a_body() => Prop.ForAll(Texts(Gen.Constant("net A(x: [3]) {\n"), "\n}\n"), text => { Invariants.Check(text); });

    [Property(MaxTest = 600)]
    public Property Any_mutation_of_a_right_program() => Prop.ForAll(Mutations().ToArbitrary(), text => { Invariants.Check(text); });

    [Fact]
    public void Any_truncation_of_a_right_program()
    {
        foreach (string sample in Samples.All)
        {
            for (int length = 0; length < sample.Length; length++)
            {
                Invariants.Check(sample.Substring(0, length));
                Invariants.Check(sample.Substring(length));
            }
        }
    }

    [Fact]
    public void One_lost_token_gives_hardly_ever_more_than_one_complaint()
    {
        int cuts = 0;
        int echoes = 0;
        foreach (string sample in Samples.All)
        {
            foreach (SyntaxToken token in SyntaxToken.Of(sample))
            {
                Parsed parsed = Invariants.Check(sample.Remove(token.Start, token.Length));
                cuts++;
                echoes += parsed.Diagnostics.Length > 1 ? 1 : 0;
            }
        }

        Assert.True(cuts > 500, "too few tokens were cut");
        Assert.True(echoes * 20 < cuts, $"{echoes} of {cuts} cuts gave more than one complaint");
    }

    private static Arbitrary<string> Texts(Gen<string> head, string tail) =>
        (from start in head
         from pieces in Gen.ListOf(Gen.Elements(s_pieces))
         from glued in Gen.Elements("", " ", " ")
         select start + string.Join(glued, pieces) + tail).ToArbitrary();

    private static Gen<string> Mutations() =>
        from sample in Gen.Elements(Samples.All)
        from edits in Gen.ListOf(from place in Gen.Choose(0, sample.Length - 1)
                                 from cut in Gen.Choose(0, 12)
                                 from piece in Gen.Elements(s_pieces)
                                 select (Place: place, Cut: cut, Piece: piece))
        select Apply(sample, edits.Take(6));

    private static string Apply(string text, IEnumerable<(int Place, int Cut, string Piece)> edits)
    {
        foreach ((int place, int cut, string piece) in edits)
        {
            int start = Math.Min(place, text.Length);
            text = text.Remove(start, Math.Min(cut, text.Length - start)).Insert(start, piece);
        }

        return text;
    }

    /// <summary>Where the tokens of a text stand, found by a rough cut of its own.</summary>
    private readonly record struct SyntaxToken(int Start, int Length)
    {
        public static IEnumerable<SyntaxToken> Of(string text) =>
            System.Text.RegularExpressions.Regex.Matches(text, @"//[^\n]*|""[^""\n]*""|[A-Za-z_0-9]+(\.[0-9]+)?(e-[0-9]+)?|\|>=?|\.\.|[-+*/<>=!]=|->|\S")
                .Where(m => !m.Value.StartsWith("//", StringComparison.Ordinal))
                .Select(m => new SyntaxToken(m.Index, m.Length));
    }
}
