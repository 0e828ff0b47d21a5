using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Types;

/// <summary>What host expressions read, what they are for given hyperparameters, and how they are written.</summary>
public static class HostReading
{
    /// <summary>The hyperparameters that an expression reads, each once, in order.</summary>
    public static ImmutableArray<string> Hyperparameters(HostExpr expression) => [.. Leaves(expression).SelectMany(leaf => leaf switch
    {
        HostHyperparameter hyper => [hyper.Name],
        HostSize { Size: { } size } => size.Variables.Where(v => v.Kind == DimVariableKind.Hyperparameter).Select(v => v.Name),
        _ => Enumerable.Empty<string>(),
    }).Distinct()];

    /// <summary>True for what is known as soon as the hyperparameters are: no step, no size of the data, no index of a loop.</summary>
    public static bool IsSettled(HostExpr expression) => Leaves(expression).All(leaf => leaf switch
    {
        HostLiteral or HostHyperparameter => true,
        HostSize { Size: { } size } => size.Variables.All(v => v.Kind == DimVariableKind.Hyperparameter),
        _ => false,
    });

    /// <summary>The number, 1 and 0 for true and false, where the hyperparameters are these; null where something it reads is not known.</summary>
    public static double? Number(HostExpr expression, Func<string, double?> hyperparameter) => expression switch
    {
        HostLiteral { Lexeme: "true" } => 1,
        HostLiteral { Lexeme: "false" } => 0,
        HostLiteral { Lexeme: { } lexeme } => double.TryParse(lexeme, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        HostHyperparameter { Name: { } name } => hyperparameter(name),
        HostSize { Size: { } size } => Substitute(size, name => hyperparameter(name) is { } n && n == Math.Floor(n) && Math.Abs(n) < int.MaxValue ? Dim.Constant((long)n) : null)?.Value,
        HostNegate { Operand: { } operand } => -Number(operand, hyperparameter),
        HostConditional c => Number(c.Condition, hyperparameter) is { } holds ? Number(holds != 0 ? c.Then : c.Else, hyperparameter) : null,
        HostBinary b => Number(b.Left, hyperparameter) is { } x && Number(b.Right, hyperparameter) is { } y ? Binary(b.Operator, x, y) : null,
        HostCall { Arguments: [{ } only], Function: { } function } => Number(only, hyperparameter) is { } x ? HostArithmetic.Function(function, x) : null,
        _ => null,
    };

    /// <summary>An expression as the language writes it.</summary>
    public static string Text(HostExpr expression) => expression switch
    {
        HostLiteral literal => literal.Lexeme,
        HostHyperparameter hyper => hyper.Name,
        HostArgument argument => argument.Name,
        HostSize size => size.Size.ToString(),
        HostStep => "step",
        HostProgress => "progress",
        HostEpoch => "epoch",
        HostNegate negate => "-" + Bracketed(negate.Operand),
        HostBinary binary => $"{Bracketed(binary.Left)} {binary.Operator} {Bracketed(binary.Right)}",
        HostConditional c => $"if {Text(c.Condition)} then {Text(c.Then)} else {Text(c.Else)}",
        HostCall call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Text))})",
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };

    /// <summary>An expression with others in place of hyperparameters; null for those that stay.</summary>
    public static HostExpr Substitute(HostExpr expression, Func<string, HostValue?> hyperparameter) => expression switch
    {
        HostHyperparameter { Name: { } name } => hyperparameter(name)?.Expression ?? expression,
        HostSize { Size: { } size } => Substitute(size, name => hyperparameter(name)?.Size) is { } known ? new HostSize(known) : expression,
        HostNegate negate => new HostNegate(Substitute(negate.Operand, hyperparameter)),
        HostBinary b => new HostBinary(b.Operator, Substitute(b.Left, hyperparameter), Substitute(b.Right, hyperparameter)),
        HostConditional c => new HostConditional(Substitute(c.Condition, hyperparameter), Substitute(c.Then, hyperparameter), Substitute(c.Else, hyperparameter)),
        HostCall call => new HostCall(call.Function, [.. call.Arguments.Select(a => Substitute(a, hyperparameter))]),
        _ => expression,
    };

    /// <summary>What an expression is made of: numbers, hyperparameters, sizes, the step.</summary>
    public static IEnumerable<HostExpr> Leaves(HostExpr expression) => expression switch
    {
        HostNegate negate => Leaves(negate.Operand),
        HostBinary binary => Leaves(binary.Left).Concat(Leaves(binary.Right)),
        HostConditional c => Leaves(c.Condition).Concat(Leaves(c.Then)).Concat(Leaves(c.Else)),
        HostCall call => call.Arguments.SelectMany(Leaves),
        _ => [expression],
    };

    // Beyond 64 bits nothing is known.
    private static Dim? Substitute(Dim size, Func<string, Dim?> hyperparameter)
    {
        try
        {
            return size.Substitute(v => v.Kind == DimVariableKind.Hyperparameter ? hyperparameter(v.Name) : null);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The same beside an operator: a conditional stands in brackets, as sums do.</summary>
    public static string Operand(HostExpr expression) => expression is HostConditional ? $"({Text(expression)})" : Text(expression);

    private static string Bracketed(HostExpr expression) => Text(expression) is { } text && text.Contains(' ') ? $"({text})" : Text(expression);

    private static double? Binary(string op, double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "^" => Math.Pow(a, b),
        "==" => a == b ? 1 : 0,
        "!=" => a != b ? 1 : 0,
        "<" => a < b ? 1 : 0,
        "<=" => a <= b ? 1 : 0,
        ">" => a > b ? 1 : 0,
        ">=" => a >= b ? 1 : 0,
        _ => null,
    };
}
