using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GenDsl.Dsl.Shapes;
using Xunit;

namespace GenDsl.Dsl.Tests.Shapes;

/// <summary>Symbolic sizes against plain integers.</summary>
public sealed class DimTests
{
    [Fact]
    public void AChoice_FollowsItsComparison()
    {
        Dim n = Dim.Of(new DimVariable("n", DimVariableKind.Hyperparameter));
        Dim size = Dim.Choice(">", n, 2, 2 * n, n + 1);
        Assert.Equal("(if n > 2 then 2 * n else n + 1)", size.ToString());
        Assert.Equal(2, size.LowerBound);
        Assert.Equal(6, size.Substitute(_ => 3).Value);
        Assert.Equal(3, size.Substitute(_ => 2).Value);
        Assert.Equal(n, Dim.Choice("<", n, 2, n, n));
        Assert.Equal("(o.N > 2 ? 2 * o.N : o.N + 1)", DimPrinter.ToCSharp(size, _ => "o.N"));
        Assert.Equal(size, Dim.Choice(">", n, 2, n + n, 1 + n));
    }

    [Fact]
    public void WhatEndsSomewhere_BoundsWhatFallsAsItGrows()
    {
        Dim n = Dim.Of(new DimVariable("n", DimVariableKind.Hyperparameter) { Below = 9 });
        Dim f = Dim.Of(new DimVariable("f", DimVariableKind.Hyperparameter));
        Dim k = Dim.Of(new DimVariable("k", DimVariableKind.Index) { Below = n + 1 });
        Assert.Equal(1, (9 - n).LowerBound);
        Assert.Equal(1, (9 - k).LowerBound);
        Assert.Equal(0, ((f * n) - (f * (k - 1)) - f).LowerBound);
        Assert.Equal(0, (n - k).LowerBound);
        Assert.Null((n - k - f).LowerBound);
        Assert.Equal(-1, (n - k - 1).LowerBound);
        Assert.Equal(2, (n + k).LowerBound);
        Assert.Null((9 - (k * k)).LowerBound);
        Assert.Equal("with k = 1, n = 1 it is 0", DimExample.Violating(n - k, v => v > 0));
        Assert.Null(DimExample.Violating(n - k, v => v >= 0));
    }

    private static readonly DimVariable A = new("a", DimVariableKind.Hyperparameter);
    private static readonly DimVariable B = new("b", DimVariableKind.Free, 0);
    private static readonly DimVariable C = new("c", DimVariableKind.Free, 3, 4, 3);

    // A recipe builds the same value twice: symbolically, and from numbers.
    private abstract record Recipe
    {
        public sealed record Number(long Value) : Recipe;

        public sealed record Variable(DimVariable Of) : Recipe;

        public sealed record Binary(char Operator, Recipe Left, Recipe Right) : Recipe;

        public Dim Symbolic() => this switch
        {
            Number n => n.Value,
            Variable v => Dim.Of(v.Of),
            Binary { Operator: '+' } b => b.Left.Symbolic() + b.Right.Symbolic(),
            Binary { Operator: '-' } b => b.Left.Symbolic() - b.Right.Symbolic(),
            Binary { Operator: '*' } b => b.Left.Symbolic() * b.Right.Symbolic(),
            Binary { Operator: 'm' } b => Dim.Min(b.Left.Symbolic(), b.Right.Symbolic()),
            Binary { Operator: 'M' } b => Dim.Max(b.Left.Symbolic(), b.Right.Symbolic()),
            Binary { Operator: '/', Right: Number n } b => Dim.FloorDivide(b.Left.Symbolic(), n.Value),
            _ => throw new InvalidOperationException(),
        };

        public long At(IReadOnlyDictionary<string, long> values) => this switch
        {
            Number n => n.Value,
            Variable v => values[v.Of.Name],
            Binary { Operator: '+' } b => b.Left.At(values) + b.Right.At(values),
            Binary { Operator: '-' } b => b.Left.At(values) - b.Right.At(values),
            Binary { Operator: '*' } b => b.Left.At(values) * b.Right.At(values),
            Binary { Operator: 'm' } b => Math.Min(b.Left.At(values), b.Right.At(values)),
            Binary { Operator: 'M' } b => Math.Max(b.Left.At(values), b.Right.At(values)),
            Binary { Operator: '/', Right: Number n } b => (long)Math.Floor((double)b.Left.At(values) / n.Value),
            _ => throw new InvalidOperationException(),
        };
    }

