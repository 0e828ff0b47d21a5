using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using GenDsl.Runtime.Media;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data.Own;

/// <summary>Tables, sounds and texts of the user as data.</summary>
public sealed class TablesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATable_IsReadAsTheProgramDeclaresIt()
    {
        Write("t.csv", "height,weight,kind\n1.5,2,cat\n-3e2,4,dog\n5,6,\"cat\"\n");
        using (var source = Open("t.csv:all", new ColumnBinding("x", TestSpaces.Unbounded(2)), new ColumnBinding("kind", TestSpaces.Class(2))))
        {
            Assert.Equal([1.5f, 2, -300, 4, 5, 6], Floats(source, "x"));
            Assert.Equal(["cat", "dog"], Of(source, "kind").Vocabulary);
            Assert.Equal([0, 1, 0], Of(source, "kind").Values.data<int>().ToArray());
        }

        // Without a declaration numbers are numbers and texts classes.
        using (var source = Open("t.csv:all"))
        {
            Assert.Equal(["height", "weight", "kind"], source.Columns.Select(column => column.Name));
            Assert.Equal([2f, 4, 6], Floats(source, "weight"));
            Assert.Equal(ElementKind.Class, Of(source, "kind").Kind);
        }
    }

    [Fact]
    public void NumberedColumns_AreRows_AndWholeNumbersAreLevelsAndClasses()
    {
        Write("t.csv", "label;pixel0;pixel1;pixel2;pixel3;age\n2;0;255;7;8;40\n0;1;2;3;4;50\n");
        using var source = Open("t.csv:all", new ColumnBinding("pixel", TestSpaces.Levels(256, 1, 2, 2)), new ColumnBinding("label", TestSpaces.Class(3)));
        Assert.Equal([2, 1, 2, 2], Of(source, "pixel").Values.shape);
        Assert.Equal([0, 255, 7, 8, 1, 2, 3, 4], Of(source, "pixel").Values.data<byte>().ToArray());
        Assert.Equal([2, 0], Of(source, "label").Values.data<int>().ToArray());
        Assert.Equal([40f, 50], Floats(source, "age"));
        source.Bind(new("label", TestSpaces.Class(3))).Dispose();
    }

    [Fact]
    public void SplitsOfATable_ShareNoRow()
    {
        Write("t.csv", "x\n" + string.Join("\n", Enumerable.Range(0, 30)));
        List<float> seen = [];
        foreach (var split in (string[])["train", "validation", "test"])
        {
            using var source = Open("t.csv:" + split);
            seen.AddRange(Floats(source, "x"));
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(i => (float)i), seen.Order());
    }

    [Theory]
    [InlineData("x,y\n1,2\n3\n", "line 3 has 1 fields, and the first line names 2")]
    [InlineData("x,y\n1,2\n3,?\n", "row 2 below the names, column 'y': '?' is not a number")]
    [InlineData("1,2\n3,4\n", "its first line has to name the columns")]
    [InlineData("x,x\n3,4\n", "two columns named 'x'")]
    [InlineData("", "is empty")]
    [InlineData("x,y,z\n1,2,3\n", "wants 2 numbers, and there are 3 columns for it: x, y, z")]
    public void WhatIsWrongWithATable_IsSaidWithItsPlace(string text, string expected)
    {
        Write("t.csv", text);
        Assert.Contains(expected, Assert.Throws<GenDslException>(() => Open("t.csv:all", new ColumnBinding("row", TestSpaces.Unbounded(2)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sounds_AreWindows_AndADamagedOneIsLeftOut()
    {
        void Sound(string name, int samples, int rate) => WavFile.Save(_folder[name], linspace(-0.5, 0.5, samples), TestSpaces.Real(-1, 1, samples), rate);
        Sound("s/a/long.wav", 70, 8000);
        Sound("s/b/short.wav", 20, 8000);
        Sound("s/b/other.wav", 64, 8000);
        Write("s/b/bad.wav", "RIFF");
        using (var source = Open("s:all", new ColumnBinding("x", TestSpaces.Real(-1, 1, 32))))
        {
            Assert.Equal([5, 32], source.Columns[0].Values.shape);
            Assert.Equal(8000, source.Columns[0].SampleRate);
            Assert.Equal([0, 0, 1, 1, 1], source.Columns[1].Values.data<int>().ToArray().Order());
            Assert.Contains("bad.wav' is no WAV file", Assert.Single(_said), StringComparison.Ordinal);
            source.Bind(new("x", TestSpaces.Real(-1, 1, 32))).Dispose();
        }

        Sound("s/b/fast.wav", 64, 16000);
        Assert.Contains("have several rates", Assert.Throws<GenDslException>(() => Open("s:all")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_AreCodesOfTheirCharacters()
    {
        Write("t/a.txt", string.Concat(Enumerable.Repeat("abä😀", 50)));
        using (var source = Open("t", new ColumnBinding("x", new SpaceInfo("Text", ElementKind.Code, 4, [6], 0, 3))))
        {
            Assert.Equal(["a", "b", "ä", "😀"], source.Columns[0].Vocabulary);
            Assert.Equal([30, 6], source.Columns[0].Values.shape);
            Assert.Equal([0, 1, 2, 3, 0, 1], source.Columns[0].Values.data<int>().ToArray()[..6]);
        }

        _folder.Write("t/b.txt", [65, 66, 0xFF, 67]);
        Assert.Contains("b.txt' is no text in UTF-8: byte 2 is wrong", Assert.Throws<GenDslException>(() => Open("t")).Message, StringComparison.Ordinal);
    }

    private Source Open(string spec, params ColumnBinding[] columns) => DataSets.Open(_folder.Path + "/" + spec, new DataOptions { Progress = _said.Add, Columns = columns });

    private void Write(string name, string text) => _folder.Write(name, Encoding.UTF8.GetBytes(text));

    private static Column Of(Source source, string name) => source.Columns.Single(column => column.Name == name);

    private static float[] Floats(Source source, string name) => Of(source, name).Values.contiguous().data<float>().ToArray();
}
