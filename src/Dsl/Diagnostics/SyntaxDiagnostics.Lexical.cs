using System.Globalization;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>Errors of characters and tokens.</summary>
public static partial class SyntaxDiagnostics
{
    /// <summary>GEN1001: characters that begin no token.</summary>
    public static GenDiagnostic StrayCharacter(GenSource source, TextSpan span, string found)
    {
        string hint = found[0] switch
        {
            '"' or '\'' or '\u201C' or '\u2018' or '`' => " Strings stand in double quotes: \"text\".",
            '$' or '@' or '?' or '\\' => " Names consist of letters, digits and '_'.",
            _ => "",
        };
        string what = found.Length == 1 || (found.Length == 2 && char.IsSurrogatePair(found, 0)) ? "is no character" : "are no characters";
        return Error("GEN1001", source, span, $"{Printable(found)} {what} of the language.{hint}", new Fix("Remove it", span, ""));
    }

    /// <summary>GEN1002: a string without its closing quote.</summary>
    public static GenDiagnostic UnclosedString(GenSource source, TextSpan span) =>
        Error("GEN1002", source, span, "This string is not closed: '\"' is expected before the end of the line.", new Fix("Insert '\"'", new(span.End, 0), "\""));

    /// <summary>GEN1003: an escape that means nothing.</summary>
    public static GenDiagnostic UnknownEscape(GenSource source, TextSpan span, string found) =>
        Error("GEN1003", source, span, $"'{found}' is no escape. Escapes are '\\\"', '\\\\', '\\n' and '\\t'.");

    /// <summary>GEN1004: a number with a part missing or too much behind it.</summary>
    /// <param name="meant">The number it is taken for.</param>
    /// <param name="tail">What stands behind it without a blank; empty where a digit is missing.</param>
    public static GenDiagnostic MalformedNumber(GenSource source, TextSpan span, string written, string meant, string tail)
    {
        if (tail.Length == 0)
        {
            return Error("GEN1004", source, span, $"'{written}' is no number: digits stand on both sides of the point. Did you mean '{meant}'?", Replace(span, meant));
        }

        if (tail[0] is 'e' or 'E' && tail.TrimStart('e', 'E', '+', '-').Length == 0)
        {
            return Error("GEN1004", source, span, $"'{written}' is no number: digits are missing behind the exponent's '{tail}'.");
        }

        if (char.IsLetter(tail[0]) && char.IsDigit(written[0]))
        {
            string product = meant + " * " + tail;
            return Error(
                "GEN1004", source, span, $"'{written}' is neither a number nor a name. Did you mean '{product}'? Names do not begin with a digit.", Replace(span, product));
        }

        return Error("GEN1004", source, span, $"'{written}' is no number. Numbers look like '3', '0.5' and '1e-4'.");
    }

    /// <summary>GEN1005: an operator of another language.</summary>
    public static GenDiagnostic ForeignOperator(GenSource source, TextSpan span, string found, string meant) =>
        Error("GEN1005", source, span, $"'{found}' is written '{meant}' here.", Replace(span, meant));

    /// <summary>GEN1006: a logical operator.</summary>
    public static GenDiagnostic NoLogicalOperators(GenSource source, TextSpan span, string found) =>
        Error("GEN1006", source, span, $"'{found}' is no operator of the language. Several facts are separated by commas: 'where H % 4 == 0, W % 4 == 0'.");

    /// <summary>GEN1007: a comment of another language.</summary>
    public static GenDiagnostic ForeignComment(GenSource source, TextSpan span, string found) =>
        Error("GEN1007", source, span, $"'{found}' begins no comment; comments begin with '//' and run to the end of the line.", Replace(span, "//"));

    /// <summary>GEN1008: a string in other quotes.</summary>
    public static GenDiagnostic ForeignQuotes(GenSource source, TextSpan span, string value) =>
        Error("GEN1008", source, span, "Strings stand in double quotes.", Replace(span, "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\""));

    private static string Printable(string found)
    {
        int length = found.Length > 1 && char.IsSurrogatePair(found, 0) ? 2 : 1;
        string first = found.Substring(0, length);
        int value = length == 2 ? char.ConvertToUtf32(found, 0) : found[0];
        bool isVisible = (length == 2 || !char.IsSurrogate(found[0])) && CharUnicodeInfo.GetUnicodeCategory(found, 0)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.NonSpacingMark);
        string name = isVisible ? "'" + (found.Length <= 8 ? found : first) + "'" : string.Format(CultureInfo.InvariantCulture, "U+{0:X4}", value);
        return found.Length > 8 || (!isVisible && found.Length > length) ? name + " and what follows" : name;
    }
}
