using System.Collections.Generic;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>One builder per syntax error, <c>GEN1001</c> to <c>GEN1099</c>. Facts come in, words are chosen here.</summary>
public static partial class SyntaxDiagnostics
{
    private static readonly string s_declarations = Words.Declarations.Listed();
    private static readonly string s_statements = Words.Statements.Listed();
    private static readonly string s_elements = Words.Elements.Listed();

    /// <summary>GEN1010: text at the top level that begins no declaration.</summary>
    public static GenDiagnostic DeclarationExpected(GenSource source, TextSpan span, string found, bool isStatement, string? near)
    {
        string message = isStatement
            ? $"{found} begins a statement, and statements stand in the braces of a declaration. Is a '}}' before it one too many?"
            : $"A declaration is expected, but {found} was found. Declarations begin with {s_declarations}.{Guess(near)}";
        return Error("GEN1010", source, span, message);
    }

    /// <summary>GEN1011: a declaration keyword that is none but looks like one.</summary>
    public static GenDiagnostic MisspeltDeclaration(GenSource source, TextSpan span, string found, string meant) =>
        Error("GEN1011", source, span, $"'{found}' begins no declaration; they begin with {s_declarations}.{Guess(meant)}", Replace(span, meant));

    /// <summary>GEN1012: a word of the language that this edition does not have.</summary>
    public static GenDiagnostic LaterEdition(GenSource source, TextSpan span, string found, string kind, IReadOnlyList<string> known) =>
        Error("GEN1012", source, span, $"{found} is not part of edition 'gen {Words.Edition}'. Its {kind}s begin with {known.Listed()}.");

    /// <summary>GEN1013: an edition this compiler does not know.</summary>
    public static GenDiagnostic UnknownEdition(GenSource source, TextSpan span, string found, string supported) =>
        Error(
            "GEN1013", source, span, $"The edition this compiler knows is 'gen {supported}', but {found} was found after 'gen'.",
            span.Length > 0 ? Replace(span, supported) : new Fix($"Insert '{supported}'", span, " " + supported));

    /// <summary>GEN1014: an edition that is not the first line.</summary>
    public static GenDiagnostic EditionNotFirst(GenSource source, TextSpan span) =>
        Error("GEN1014", source, span, "The edition belongs on the first line of the file, before all declarations.");

    /// <summary>GEN1015: a declaration that begins in the middle of a line.</summary>
    public static GenDiagnostic NewLineExpected(GenSource source, TextSpan span, TextSpan gap, string found) =>
        Error("GEN1015", source, span, $"Every declaration begins on a line of its own, but '{found}' stands behind another one.", new Fix("Insert a new line", gap, "\n"));

    /// <summary>GEN1016: a declaration inside a block.</summary>
    public static GenDiagnostic NestedDeclaration(GenSource source, TextSpan span, string keyword) =>
        Error("GEN1016", source, span, $"A {keyword} cannot be declared inside a block. Declare it at the top level and use its name here.");

    /// <summary>GEN1017: a missing name.</summary>
    public static GenDiagnostic NameExpected(GenSource source, TextSpan span, string what, string found) =>
        Error("GEN1017", source, span, $"The name of {what} is expected, but {found} was found. Names consist of letters, digits and '_' and do not begin with a digit.");

    /// <summary>GEN1018: a missing expression.</summary>
    public static GenDiagnostic ExpressionExpected(GenSource source, TextSpan span, string after, string found, string token)
    {
        string hint = token switch
        {
            "[" => " Tuples are written '(a, b)'; brackets stand in shapes and behind a value.",
            "{" => " Blocks are not values.",
            "+" => " There is no sign '+'; leave it out.",
            _ => "",
        };
        return Error("GEN1018", source, span, $"An expression is expected after {after}, but {found} was found.{hint}");
    }

    /// <summary>GEN1019: a missing type.</summary>
    public static GenDiagnostic TypeExpected(GenSource source, TextSpan span, string after, string found) =>
        Error(
            "GEN1019", source, span,
            $"A type is expected after {after}, but {found} was found. Types are shapes such as '[c, h, w]', elements such as 'f32[3]', "
            + $"names of spaces, {Words.HostTypes.Listed()}, 'net(...) -> ...', tuples '(...)' and columns '{{ x: ... }}'.");

