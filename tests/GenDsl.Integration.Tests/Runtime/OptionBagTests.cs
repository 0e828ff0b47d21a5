using System.Globalization;
using GenDsl.Runtime;
using Xunit;

namespace GenDsl.Integration.Tests.Runtime;

public class OptionBagTests
{
    [Theory]
    [InlineData("widht", "9", "Did you mean 'width'?")]
    [InlineData("zzz", "9", "It has: lr, width, seed")]
    [InlineData("width", "wide", "a whole number")]
    [InlineData("width", "1.5", "a whole number")]
    [InlineData("width", "0", "at least 1")]
    [InlineData("lr", "fast", "a number")]
    [InlineData("lr", "-1", "at least 0")]
    [InlineData("lr", "nan", "a number")]
    [InlineData("seed", "-3", "not negative")]
    [InlineData("batch", "many", "a whole number")]
    [InlineData("batch", "0", "at least 1")]
    [InlineData("device", "toaster", "cpu")]
    public void MistakesAreNamed(string name, string value, string expected)
    {
        var error = Assert.Throws<GenDslException>(() => LineTrainer.Descriptor.Create(new OptionBag([new(name, value)])));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void NumbersAreReadTheSameEverywhere()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var bag = new LineTrainer.Options { Lr = 1.5e-4 }.ToBag();
            Assert.Equal("0.00015", bag.Text("lr"));
            Assert.Equal(1.5e-4, LineTrainer.Options.From(bag).Lr);
            Assert.Contains("0.5", Assert.Throws<GenDslException>(() => new OptionBag([new("lr", "-0.5")]).Check(LineTrainer.Descriptor)).Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void WhatHasNoDefaultMustBeGiven()
    {
        var bag = new OptionBag([new("n", "3"), new("x", "0.5"), new("b", "True")]);
        Assert.Equal((3, 0.5, true), (bag.Int("n"), bag.Float("x"), bag.Bool("b")));
        Assert.Contains("'m' has no default", Assert.Throws<GenDslException>(() => bag.Int("m")).Message);
    }

    [Fact]
    public void OptionsComeBackFromText()
    {
        var options = new LineTrainer.Options { Lr = 0.3, Width = 4, Seed = 9, Batch = 17, ReportEvery = 3, CheckpointEvery = 8, KeepCheckpoints = 5 };
        var back = LineTrainer.Options.From(options.ToBag());
        Assert.Equal(options, back with { Device = null });
        Assert.Equal("cpu", back.Device!.ToString());
    }
}
