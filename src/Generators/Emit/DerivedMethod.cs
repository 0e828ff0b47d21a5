using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>A method that is derived from a model's body, before it is written.</summary>
/// <param name="query">What it answers.</param>
/// <param name="function">What it computes.</param>
/// <param name="parameters">Of the method for trainers, with their types.</param>
/// <param name="typed">Of the method for callers, with their types.</param>
/// <param name="arguments">What the latter passes to the former.</param>
/// <param name="isTempered">True where the last parameter is a temperature.</param>
/// <param name="statements">All statements but the return.</param>
/// <param name="result">What it returns.</param>
internal sealed class DerivedMethod(
    ModelQuery query, IrFunction function, IReadOnlyList<string> parameters, IReadOnlyList<string> typed, IReadOnlyList<string> arguments, bool isTempered, CodeWriter statements, string result)
{
    public ModelQuery Query => query;

    public IrFunction Function => function;

    public IReadOnlyList<string> Parameters => parameters;

    public IReadOnlyList<string> Typed => typed;

    public IReadOnlyList<string> Arguments => arguments;

    public bool IsTempered => isTempered;

    public CodeWriter Statements => statements;

    public string Result => result;

    /// <summary>The names of <see cref="Parameters"/>.</summary>
    public IEnumerable<string> Names => parameters.Select(p => p.Split(' ')[1]);

    /// <summary>The method whose result this one negates, which is then all that it does.</summary>
    public ModelQuery? MinusThat { get; private set; }

    /// <summary>A model without costs has a loss that is minus its density, or the other way round: one of the two calls the other.</summary>
    public static void Relate(IReadOnlyList<DerivedMethod> methods)
    {
        if (methods.FirstOrDefault(m => m.Query == ModelQuery.Loss) is { } loss && methods.FirstOrDefault(m => m.Query is ModelQuery.LogProb or ModelQuery.Elbo) is { } density)
        {
            loss.MinusThat = loss.Negates(density) ? density.Query : null;
            density.MinusThat = density.Negates(loss) ? loss.Query : null;
        }
    }

    // The same text, and behind it a negation of the result.
    private bool Negates(DerivedMethod other)
    {
        IReadOnlyList<string> mine = Code;
        IReadOnlyList<string> others = other.Code;
        return parameters.SequenceEqual(other.Parameters) && mine.Count == others.Count + 1 && mine[mine.Count - 1] == $"{result}.neg_();" && mine.Take(others.Count).SequenceEqual(others) && result == other.Result;
    }

    private IReadOnlyList<string> Code => [.. statements.ToString().Split('\n').Where(line => line.Length > 0 && !line.StartsWith("#", StringComparison.Ordinal))];
}
