using System;
using System.Runtime.InteropServices;

namespace GenDsl.Runtime;

/// <summary>Memory of floats that starts where the widest register does (64 bytes, which is a cache line too). <see cref="Free"/> gives it back.</summary>
internal static unsafe class FloatMemory
{
    private const int Alignment = 64;

    /// <summary>So many zeros.</summary>
    public static float* Allocate(long floats)
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(floats, 1) * sizeof(float), Alignment);
        Clear(memory, floats);
        return memory;
    }

    /// <summary>Makes the first floats zeros again.</summary>
    public static void Clear(float* memory, long floats) => NativeMemory.Clear(memory, (nuint)floats * sizeof(float));

    /// <summary>Frees memory, and forgets where it was.</summary>
    public static void Free(ref float* memory)
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
