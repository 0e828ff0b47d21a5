using System;
using System.IO;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Media;

public sealed class SampleFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_space_chooses_the_kind_of_file()
    {
        using var images = zeros(2, 1, 4, 4);
        using var points = zeros(2, 2);
        using var audio = zeros(2, 16);

        Assert.Equal(_folder["a.png"], SampleFile.Save(_folder["a"], images, TestSpaces.Real(-1, 1, 1, 4, 4)));
        Assert.Equal(_folder["b.png"], SampleFile.Save(_folder["b"], points, TestSpaces.Unbounded(2)));
        Assert.Equal(_folder["c.wav"], SampleFile.Save(_folder["c"], audio, TestSpaces.Real(-1, 1, 16)));
        Assert.All(new[] { "a.png", "b.png", "c.wav" }, name => Assert.True(File.Exists(_folder[name])));
    }

    [Fact]
    public void Codes_with_a_vocabulary_are_lines_of_text_and_others_numbers()
    {
        using var codes = tensor(new[] { 1L, 0L, 2L, 2L }).reshape(2, 2);
        var space = new SpaceInfo("Text", ElementKind.Code, 3, [2], 0, 2);

        Assert.Equal("ba\ncc\n", Text(codes, space, "a", "b", "c"));
        Assert.Equal("dog the\ncat cat\n", Text(codes, space, "the", "dog", "cat"));
        Assert.Equal("1 0\n2 2\n", Text(codes, space));
        using var numbers = tensor(new[] { 0.5f, -1.25f, 3f }).reshape(1, 3);
        Assert.Equal("0.5 -1.25 3\n", Text(numbers, TestSpaces.Unbounded(3)));
    }

    private string Text(Tensor samples, SpaceInfo space, params string[] vocabulary) =>
        File.ReadAllText(SampleFile.Save(_folder["text"], samples, space, vocabulary));
}
