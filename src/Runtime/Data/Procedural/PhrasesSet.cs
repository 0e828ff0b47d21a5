using System;
using System.Linq;
using System.Text;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>Sentences of a small English grammar in which subject and verb agree, as characters filled up with spaces.</summary>
internal sealed class PhrasesSet() : ProceduralSet(
    "phrases",
    "sentences of a small grammar; columns text (28 codes, 48 characters), subject (8 classes), number (2 classes)",
    [],
    train: 12_000,
    test: 2_000,
    validation: 1_000)
{
    public const int Length = 48;

    private const string Characters = " abcdefghijklmnopqrstuvwxyz.";

    private static readonly string[] Nouns = ["dog", "cat", "bird", "horse", "child", "robot", "king", "witch"];
    private static readonly string[] Plurals = ["dogs", "cats", "birds", "horses", "children", "robots", "kings", "witches"];
    private static readonly string[] Adjectives = ["small", "old", "red", "quiet", "happy", "brave"];
    private static readonly string[] Singular = ["sees", "likes", "follows", "paints", "misses", "hears"];
    private static readonly string[] Plural = ["see", "like", "follow", "paint", "miss", "hear"];

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var codes = new byte[rows * Length];
        var phrases = Rows(rows, key, (ref RowRandom random, int row) =>
        {
            var (text, subject, number) = Sentence(ref random);
            for (var i = 0; i < text.Length; i++)
            {
                codes[row * Length + i] = (byte)Characters.IndexOf(text[i], StringComparison.Ordinal);
            }

            return (subject, number);
        });
        return new Source(
            request.Name,
            [
                new Column("text", ElementKind.Code, Characters.Length, tensor(codes, [rows, Length], ScalarType.Byte))
                    { Vocabulary = [.. Characters.Select(character => character.ToString())] },
                new Column("subject", ElementKind.Class, Nouns.Length, tensor(phrases.Select(phrase => phrase.subject).ToArray(), ScalarType.Byte))
                    { Vocabulary = Nouns },
                new Column("number", ElementKind.Class, 2, tensor(phrases.Select(phrase => phrase.number).ToArray(), ScalarType.Byte))
                    { Vocabulary = ["singular", "plural"] },
            ]);
    }

    private static (string Text, byte Subject, byte Number) Sentence(ref RowRandom random)
    {
        var (subject, number, verb) = (random.Below(Nouns.Length), random.Below(2), random.Below(Singular.Length));
        var text = new StringBuilder();
        NounPhrase(text, subject, number, ref random);
        text.Append(' ').Append((number == 0 ? Singular : Plural)[verb]).Append(' ');
        NounPhrase(text, random.Below(Nouns.Length), random.Below(2), ref random);
        return (text.Append('.').ToString(), (byte)subject, (byte)number);
    }

    private static void NounPhrase(StringBuilder text, int noun, int number, ref RowRandom random)
    {
        text.Append(random.Below(2) == 0 ? "the " : number == 0 ? "every " : "some ");
        if (random.Below(2) == 0)
        {
            text.Append(Adjectives[random.Below(Adjectives.Length)]).Append(' ');
        }

        text.Append((number == 0 ? Nouns : Plurals)[noun]);
    }
}
