using System;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

/// <summary>Views of rows: those that every data set has, and one of one's own.</summary>
public sealed class DataViewTests
{
    [Fact]
    public void TheFirstRows()
    {
        using var few = DataSets.Open("segment-digits@first=7");
        using var all = DataSets.Open("segment-digits");
        Assert.Equal(("segment-digits@first=7:train", 7), (few.Name, few.Rows));
        using var start = all.Columns[0].Values.narrow(0, 0, 7);
        Assert.True(few.Columns[0].Values.equal(start).all().item<bool>());
    }

    [Fact]
    public void SoManyOfEachClass()
    {
        using var few = DataSets.Open("segment-digits@each=3:test");
        Assert.Equal(30, few.Rows);
        using var labels = few.Columns[1].Values.to(ScalarType.Int64);
        Assert.All(labels.data<long>().ToArray().GroupBy(label => label), of => Assert.Equal(3, of.Count()));
    }

    [Fact]
    public void ViewsStandOneBehindTheOther()
    {
        using var both = DataSets.Open("shapes@random@first=400@each=5");
        Assert.Equal(20, both.Rows);
        Assert.Equal(ColumnView.Random, both.Columns[0].View);
    }

    [Fact]
    public void AnEntryIsAllThatAViewTakes()
    {
        var last = new DataView("last", "the last N rows", true, (source, count) => source.Slice(source.Rows - count, count));
        var options = new DataOptions { Views = [last], Rows = 50 };
        using var few = DataSets.Open("moons@last=4", options);
        using var all = DataSets.Open("moons", options);
        using var end = all.Columns[0].Values.narrow(0, 46, 4);
        Assert.True(few.Columns[0].Values.equal(end).all().item<bool>());
        Assert.Contains("It has: @last=N, @first=N, @half=N, @each=N, @grey, @color, @column=N, @words, @skip_gram=N.", Assert.Throws<GenDslException>(() => DataSets.Open("moons@lats=4", options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("moons@first", "takes a whole number, 1 or more, as in '@first=100', but it is '@first'")]
    [InlineData("moons@first=0", "but it is '@first=0'")]
    [InlineData("moons@first=99999", "has 8192 rows: it has no 99999 rows from row 0 on")]
    [InlineData("moons@each=5000", "rows of some class, but '@each=5000' takes 5000")]
    [InlineData("bumps@each=5", "has no column of classes")]
    [InlineData("shapes@static@random", "asks for the views @static and @random of data set 'shapes'. Take one of them.")]
    public void WhatCannotBeSeen_IsSaid(string spec, string expected) =>
        Assert.Contains(expected, Assert.Throws<GenDslException>(() => DataSets.Open(spec)).Message, StringComparison.Ordinal);
}
