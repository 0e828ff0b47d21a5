using System;
using System.Linq;
using GenDsl.Integration.Tests.Data;
using GenDsl.Integration.Tests.Data.Own;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Training on files of one's own.</summary>
public sealed class OwnDataTests
{
    [Theory]
    [InlineData("")]
    [InlineData("@stream")]
    public void AFolderOfPictures_OneOfThemDamaged_TrainsWithOneMessage(string view)
    {
        using var folder = new ScratchFolder();
        for (var i = 0; i < 80; i++)
        {
            folder.Write($"p/{i}.png", Pictures.Noise(20 + i % 5, 30 + i % 3, i));
        }

        folder.Write("p/broken.png", "oh no"u8.ToArray());
        var run = folder["run"];
        var outcome = Gendsl.Run(["train", "vae", "--data", folder["p"] + "@static" + view + ":all", "--set", "hidden=8", "--set", "dim=2", "--batch", "20", "--steps", "3", "--seed", "1", "--out", run]);
        Assert.Equal(0, outcome.Code);
        var said = (outcome.Out + outcome.Error).Split('\n').Where(line => line.Contains("broken.png", StringComparison.Ordinal));
        Assert.Contains("1 of 81 files is left out", Assert.Single(said), StringComparison.Ordinal);

        // From where the path is another one.
        var resumed = Gendsl.Run(["train", "--resume", "--out", run, "--steps", "5"]);
        Assert.True(resumed.Code == 0, resumed.Error);
    }

    [Fact]
    public void WhatLiesNowhere_IsSaid()
    {
        var outcome = Gendsl.Run(["train", "vae", "--data", "no/such/folder", "--steps", "1"]);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("There is nothing at 'no/such/folder': neither a run nor a folder of pictures", outcome.Error, StringComparison.Ordinal);
    }
}
