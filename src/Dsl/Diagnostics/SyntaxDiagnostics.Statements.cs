using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>Errors of brackets, statements and expressions.</summary>
public static partial class SyntaxDiagnostics
{
    /// <summary>GEN1030: a bracket that is not closed.</summary>
    public static GenDiagnostic MissingCloser(GenSource source, TextSpan gap, string opener, TextSpan openerSpan, string closer, string found)
    {
        LinePosition at = source.Lines.PositionOf(openerSpan.Start);
        string place = System.FormattableString.Invariant($"line {at.Line + 1}, column {at.Column + 1}");
        return Error("GEN1030", source, gap, $"'{closer}' is missing: the '{opener}' in {place} is not closed before {found}.", new Fix($"Insert '{closer}'", gap, closer)) with
        {
            Related = [new(openerSpan, $"The '{opener}' that is not closed.")],
        };
    }

    /// <summary>GEN1031: a closing bracket of the wrong kind.</summary>
    public static GenDiagnostic WrongCloser(GenSource source, TextSpan span, string opener, TextSpan openerSpan, string closer, string found) =>
        Error("GEN1031", source, span, $"'{opener}' is closed by '{closer}', but '{found}' was found.", Replace(span, closer)) with
        {
            Related = [new(openerSpan, $"The '{opener}' that is open here.")],
        };

    /// <summary>GEN1032: a closing bracket that closes nothing.</summary>
    public static GenDiagnostic StrayCloser(GenSource source, TextSpan span, string found) =>
        Error("GEN1032", source, span, $"This '{found}' closes nothing.", new Fix($"Remove '{found}'", span, ""));

    /// <summary>GEN1033: two items of a list without a comma.</summary>
    public static GenDiagnostic MissingComma(GenSource source, TextSpan span, TextSpan gap, string closer, string found) =>
        Error("GEN1033", source, span, $"',' or '{closer}' is expected before {found}.", new Fix("Insert ','", gap, ","));

    /// <summary>GEN1034: a comma behind the last item.</summary>
    public static GenDiagnostic TrailingComma(GenSource source, TextSpan span, string next) =>
        Error("GEN1034", source, span, $"Something is missing between ',' and '{next}', or the comma is one too many.", new Fix("Remove ','", span, ""));

    /// <summary>GEN1035: parentheses with nothing inside.</summary>
    public static GenDiagnostic EmptyParentheses(GenSource source, TextSpan span) =>
        Error("GEN1035", source, span, "'()' is no value, no type and no list of names: something must stand in these parentheses.");

    /// <summary>GEN1036: text behind a statement on its line.</summary>
    public static GenDiagnostic StatementEndExpected(GenSource source, TextSpan span, string before, string found) =>
        Error(
            "GEN1036", source, span,
            $"The statement ends after {before}, but {found} was found. Several statements on a line are separated by ';'; within one, an operator is missing.");

    /// <summary>GEN1037: a statement keyword that is none but looks like one.</summary>
    public static GenDiagnostic MisspeltStatement(GenSource source, TextSpan span, string found, string meant) =>
        Error("GEN1037", source, span, $"'{found}' begins no statement; they begin with {s_statements}, or with a name.{Guess(meant)}", Replace(span, meant));

    /// <summary>GEN1038: a statement that begins with an operator.</summary>
    public static GenDiagnostic LineBeginsWithOperator(GenSource source, TextSpan span, string found)
    {
        string message = found switch
        {
            "=" or ":=" or "~" or "+=" or "-=" or "*=" or "/=" or "|>=" => $"A name is expected before '{found}'.",
            "+" or "*" or "/" or "|>" => $"An expression is expected before '{found}'.",
            _ => $"A statement cannot begin with '{found}'. To go on with the line before, put '{found}' at its end; only '|>', '+', '*' and '/' may begin a line.",
        };
        return Error("GEN1038", source, span, message);
    }

    /// <summary>GEN1039: a value bound to something that is no name.</summary>
    public static GenDiagnostic CannotBind(GenSource source, TextSpan span, string target)
    {
        string shown = target.Length <= 40 && target.IndexOfAny(['\r', '\n']) < 0 ? $"'{target}'" : "This";
        return Error("GEN1039", source, span, $"{shown} cannot be bound. What stands before '=' is a name or names in parentheses: 'a = ...', '(a, b) = ...'.");
    }

    /// <summary>GEN1040: <c>:=</c> or <c>==</c> where <c>=</c> is meant.</summary>
    public static GenDiagnostic AssignSpelling(GenSource source, TextSpan span, string found) =>
        Error("GEN1040", source, span, $"Values are bound with '=', not with '{found}'.", Replace(span, "="));

    /// <summary>GEN1041: <c>=</c> where <c>==</c> is meant.</summary>
    public static GenDiagnostic EqualsInCondition(GenSource source, TextSpan span) =>
        Error("GEN1041", source, span, "'=' binds a name. Values are compared with '=='.", Replace(span, "=="));

    /// <summary>GEN1042: <c>name = value</c> in the arguments of a call.</summary>
    public static GenDiagnostic EqualsInArgument(GenSource source, TextSpan span, string found) =>
        Error("GEN1042", source, span, $"Arguments are named with ':', not with '{found}': 'kernel: 3'.", Replace(span, ":"));

    /// <summary>GEN1043: <c>a &lt; b &lt; c</c>.</summary>
    public static GenDiagnostic ChainedComparison(GenSource source, TextSpan span, string found) =>
        Error("GEN1043", source, span, $"Comparisons cannot be chained: '{found}' would compare with the result of the comparison before it. Write two facts: 'a < b, b < c'.");

    /// <summary>GEN1044: an <c>if</c> without <c>else</c>.</summary>
    public static GenDiagnostic MissingElse(GenSource source, TextSpan span, string found, bool isOnNextLine) =>
        Error(
            "GEN1044", source, span,
            isOnNextLine
                ? "A line end finishes the statement, so 'else' must stand on the line of its 'if'; in parentheses a conditional may run over several lines."
                : $"'else' is expected after the value of 'then', but {found} was found: a conditional has a value in both cases.");

    /// <summary>GEN1045: a conditional as an operand.</summary>
    public static GenDiagnostic ConditionalNeedsParentheses(GenSource source, TextSpan span) =>
        Error("GEN1045", source, span, "A conditional between operators needs parentheses: 'a + (if c then x else y)'.");

    /// <summary>GEN1046: a type on a binding.</summary>
    public static GenDiagnostic TypedBinding(GenSource source, TextSpan span) =>
        Error("GEN1046", source, span, "'~' is expected after the type of a draw, but '=' was found. Bindings have no type: leave it out, or write 'param' before the name.");

    /// <summary>GEN1047: constructs too deep inside each other.</summary>
    public static GenDiagnostic TooDeep(GenSource source, TextSpan span, int limit) =>
        Error("GEN1047", source, span, System.FormattableString.Invariant($"This is nested more than {limit} levels deep. Bind a part of it to a name."));

    /// <summary>GEN1048: an expression of too many parts.</summary>
    public static GenDiagnostic TooLong(GenSource source, TextSpan span, int limit) =>
        Error("GEN1048", source, span, System.FormattableString.Invariant($"This expression chains more than {limit} operators. Bind a part of it to a name."));
}
