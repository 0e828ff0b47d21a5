using System;
using System.Buffers.Binary;

namespace GenDsl.Runtime.Media;

/// <summary>How the samples of a WAV file are written.</summary>
/// <param name="IsFloat">IEEE floating point, not integers.</param>
/// <param name="Channels">Channels, whose samples take turns.</param>
/// <param name="Rate">Samples of a channel per second.</param>
/// <param name="Bits">Bits of a sample: 8 (from 0 to 255), 16, 24 or 32; of floats 32 or 64.</param>
internal readonly record struct WavFormat(bool IsFloat, int Channels, int Rate, int Bits)
{
    /// <summary>The bytes of one sample of all channels.</summary>
    public int Step => Bits / 8 * Channels;

    private const int Pcm = 1, Float = 3, Extensible = 0xFFFE;
    private const int PlaceOfKind = 24;

    /// <summary>Reads the chunk of the format.</summary>
    /// <exception cref="GenDslException">The samples are packed, or of a width that is not known.</exception>
    public static WavFormat Read(ReadOnlySpan<byte> chunk, string name)
    {
        int kind = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (kind == Extensible && chunk.Length >= PlaceOfKind + 2)
        {
            kind = BinaryPrimitives.ReadUInt16LittleEndian(chunk[PlaceOfKind..]);
        }

        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]), rate = BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        return channels > 0 && rate > 0 && (kind, bits) is (Pcm, 8 or 16 or 24 or 32) or (Float, 32 or 64)
            ? new WavFormat(kind == Float, channels, rate, bits)
            : throw new GenDslException($"'{name}' has format {kind}, {channels} channels, {bits} bits at {rate} Hz; only PCM (format 1) of 8, 16, 24 or 32 bits and floats (format 3) are read. Convert it, for example with ffmpeg -i IN OUT.wav.");
    }

    /// <summary>The mean of the channels as 16-bit samples, 32,768 to one.</summary>
    /// <exception cref="GenDslException">A sample is no number.</exception>
    public short[] Samples(ReadOnlySpan<byte> data, string name)
    {
        var width = Bits / 8;
        var samples = new short[data.Length / (width * Channels)];
        for (var i = 0; i < samples.Length; i++)
        {
            double sum = 0;
            for (var channel = 0; channel < Channels; channel++)
            {
                sum += Value(data[(((i * Channels) + channel) * width)..]);
            }

            samples[i] = double.IsFinite(sum)
                ? (short)Math.Clamp(Math.Round(sum / Channels * -(double)short.MinValue), short.MinValue, short.MaxValue)
                : throw new GenDslException($"'{name}' holds a sample that is no number, at {(double)i / Rate:0.###} s.");
        }

        return samples;
    }

    private double Value(ReadOnlySpan<byte> sample) => (IsFloat, Bits) switch
    {
        (true, 32) => BinaryPrimitives.ReadSingleLittleEndian(sample),
        (true, _) => BinaryPrimitives.ReadDoubleLittleEndian(sample),
        (_, 8) => (sample[0] - 128) / 128.0,
        (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(sample) / 32768.0,
        (_, 24) => ((sample[0] << 8) | (sample[1] << 16) | (sample[2] << 24)) / 2147483648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(sample) / 2147483648.0,
    };
}
