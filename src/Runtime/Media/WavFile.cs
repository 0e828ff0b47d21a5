using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using GenDsl.Runtime.Data;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Media;

/// <summary>Reads sound from WAV files of any channels and widths, and writes it with 16 bits and one channel.</summary>
public static class WavFile
{
    private const int HeaderBytes = 44;

    /// <summary>Writes sounds to a WAV file, one after another with a tenth of a second of silence between, replacing it as a whole.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="audio">Shape <c>[n, samples]</c> or <c>[samples]</c>: reals in [-1, 1] (clipped), or mu-law classes.</param>
    /// <param name="space">The space of the sounds.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <exception cref="GenDslException">The space is not audio, or the file cannot be written.</exception>
    public static void Save(string path, Tensor audio, SpaceInfo space, int sampleRate = 8000)
    {
        if (!IsAudio(space))
        {
            throw new GenDslException($"{space} is no audio: it is a row of reals in [-1, 1] or of mu-law classes.");
        }

        using var frozen = no_grad();
        using var real = space.Element == ElementKind.MuLaw ? MuLaw.Decode(audio, space.Count) : audio.alias();
        var length = (int)audio.size(-1);
        var sound = HostNumbers.Singles(real);
        var silence = new short[sampleRate / 10];
        var samples = sound.Chunk(length)
            .SelectMany((row, i) => (i == 0 ? [] : silence).Concat(row.Select(value => (short)Math.Round(Math.Clamp(value, -1f, 1f) * short.MaxValue))))
            .ToArray();
        AtomicFile.Write(path, Format(samples, sampleRate));
    }

    /// <summary>Reads a WAV file; of several channels, their mean.</summary>
    /// <exception cref="GenDslException">The file is missing, damaged, or packed.</exception>
    public static WavSound Load(string path) => Load(path, 0, long.MaxValue);

    /// <summary>Reads a part of a WAV file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">The number of the first sample.</param>
    /// <param name="count">How many samples are read, as far as there are so many.</param>
    internal static WavSound Load(string path, long first, long count) => Open(path, file => Samples(file, WavHead.Read(file, path), path, first, count));

    /// <summary>Finds the samples of a WAV file.</summary>
    /// <exception cref="GenDslException">The file is missing, damaged, or packed.</exception>
    internal static WavHead Head(string path) => Open(path, file => WavHead.Read(file, path));

    /// <summary>Whether samples of a space are sounds.</summary>
    internal static bool IsAudio(SpaceInfo space) =>
        space.Shape is [_] or [1, _] && (space.Element == ElementKind.MuLaw || space is { Element: ElementKind.Real, Low: -1, High: 1 });

    internal static WavSound Parse(byte[] file, string name)
    {
        using var stream = new MemoryStream(file);
        return Samples(stream, WavHead.Read(stream, name), name, 0, long.MaxValue);
    }

    private static WavSound Samples(Stream file, WavHead head, string name, long first, long count)
    {
        var step = head.Format.Step;
        var samples = Math.Clamp(head.Samples - first, 0, count);
        var bytes = new byte[checked((int)(samples * step))];
        file.Position = head.Start + (first * step);
        file.ReadExactly(bytes);
        return new WavSound(head.Format.Samples(bytes, name), head.Format.Rate);
    }

    private static T Open<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            return read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static byte[] Format(short[] samples, int rate)
    {
        var file = new byte[HeaderBytes + 2 * samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 2 * rate);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderBytes + 2 * i), samples[i]);
        }

        return file;
    }
}
