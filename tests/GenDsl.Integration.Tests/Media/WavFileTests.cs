using System;
using System.IO;
using System.Linq;
using System.Text;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Media;

public sealed class WavFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sounds_are_read_back_with_silence_between_and_clipped()
    {
        using var audio = tensor(new[] { 0f, 0.5f, -2f, 1f }).reshape(2, 2);
        WavFile.Save(_folder["sound.wav"], audio, TestSpaces.Real(-1, 1, 2));

        var sound = WavFile.Load(_folder["sound.wav"]);
        Assert.Equal(8000, sound.Rate);
        Assert.Equal(2 + 800 + 2, sound.Samples.Length);
        Assert.Equal([0, 16384], sound.Samples[..2]);
        Assert.All(sound.Samples[2..802], sample => Assert.Equal(0, sample));
        Assert.Equal([-32767, 32767], sound.Samples[802..]);
    }

    [Fact]
    public void The_header_is_the_standard_one()
    {
        using var audio = zeros(1, 3);
        WavFile.Save(_folder["sound.wav"], audio, TestSpaces.Real(-1, 1, 3), sampleRate: 16_000);

        // PCM, one channel, 16,000 samples and 32,000 bytes a second, 2 bytes a sample, 16 bits.
        var file = File.ReadAllBytes(_folder["sound.wav"]);
        Assert.Equal("RIFF", Encoding.ASCII.GetString(file, 0, 4));
        Assert.Equal([42, 16, 16_000, 32_000, 6], new[] { 4, 16, 24, 28, 40 }.Select(at => BitConverter.ToInt32(file, at)));
        Assert.Equal([1, 1, 2, 16], new[] { 20, 22, 32, 34 }.Select(at => (int)BitConverter.ToInt16(file, at)));
        Assert.Equal(50, file.Length);
    }

    [Fact]
    public void Mu_law_classes_are_decoded()
    {
        using var codes = tensor(new[] { 0L, 128L, 255L }).reshape(1, 3);
        WavFile.Save(_folder["sound.wav"], codes, TestSpaces.MuLaw(256, 3));

        var samples = WavFile.Load(_folder["sound.wav"]).Samples;
        Assert.Equal([-32767, 32767], [samples[0], samples[2]]);
        Assert.InRange(samples[1], 0, 8);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Contains("is no WAV file", Problem("not a sound at all"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("damaged", Problem("RIFF\0\0\0\0WAVE"u8.ToArray()), StringComparison.Ordinal);

        using var audio = zeros(1, 3);
        WavFile.Save(_folder["stereo.wav"], audio, TestSpaces.Real(-1, 1, 3));
        var stereo = File.ReadAllBytes(_folder["stereo.wav"]);
        stereo[22] = 2;
        Assert.Contains("2 channels", Problem(stereo), StringComparison.Ordinal);
    }

    private string Problem(byte[] content) =>
        Assert.Throws<GenDslException>(() => WavFile.Load(_folder.Write("other.wav", content))).Message;
}
