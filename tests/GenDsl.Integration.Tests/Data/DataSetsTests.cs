using System;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Data;

public sealed class DataSetsTests
{
    [Theory]
    [InlineData("mnist", "mnist", null, null)]
    [InlineData("mnist:test", "mnist", null, "test")]
    [InlineData("mnist@random", "mnist", "random", null)]
    [InlineData(" mnist @ random : train ", "mnist", "random", "train")]
    public void A_specification_has_a_name_a_view_and_a_split(string text, string name, string? view, string? split) =>
        Assert.Equal(new DataSpec(name, view, split), DataSpec.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":train")]
    [InlineData("mnist:")]
    [InlineData("mnist@")]
    [InlineData("mnist:train:test")]
    [InlineData("mnist:train@random")]
    public void What_is_no_specification_shows_the_form(string text) =>
        Assert.Contains("NAME[@view][:split]", Assert.Throws<GenDslException>(() => DataSpec.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_name_suggests_and_lists()
    {
        var message = Problem("minst");

        Assert.Contains("Did you mean 'mnist'?", message, StringComparison.Ordinal);
        Assert.All(DataSets.All, set => Assert.Contains(set.Name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_split_or_view_lists_what_there_is()
    {
        Assert.Contains("It has: train, test, validation", Problem("shapes:dev"), StringComparison.Ordinal);
        Assert.Contains("It has: @static, @random", Problem("shapes@gaussian"), StringComparison.Ordinal);
        Assert.Contains("It has: @LENGTH, 1 to 65536", Problem("tones@1000000"), StringComparison.Ordinal);
        Assert.Contains("has no view '@random'. It has: @first=N, @half=N, @each=N, @grey, @color, @column=N, @words, @skip_gram=N.", Problem("moons@random"), StringComparison.Ordinal);
        Assert.Contains("has no view '@gray'. Did you mean '@grey'? It has:", Problem("shapes-color@gray"), StringComparison.Ordinal);
        Assert.Contains("It has: test.", Problem("kmnist:train"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_are_refused() =>
        Assert.Contains(
            "at least one",
            Assert.Throws<GenDslException>(() => DataSets.Open("shapes", new DataOptions { Rows = 0 })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Every_set_has_a_name_a_summary_and_splits()
    {
        Assert.All(DataSets.All, set => Assert.True(set.Name.Length > 0 && set.Summary.Length > 0 && set.Splits.Count > 0));
        Assert.Equal(DataSets.All.Count, DataSets.All.Select(set => set.Name).Distinct().Count());
        Assert.All(DataSets.All.Where(set => !set.IsProcedural), set => Assert.NotEmpty(set.Licence));
    }

    private static string Problem(string spec) => Assert.Throws<GenDslException>(() => DataSets.Open(spec)).Message;
}
