using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using SkiaSharp;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data.Own;

/// <summary>Folders of pictures as data.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PicturesOfTheSizeOfTheSpace_KeepTheirBytes()
    {
        var (grey, color) = (new Random(1), new Random(2));
        var levels = Enumerable.Range(0, 20).Select(_ => (byte)grey.Next(256)).ToArray();
        var colors = Enumerable.Range(0, 20).Select(_ => new SKColor((uint)color.NextInt64(1L << 32) | 0xFF000000)).ToArray();
        _folder.Write("grey/a.png", Pictures.Grey(5, 4, (x, y) => levels[5 * y + x]));
        _folder.Write("color/a.png", Pictures.Color(5, 4, (x, y) => colors[5 * y + x]));
        using (var source = Open("grey:all"))
        {
            Assert.Equal([1, 4, 5], source.Columns[0].Shape);
            Assert.Equal(levels, source.Columns[0].Values.data<byte>().ToArray());
        }

        using (var source = Open("color:all"))
        {
            byte[] expected = [.. colors.Select(c => c.Red), .. colors.Select(c => c.Green), .. colors.Select(c => c.Blue)];
            Assert.Equal(expected, source.Columns[0].Values.data<byte>().ToArray());

            // The view of rows in memory and the decoder agree.
            using var decoded = Open("color@grey:all");
            using var whole = new Source("s", [new Column("image", ElementKind.Levels, 256, 0, 255, source.Columns[0].Values.alias())]);
            using var seen = DataViews.All.Single(view => view.Name == "grey").Apply(whole, 0);
            Assert.Equal(seen.Columns[0].Values.data<byte>().ToArray(), decoded.Columns[0].Values.data<byte>().ToArray());
            Assert.Equal((byte)Math.Round(0.299 * colors[0].Red + 0.587 * colors[0].Green + 0.114 * colors[0].Blue), decoded.Columns[0].Values.data<byte>().ToArray()[0]);
        }
    }

    [Fact]
    public void OtherSizes_AreScaledUntilTheyCoverTheSpace_AndCutToTheirMiddle()
    {
        // Black, grey, white beside each other: the middle is grey, in any size; a tall one is cut above and below.
        _folder.Write("p/wide.png", Pictures.Grey(90, 30, (x, _) => (byte)(x < 30 ? 0 : x < 60 ? 128 : 255)));
        _folder.Write("p/tall.jpg", Pictures.Color(64, 192, (_, y) => y < 64 ? SKColors.Black : y < 128 ? new SKColor(128, 128, 128) : SKColors.White, SKEncodedImageFormat.Jpeg));
        _folder.Write("p/small.png", Pictures.Grey(6, 2, (x, _) => (byte)(x < 2 ? 0 : x < 4 ? 128 : 255)));
        using var source = Open("p@grey:all", TestSpaces.Levels(256, 1, 8, 8));
        Assert.Equal([1, 8, 8], source.Columns[0].Shape);
        using var inner = source.Columns[0].Values[.., .., 2..6, 2..6].to(ScalarType.Float32);
        Assert.All(inner.data<float>().ToArray(), level => Assert.InRange(level, 120, 136));
    }

    [Fact]
    public void WhatIsTransparent_StandsOnWhite()
    {
        _folder.Write("p/a.png", Pictures.Color(2, 1, (x, _) => x == 0 ? SKColors.Transparent : new SKColor(255, 0, 0, 255)));
        using var source = Open("p:all");
        Assert.Equal([255, 255, 255, 0, 255, 0], source.Columns[0].Values.data<byte>().ToArray());
    }

    [Fact]
    public void SubFolders_AreLabels_AndSplitsShareNoFile()
    {
        for (var i = 0; i < 30; i++)
        {
            var number = i;
            _folder.Write($"p/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", Pictures.Grey(2, 2, (_, _) => (byte)number));
        }

        List<byte> seen = [];
        foreach (var split in (string[])["train", "validation", "test"])
        {
            using var source = Open("p:" + split);
            var (image, label) = (source.Columns[0], source.Columns[1]);
            Assert.Equal(["cat", "dog"], label.Vocabulary);
            using var first = image.Values[.., 0, 0, 0].contiguous();
            Assert.Equal(first.data<byte>().ToArray().Select(number => number % 2), label.Values.data<int>().ToArray());
            seen.AddRange(first.data<byte>().ToArray());
            Assert.Equal(split == "train" ? 26 : 2, source.Rows);
        }

        Assert.Equal(Enumerable.Range(0, 30), seen.Select(number => (int)number).Order());
    }

    [Fact]
    public void FoldersOfSplits_AreThoseSplits()
    {
        _folder.Write("p/train/a/1.png", Pictures.Grey(1, 1, (_, _) => 1));
        _folder.Write("p/train/b/2.png", Pictures.Grey(1, 1, (_, _) => 2));
        _folder.Write("p/val/b/3.png", Pictures.Grey(1, 1, (_, _) => 3));
        using var train = Open("p");
        using var held = Open("p:validation");
        Assert.Equal([1, 2], train.Columns[0].Values.data<byte>().ToArray().Order().ToArray());
        Assert.Equal([3], held.Columns[0].Values.data<byte>().ToArray());
        Assert.Equal([1], held.Columns[1].Values.data<int>().ToArray());
        Assert.Contains("has no split 'test'", Problem("p:test"), StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedFileAmongMany_IsLeftOutWithOneMessage()
    {
        for (var i = 0; i < 9; i++)
        {
            _folder.Write($"p/{(i < 4 ? "a" : "b")}/{i}.png", Pictures.Noise(6, 6, i));
        }

        _folder.Write("p/a/cut.png", Pictures.CutOff(Pictures.Noise(40, 40, 1)));
        var before = LiveTensors.Count();
        using (var source = Open("p:all", TestSpaces.Levels(256, 1, 6, 6)))
        {
            var said = Assert.Single(_said);
            Assert.Contains("1 of 10 files is left out.", said, StringComparison.Ordinal);
            Assert.Contains("cut.png' is damaged", said, StringComparison.Ordinal);
            Assert.Contains("The other 9 are used.", said, StringComparison.Ordinal);
            Assert.Equal(9, source.Rows);
            Assert.Equal(4, source.Columns[1].Values.data<int>().ToArray().Count(label => label == 0));
        }

        Assert.Equal(before, torch.Tensor.TotalCount);

        // Where nobody is told it is an error, and where most are damaged too.
        Assert.Contains("cut.png' is damaged", Assert.Throws<GenDslException>(() => DataSets.Open(_folder["p"] + ":all", new DataOptions { Columns = [new("x", TestSpaces.Levels(256, 1, 6, 6))] })).Message, StringComparison.Ordinal);
        _folder.Write("q/one.png", Pictures.Noise(6, 6, 1));
        _folder.Write("q/two.png", "no picture"u8.ToArray());
        _folder.Write("q/three.png", []);
        var most = Problem("q:all");
        Assert.Contains("2 of 3 files cannot be read", most, StringComparison.Ordinal);
        Assert.Contains("two.png' is no picture", most, StringComparison.Ordinal);
        Assert.Contains("three.png' is empty", most, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFit_IsOneErrorWithAFix()
    {
        _folder.Write("color/a.png", Pictures.Color(4, 4, (_, _) => SKColors.Red));
        _folder.Write("grey/a.png", Pictures.Grey(4, 4, (_, _) => 5));
        _folder.Write("both/a.png", Pictures.Color(4, 4, (_, _) => SKColors.Red));
        _folder.Write("both/b.png", Pictures.Grey(4, 4, (_, _) => 5));
        _folder.Write("sizes/a.png", Pictures.Grey(4, 4, (_, _) => 5));
        _folder.Write("sizes/b.png", Pictures.Grey(4, 6, (_, _) => 5));
        _folder.Write("mixed/a.png", Pictures.Grey(4, 4, (_, _) => 5));
        _folder.Write("mixed/b.txt", "hello"u8.ToArray());
        _folder.Write("none/b.doc", "hello"u8.ToArray());
        Assert.Contains("in colour and the space is grey. Have them made grey, NAME@grey", Problem("color:all", TestSpaces.Levels(256, 1, 8, 8)), StringComparison.Ordinal);
        Assert.Contains("grey and the space is in colour. Have them given three channels, NAME@color", Problem("grey:all", TestSpaces.Levels(256, 3, 8, 8)), StringComparison.Ordinal);
        Assert.Contains($"'{_folder["both"]}@grey' or '{_folder["both"]}@color'", Problem("both:all"), StringComparison.Ordinal);
        Assert.Contains("DataOptions.Columns", Problem("sizes:all"), StringComparison.Ordinal);
        Assert.Contains("1 pictures and 1 texts", Problem("mixed"), StringComparison.Ordinal);
        Assert.Contains("it has 1 .doc", Problem("none"), StringComparison.Ordinal);
        using (Open("both@color:all"))
        {
        }

        using var pictures = Open("grey:all");
        Assert.Contains("are not classes", Assert.Throws<GenDslException>(() => pictures.Bind(new("y", TestSpaces.Class(3)))).Message, StringComparison.Ordinal);
    }

    private Source Open(string spec, SpaceInfo? space = null) => DataSets.Open(
        _folder.Path + "/" + spec, new DataOptions { Progress = _said.Add, Columns = space is null ? [] : [new("x", space)] });

    private string Problem(string spec, SpaceInfo? space = null) => Assert.Throws<GenDslException>(() => Open(spec, space)).Message;
}
