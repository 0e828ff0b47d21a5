using System;
using System.Buffers.Binary;
using System.IO;

namespace GenDsl.Runtime.Media;

/// <summary>Where the samples of a WAV file lie, and how they are written.</summary>
/// <param name="Format">How they are written.</param>
/// <param name="Start">The byte of the first sample.</param>
/// <param name="Bytes">The bytes of all samples.</param>
internal sealed record WavHead(WavFormat Format, long Start, long Bytes)
{
    private const int MostOfAFormat = 40;

    /// <summary>The samples of a channel.</summary>
    public long Samples => Bytes / Format.Step;

    /// <summary>Finds the samples of a file.</summary>
    /// <param name="file">A stream that can be positioned, at its start.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="GenDslException">It is no WAV file, damaged, or packed.</exception>
    public static WavHead Read(Stream file, string name)
    {
        Span<byte> head = stackalloc byte[12];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head[..4].SequenceEqual("RIFF"u8) || !head[8..].SequenceEqual("WAVE"u8))
        {
            throw new GenDslException($"'{name}' is no WAV file: it does not start with RIFF and WAVE.");
        }

        WavFormat? format = null;
        Span<byte> text = stackalloc byte[MostOfAFormat];
        for (var at = (long)head.Length; at + 8 <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head[..8]);
            var length = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head[4..]), file.Length - at - 8);
            if (head[..4].SequenceEqual("fmt "u8) && length >= 16)
            {
                var chunk = text[..(int)Math.Min(length, MostOfAFormat)];
                file.ReadExactly(chunk);
                format = WavFormat.Read(chunk, name);
            }
            else if (head[..4].SequenceEqual("data"u8) && format is { } known)
            {
                return new WavHead(known, at + 8, length);
            }

            // Chunks start at even places.
            at += 8 + length + (length & 1);
        }

        throw new GenDslException($"'{name}' is a damaged WAV file: its format or its samples are missing.");
    }
}
