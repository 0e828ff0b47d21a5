using System;
using System.Linq;
using GenDsl.Runtime.Data;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class MuLawTests
{
    [Theory]
    [InlineData(256)]
    [InlineData(64)]
    public void Decoding_inverts_coding_for_every_class(int classes)
    {
        using var codes = arange(classes, ScalarType.Int64);
        using var audio = MuLaw.Decode(codes, classes);
        using var again = MuLaw.Encode(audio, classes);

        Assert.Equal(codes.data<long>().ToArray(), again.data<long>().ToArray());
        var values = audio.data<float>().ToArray();
        Assert.Equal(-1, values[0], 1e-6);
        Assert.Equal(1, values[^1], 1e-6);
        Assert.True(values.SequenceEqual(values.Order()));
    }

    [Fact]
    public void What_a_class_stands_for_is_near_what_was_coded()
    {
        // Classes are finest where it is quiet.
        Assert.InRange(WorstError(-1e-4, 1e-4), 1e-5, 8.94e-5);
        Assert.InRange(WorstError(-1, 1), 0.01, 0.0216);
    }

    private static double WorstError(double from, double to)
    {
        using var audio = linspace(from, to, 200_001);
        using var codes = MuLaw.Encode(audio, 256);
        using var again = MuLaw.Decode(codes, 256);
        using var error = (again - audio).abs().max();
        return error.item<float>();
    }

    [Fact]
    public void Coding_follows_the_formula_and_clips()
    {
        float[] samples = [-3f, -0.5f, -0.01f, 0.003f, 0.7f, 2f];
        using var audio = tensor(samples);
        using var codes = MuLaw.Encode(audio, 256);

        var expected = samples.Select(x => Math.Clamp(x, -1, 1))
            .Select(x => Math.Sign(x) * Math.Log(1 + 255 * Math.Abs((double)x)) / Math.Log(256))
            .Select(y => (long)Math.Round((y + 1) / 2 * 255));
        Assert.Equal(expected, codes.data<long>().ToArray());
    }
}
