using System;
using System.Linq;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>Host expressions as C#.</summary>
/// <param name="options">The C# expression of the options record in sight.</param>
/// <param name="variable">The C# text of free sizes, loop indices and the numbers of a sample.</param>
internal sealed class HostText(string options, Func<DimVariable, string> variable)
{
    /// <summary>The C# expression of the options record in sight.</summary>
    public string Options => options;

    /// <summary>The C# expression of a hyperparameter.</summary>
    public Func<string, string> Hyperparameter { get; init; } = name => $"{options}.{CSharpNames.Pascal(name)}";

    /// <summary>The C# expression of the steps done.</summary>
    public string Step { get; set; } = "GlobalStep";

    /// <summary>The C# expression of the part of the run that is done.</summary>
    public string Progress { get; set; } = "Progress";

    /// <summary>The C# expression of the passes done.</summary>
    public string Epoch { get; set; } = "EpochBefore";

    /// <summary>A size as an integer expression.</summary>
    public string Size(Dim size) => DimPrinter.ToCSharp(size, Variable);

    /// <summary>A size as an expression of type int.</summary>
    public string Int(Dim size)
    {
        string text = Size(size);
        return text.Contains("L <<") || text.Contains("(long)") ? $"(int)({text})" : text;
    }

    /// <summary>A size as an argument or element: brackets around the whole of it say nothing there.</summary>
    public string Argument(Dim size) => Unbracketed(Size(size));

    /// <summary>A list of sizes as a collection expression.</summary>
    public string Sizes(System.Collections.Generic.IEnumerable<Dim> sizes) => "[" + string.Join(", ", sizes.Select(Argument)) + "]";

    /// <summary>A host value as an expression of its C# type: int, double or bool.</summary>
    public string Value(HostValue value) => value.Kind == HostKind.Int ? Int(value.Size!) : Text(value.Expression);

    /// <summary>An integer as the right side of a comparison: what binds less tightly stands in brackets.</summary>
    public string Bound(HostValue value) => Value(value) is { } text && text.Contains(" ? ") ? $"({text})" : Value(value);

    /// <summary>An integer as a factor: every other operation stands in brackets.</summary>
    public string Factor(Dim size) => Int(size) is { } text && text.Contains(' ') ? $"({text})" : Int(size);

    private string Variable(DimVariable v) => v.Kind switch
    {
        DimVariableKind.Hyperparameter => Hyperparameter(v.Name),
        DimVariableKind.Batch => $"{options}.Batch",
        _ => variable(v),
    };

    private string Text(HostExpr expression) => expression switch
    {
        HostLiteral literal => literal.Lexeme,
        HostHyperparameter hyper => Hyperparameter(hyper.Name),
        HostSize size => Size(size.Size),
        HostArgument argument => variable(new DimVariable(argument.Name, DimVariableKind.Free)),
        HostStep => Step,
        HostProgress => Progress,
        HostEpoch => Epoch,
        HostNegate negate => $"-{Operand(negate.Operand)}",
        HostBinary { Operator: "^" } power => $"global::System.Math.Pow({Text(power.Left)}, {Text(power.Right)})",

        // Quotients of integers are real numbers in the language.
        HostBinary { Operator: "/" } quotient => $"(double){Operand(quotient.Left)} / {Operand(quotient.Right)}",
        HostBinary binary => $"{Operand(binary.Left)} {binary.Operator} {Operand(binary.Right)}",
        HostConditional conditional => $"{Operand(conditional.Condition)} ? {Operand(conditional.Then)} : {Operand(conditional.Else)}",
        HostCall call => $"global::System.Math.{CSharpNames.Pascal(call.Function)}({string.Join(", ", call.Arguments.Select(Text))})",
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };

    private static string Unbracketed(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0 && i < text.Length - 1)
            {
                return text;
            }
        }

        return text.StartsWith("(", StringComparison.Ordinal) ? text.Substring(1, text.Length - 2) : text;
    }

    private string Operand(HostExpr expression)
    {
        string text = Text(expression);
        return text.Any(c => c is ' ' or '?') || text.StartsWith("-", StringComparison.Ordinal) ? $"({text})" : text;
    }
}
