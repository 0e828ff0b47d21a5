using System.Collections.Generic;
using GenDsl.Cli.Data;
using GenDsl.Runtime;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

public sealed class DataArgumentsTests
{
    private static readonly SpaceInfo Image = new("Image", ElementKind.Real, 0, [1, 28, 28], -1, 1);
    private static readonly SpaceInfo Kind = new("Kind", ElementKind.Class, 4, [], 0, 3);

    private static readonly SourceInfo[] Sources =
    [
        new("real", [new ColumnBinding("real", Image)]),
        new("pairs", [new ColumnBinding("picture", Image), new ColumnBinding("kind", Kind)]),
    ];

    [Fact]
    public void OneNameServesAllSources() =>
        Assert.Equal(new Dictionary<string, string> { ["real"] = "shapes", ["pairs"] = "shapes" }, DataArguments.Resolve(["shapes"], Sources, "T"));

    [Fact]
    public void SourcesAreNamedByThemselvesOrByAColumn() => Assert.Equal(
        new Dictionary<string, string> { ["real"] = "shapes:test", ["pairs"] = "shapes@random:train" },
        DataArguments.Resolve(["real=shapes:test", "kind=shapes@random:train"], Sources, "T"));

    [Fact]
    public void TheNumberOfAView_IsNoSource() => Assert.Equal(
        new Dictionary<string, string> { ["real"] = "shapes@first=9", ["pairs"] = "shapes@random@each=2:test" },
        DataArguments.Resolve(["shapes@first=9", "pairs=shapes@random@each=2:test"], Sources, "T"));

    [Fact]
    public void WhatIsNotNamedTakesTheOther() => Assert.Equal(
        new Dictionary<string, string> { ["real"] = "mnist", ["pairs"] = "shapes" },
        DataArguments.Resolve(["shapes", "real=mnist"], Sources, "T"));

    [Fact]
    public void DefaultsFitTheColumns()
    {
        Assert.Equal("shapes", DefaultData.For(Sources[1], "T"));
        Assert.Equal("shapes-color", DefaultData.For(new SourceInfo("x", [new ColumnBinding("x", Image with { Shape = [3, 32, 32] })]), "T"));
        Assert.Contains("no procedural data set fits", Assert.Throws<GenDslException>(
            () => DefaultData.For(new SourceInfo("x", [new ColumnBinding("x", Image with { Shape = [5, 5, 5] })]), "T")).Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shapes", "shapes:validation", "shapes:test")]
    [InlineData("shapes@random", "shapes@static:validation", "shapes@static:test")]
    [InlineData("mnist:trainall", null, "mnist:test")]
    [InlineData("shapes@random@each=10", "shapes@static:validation", "shapes@static:test")]
    [InlineData("shapes@first=100", "shapes:validation", "shapes:test")]
    [InlineData("shapes-color@grey@first=100", "shapes-color@grey:validation", "shapes-color@grey:test")]
    public void SplitsOfTheSameSet(string training, string? validation, string test)
    {
        Assert.Equal(validation, Splits.Validation(training));
        Assert.Equal(test, Splits.TestOf(training));
    }

    [Fact]
    public void ANamedSplitIsEvaluatedAsItIs() => Assert.Equal("mnist:validation", Splits.Test("mnist:validation"));
}
