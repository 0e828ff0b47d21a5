using System.Collections.Generic;

namespace GenDsl.Runtime.Data.Reading;

internal static class Words
{
    /// <summary>Runs of letters in lower case; an apostrophe between letters belongs to the word, and <c>&lt;unk&gt;</c> is kept whole.</summary>
    public static IEnumerable<string> Of(string text)
    {
        const string unknown = "<unk>";
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '<' && string.CompareOrdinal(text, i, unknown, 0, unknown.Length) == 0)
            {
                yield return unknown;
                i += unknown.Length;
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsLetter(text[i]) || text[i] == '\'' && i > start && i + 1 < text.Length && char.IsLetter(text[i + 1])))
            {
                i++;
            }

            if (i > start)
            {
                yield return text[start..i].ToLowerInvariant();
            }
            else
            {
                i++;
            }
        }
    }
}