    private static Gen<Recipe> Recipes(int depth)
    {
        Gen<Recipe> leaf = Gen.OneOf(
            Gen.Choose(-4, 6).Select(n => (Recipe)new Recipe.Number(n)),
            Gen.Elements(A, B, C).Select(v => (Recipe)new Recipe.Variable(v)));
        if (depth == 0)
        {
            return leaf;
        }

        Gen<Recipe> binary = from op in Gen.Elements('+', '-', '*', 'm', 'M')
                             from left in Recipes(depth - 1)
                             from right in Recipes(depth - 1)
                             select (Recipe)new Recipe.Binary(op, left, right);
        Gen<Recipe> quotient = from left in Recipes(depth - 1)
                               from right in Gen.Choose(1, 5)
                               select (Recipe)new Recipe.Binary('/', left, new Recipe.Number(right));
        return Gen.Frequency((1, leaf), (3, binary), (2, quotient));
    }

    private static Gen<Dictionary<string, long>> Values() =>
        from a in Gen.Choose(1, 30)
        from b in Gen.Choose(0, 30)
        from c in Gen.Choose(0, 8)
        select new Dictionary<string, long> { ["a"] = a, ["b"] = b, ["c"] = (4 * c) + 3 };

    [Property(MaxTest = 1000)]
    public Property ASize_HasTheValueOfItsParts() => Prop.ForAll(
        Recipes(3).ToArbitrary(),
        Values().ToArbitrary(),
        (recipe, values) => DimExample.Evaluate(recipe.Symbolic(), values) == recipe.At(values));

    [Property(MaxTest = 1000)]
    public Property ALowerBound_IsNeverAbove() => Prop.ForAll(
        Recipes(3).ToArbitrary(),
        Values().ToArbitrary(),
        (recipe, values) => recipe.Symbolic().LowerBound is not { } bound || bound <= recipe.At(values));

    [Property(MaxTest = 500)]
    public Property AProduct_IsDividedByItsFactors() => Prop.ForAll(
        Recipes(2).ToArbitrary(),
        Recipes(2).ToArbitrary(),
        (left, right) => right.Symbolic() is var divisor && (divisor.Value == 0 || (left.Symbolic() * divisor).TryDivide(divisor) is { } quotient && quotient.Equals(left.Symbolic())));

    [Property(MaxTest = 500)]
    public Property TheCSharp_OfANonNegativeSize_HasItsValue() => Prop.ForAll(
        Recipes(2).ToArbitrary(),
        Values().ToArbitrary(),
        (recipe, values) =>
        {
            // C# truncates, the language rounds down: the emitted text is for sizes, whose parts are not negative.
            string text = DimPrinter.ToCSharp(recipe.Symbolic(), v => v.Name);
            return text.Contains("Min", StringComparison.Ordinal) || text.Contains("Max", StringComparison.Ordinal) || text.Contains('-', StringComparison.Ordinal)
                || Arithmetic.Evaluate(text, values) == recipe.At(values);
        });

    [Fact]
    public void AFact_MakesDivisionExact()
    {
        Dim h = Dim.Of(new DimVariable("h", DimVariableKind.Free, 1, 4));
        Assert.Equal(h, 4 * Dim.FloorDivide(h, 4));
        Assert.Equal(h, 2 * Dim.FloorDivide(h, 2));
        Assert.NotEqual(h, 8 * Dim.FloorDivide(h, 8));
        Assert.Equal("h", (4 * Dim.FloorDivide(h, 4)).ToString());
        Assert.Equal(4, h.LowerBound);
    }

    [Fact]
    public void FloorsOfFloors_AreOneFloor()
    {
        Dim h = Dim.Of(B);
        Assert.Equal(Dim.FloorDivide(h, 6), Dim.FloorDivide(Dim.FloorDivide(h, 2), 3));
        Assert.Equal(2 * h, Dim.FloorDivide((4 * h) + 1, 2));
    }

    [Theory]
    [InlineData("with b = 1 the sizes are 2 and 1")]
    public void TheCounterexample_IsTheSmallest(string expected) =>
        Assert.Equal(expected, DimExample.Differing(2 * Dim.Of(B), Dim.Of(B)));
}
