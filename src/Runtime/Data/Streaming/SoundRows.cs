using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using GenDsl.Runtime.Media;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Streaming;

/// <summary>Windows of sounds that are read when they are asked for; what a sound lacks of its last one is silence.</summary>
internal sealed class SoundRows(IReadOnlyList<SoundWindow> windows, int length, int? wanted) : FileRows([length], wanted, ScalarType.Int16)
{
    public override long Count => windows.Count;

    public override void Read(long row, Span<byte> target)
    {
        var samples = MemoryMarshal.Cast<byte, short>(target);
        try
        {
            var read = WavFile.Load(windows[(int)row].Path, windows[(int)row].First, length).Samples;
            read.CopyTo(samples);
            samples[read.Length..].Clear();
        }
        catch (GenDslException error)
        {
            throw new GenDslException(
                $"{error.Message} Repair or remove it, or leave '@stream' out: sounds are then read before the training starts, and damaged ones left out.", error);
        }
    }

    public override FileRows Take(IReadOnlyList<long> rows) => new SoundRows([.. rows.Select(row => windows[(int)row])], length, Threads);
}

/// <summary>A part of a sound.</summary>
/// <param name="Path">Its file.</param>
/// <param name="First">The number of its first sample.</param>
internal readonly record struct SoundWindow(string Path, long First);