    /// <summary>GEN1020: a missing sign or keyword.</summary>
    /// <param name="meant">What was found, if it is a misspelling of the keyword.</param>
    public static GenDiagnostic Expected(GenSource source, TextSpan span, string expected, string after, string found, string? meant = null)
    {
        string message = $"{Capital(expected)} is expected after {after}, but {found} was found.";
        return meant is null ? Error("GEN1020", source, span, message) : Error("GEN1020", source, span, message, Replace(span, meant));
    }

    /// <summary>GEN1021: a missing block.</summary>
    public static GenDiagnostic BlockExpected(GenSource source, TextSpan span, TextSpan gap, string after, string found) =>
        Error("GEN1021", source, span, $"'{{' is expected after {after}, but {found} was found.", new Fix("Insert '{'", gap, " {"));

    /// <summary>GEN1022: a missing data list.</summary>
    public static GenDiagnostic DataListExpected(GenSource source, TextSpan span, string after, string found, TextSpan gap) =>
        Error(
            "GEN1022", source, span,
            $"The data in parentheses, such as '(x: Image)', is expected after {after}, but {found} was found. '()' says that there is none.",
            new Fix("Insert '()'", gap, "()"));

    /// <summary>GEN1023: a condition in the list of hyperparameters.</summary>
    public static GenDiagnostic ConditionInHyperparameters(GenSource source, TextSpan span) =>
        Error("GEN1023", source, span, "Conditions, behind a '|', belong in the second list, with the data; the first list holds hyperparameters.");

    /// <summary>GEN1024: results on a declaration that is no net.</summary>
    public static GenDiagnostic ResultsOnlyOfNets(GenSource source, TextSpan span) =>
        Error("GEN1024", source, span, "Only nets declare the types of their results; leave out '->' and the types behind it.");

    /// <summary>GEN1025: a word where an element type is required.</summary>
    public static GenDiagnostic ElementExpected(GenSource source, TextSpan span, string found, string? meant) =>
        Error(
            "GEN1025", source, span, $"{Capital(found)} is no element type. Element types are {s_elements}.{Guess(meant)}",
            meant is null ? [] : [Replace(span, meant)]);

    /// <summary>GEN1026: an element without its shape or count.</summary>
    public static GenDiagnostic ElementIncomplete(GenSource source, TextSpan span, string element, bool isCounted) =>
        Error(
            "GEN1026", source, span,
            isCounted ? $"'{element}' needs the number of its values, such as '{element}[10]'." : $"'{element}' needs a shape, such as '{element}[1, 28, 28]'; a single number is '{element}[]'.");

    /// <summary>GEN1027: a count that is no whole number.</summary>
    public static GenDiagnostic CountExpected(GenSource source, TextSpan span, string element) =>
        Error("GEN1027", source, span, $"The first brackets of '{element}' hold the number of its values, one whole number; the shape follows: '{element}[256][1, 28, 28]'.");

    /// <summary>GEN1028: something else than a whole number.</summary>
    public static GenDiagnostic WholeNumberExpected(GenSource source, TextSpan span, string after, string found) =>
        Error("GEN1028", source, span, $"A whole number is expected after {after}, but {found} was found. The largest is 2147483646.");

    /// <summary>GEN1029: no name, or several, before the semicolon of a shape.</summary>
    public static GenDiagnostic BatchName(GenSource source, TextSpan span, int count) =>
        Error(
            "GEN1029", source, span,
            count == 0 ? "What stands before ';' in a shape names the batch, such as '[N; d]', and is missing here." : "Only one name, the batch, may stand before ';' in a shape: '[N; c, h, w]'.");

    private static GenDiagnostic Error(string code, GenSource source, TextSpan span, string message, params Fix[] fixes) =>
        new(code, Severity.Error, source, span, message) { Fixes = [.. fixes] };

    private static Fix Replace(TextSpan span, string text) => new($"Replace with '{text}'", span, text);

    private static string Guess(string? name) => name is null ? "" : $" Did you mean '{name}'?";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text.Substring(1);
}
