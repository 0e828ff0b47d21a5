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
        stereo[20] = 2;
        Assert.Contains("has format 2, 1 channels, 16 bits at 8000 Hz; only PCM", Problem(stereo), StringComparison.Ordinal);
        Assert.Contains("holds a sample that is no number, at 0.5 s", Problem(Sound(3, 1, 2, 32, BitConverter.GetBytes(0.5f), BitConverter.GetBytes(float.NaN))), StringComparison.Ordinal);
    }

    // 0.5 and -0.25 in every width, alone and as the mean of two channels.
    [Theory]
    [InlineData(1, 8)]
    [InlineData(1, 16)]
    [InlineData(1, 24)]
    [InlineData(1, 32)]
    [InlineData(3, 32)]
    [InlineData(3, 64)]
    public void Every_width_is_read(int kind, int bits)
    {
        byte[] Of(double value) => (kind, bits) switch
        {
            (3, 32) => BitConverter.GetBytes((float)value),
            (3, _) => BitConverter.GetBytes(value),
            (_, 8) => [(byte)(128 + (value * 128))],
            _ => BitConverter.GetBytes((int)(value * 2147483648.0))[(4 - (bits / 8))..],
        };

        short[] Read(byte[] file) => WavFile.Load(_folder.Write("sound.wav", file)).Samples;
        Assert.Equal([16384, -8192], Read(Sound(kind, 1, 8000, bits, Of(0.5), Of(-0.25))));
        Assert.Equal([16384, -8192], Read(Sound(kind, 2, 8000, bits, Of(0.75), Of(0.25), Of(0), Of(-0.5))));
        Assert.Equal([16384], Read(Sound(0xFFFE, 1, 8000, bits, [Of(0.5)], kind)));
        // What is above the greatest sample of 16 bits is that one.
        byte[] greatest = kind == 3 ? Of(1) : bits == 8 ? [255] : [.. Enumerable.Repeat((byte)255, (bits / 8) - 1), 127];
        Assert.Equal([-32768, bits == 8 ? 32512 : 32767], Read(Sound(kind, 1, 8000, bits, Of(-1), greatest)).Select(sample => (int)sample));
    }

    private static byte[] Sound(int kind, int channels, int rate, int bits, params byte[][] samples) => Sound(kind, channels, rate, bits, samples, 0);

    private static byte[] Sound(int kind, int channels, int rate, int bits, byte[][] samples, int kindInside)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        bool isLong = kindInside > 0;
        byte[] data = [.. samples.SelectMany(sample => sample)];
        writer.Write("RIFF"u8);
        writer.Write(0);
        writer.Write("WAVEfmt "u8);
        writer.Write(isLong ? 40 : 16);
        writer.Write((ushort)kind);
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        if (isLong)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)bits);
            writer.Write(0);
            writer.Write((ushort)kindInside);
            writer.Write(new byte[14]);
        }

        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return stream.ToArray();
    }

    private string Problem(byte[] content) =>
        Assert.Throws<GenDslException>(() => WavFile.Load(_folder.Write("other.wav", content))).Message;
}
