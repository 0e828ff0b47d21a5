using System.Runtime.InteropServices;

namespace GenDsl.Benchmarks.Twins;

/// <summary>glibc gives freed blocks of a convolution back to the system, and the next step pays for fresh pages. An expert stops that.</summary>
internal static partial class Allocator
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    /// <summary>To be called before the first tensor is made.</summary>
    public static void KeepFreedMemory()
    {
        if (System.OperatingSystem.IsLinux())
        {
            mallopt(MmapMax, 0);
            mallopt(TrimThreshold, int.MaxValue);
            mallopt(TopPad, 64 << 20);
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
