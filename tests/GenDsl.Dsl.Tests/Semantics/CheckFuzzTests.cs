using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Dsl.Tests.Semantics;

/// <summary>Whatever the text, the whole front end ends, throws nothing, and says something where it rejects.</summary>
public sealed class CheckFuzzTests
{
    private static readonly string[] s_texts = [.. Directory.GetFiles(Repository.PathOf("models"), "*.gen")
        .Concat(Directory.GetFiles(Repository.PathOf("tests", "baselines"), "*.gen", SearchOption.AllDirectories))
        .Where(p => !p.Contains(".verified.", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    // Words swapped for words: most of the result parses, and reaches the judgements.
    private static readonly string[] s_words = [.. s_texts.SelectMany(t => t.Split([' ', '\n', '(', ')', ',', '[', ']', '{', '}'], StringSplitOptions.RemoveEmptyEntries)).Distinct().Order(StringComparer.Ordinal)];

    private static Gen<string> Mutants() =>
        from text in Gen.Elements(s_texts)
        from count in Gen.Choose(1, 4)
        from edits in Gen.ArrayOf(from place in Gen.Choose(0, 1_000_000)
                                  from word in Gen.Elements(s_words)
                                  from kind in Gen.Choose(0, 3)
                                  select (place, word, kind), count)
        select edits.Aggregate(text, (t, e) => Edit(t, e.place, e.word, e.kind));

    private static string Edit(string text, int place, string word, int kind)
    {
        if (text.Length == 0)
        {
            return word;
        }

        int at = place % text.Length;
        int end = at;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        return kind switch
        {
            0 => text[..at] + word + text[end..],
            1 => text[..at] + text[Math.Min(text.Length, end + 1)..],
            2 => text[..at] + " " + word + " " + text[at..],
            _ => text[..at] + text[Math.Max(0, at - 40)..],
        };
    }

    // By day the same mutants for the same programs: what was watched to pass is what the gate runs. By night new ones.
    [Fact]
    public void MutantsOfPrograms_AreCheckedOrRejected()
    {
        bool isNight = Environment.GetEnvironmentVariable("GENDSL_NIGHTLY") is not null;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(isNight ? 200_000 : 20_000);
        FsCheck.Check.One(isNight ? config : config.WithReplay(20261130UL, 1UL), Prop.ForAll(Mutants().ToArbitrary(), Check));
    }

    [Fact]
    public void TheCulture_ChangesNothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string[] expected = [.. s_texts.Select(Findings)];
        try
        {
            foreach (string culture in new[] { "de-DE", "tr-TR" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, s_texts.Select(Findings));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void LineEnds_MoveNothing()
    {
        foreach (string text in s_texts)
        {
            CheckedFile lf = GenCompiler.Check(new GenSource("a.gen", text));
            CheckedFile crlf = GenCompiler.Check(new GenSource("a.gen", text.Replace("\n", "\r\n", StringComparison.Ordinal)));
            Assert.Equal(Places(lf), Places(crlf));
        }
    }

    [Fact]
    public void TenThousandLines_AreChecked()
    {
        var text = new StringBuilder("gen 1\nspace X = f32[8]\n");
        for (int i = 0; i < 2500; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"net N{i}(x: X) {{\n    h = x |> linear(8) |> relu\n    h + x\n}}\n");
        }

        CheckedFile file = GenCompiler.Check(new GenSource("large.gen", text.ToString()));
        Assert.Empty(file.Diagnostics);
        Assert.Equal(2500, file.Ir.Modules.Length);
    }

    [Fact]
    public void ForeignLetters_AreNames()
    {
        CheckedFile file = GenCompiler.Check(new GenSource("a.gen", "gen 1\nspace Größe = f32[4]\nnet Überblick(größe: int)(ξ: Größe) { ξ |> linear(größe) |> tahn }\n"));
        GenDiagnostic only = Assert.Single(file.Diagnostics);
        Assert.Equal(("GEN2001", 2, 60), (only.Code, file.Source.Lines.PositionOf(only.Span.Start).Line, file.Source.Lines.PositionOf(only.Span.Start).Column));
    }

    private static void Check(string text)
    {
        CheckedFile file = GenCompiler.Check(new GenSource("mutant.gen", text));
        Assert.All(file.Diagnostics, d =>
        {
            Assert.InRange(d.Span.Start, 0, file.Source.Text.Length);
            Assert.InRange(d.Span.End, d.Span.Start, file.Source.Text.Length);
            Assert.NotEmpty(d.Message);
        });

        // What has no function to emit must have been rejected.
        Assert.True(file.HasErrors || file.Ir.Modules.All(m => !m.IsBroken));
    }

    private static string Findings(string text) => string.Join("\n", GenCompiler.Check(new GenSource("a.gen", text)).Diagnostics.Select(d => d.ToString()));

    private static IEnumerable<(string, int, int)> Places(CheckedFile file) => file.Diagnostics.Select(d => file.Source.Lines.PositionOf(d.Span.Start) is var at ? (d.Code, at.Line, at.Column) : default);
}
