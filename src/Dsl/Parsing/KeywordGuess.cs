using System.Linq;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Parsing;

/// <summary>Which keyword a misspelt word was meant to be.</summary>
internal static class KeywordGuess
{
    private static readonly string[] s_all = [.. Words.Declarations, .. Words.Statements];

    /// <summary>The declaration keyword nearest to a word that is none, or null.</summary>
    public static string? Declaration(string word) => Among(word, Words.Declarations);

    /// <summary>The statement keyword nearest to a word that is none, or null.</summary>
    public static string? Statement(string word) => Among(word, Words.Statements);

    private static string? Among(string word, string[] wanted)
    {
        if (s_all.Has(word) || Words.LaterStatements.Has(word) || Words.LaterDeclarations.Has(word) || word.Length > 16)
        {
            return null;
        }

        string? guess = SpellChecker.Nearest(word, s_all);
        return guess is not null && wanted.Contains(guess) ? guess : null;
    }
}
