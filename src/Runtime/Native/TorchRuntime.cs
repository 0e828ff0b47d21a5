using System;
using System.Runtime.InteropServices;
using System.Threading;
using TorchSharp;

namespace GenDsl.Runtime;

/// <summary>Process-wide settings of the native tensor library.</summary>
public static class TorchRuntime
{
    private static int _initialized;

    /// <summary>The number of threads one tensor operation may use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below one.</exception>
    public static int Threads
    {
        get => torch.get_num_threads();
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Initialize();
            torch.set_num_threads(value);
        }
    }

    /// <summary>
    /// Prepares the process, once; call it before the first tensor is made. On Linux with glibc it tells the allocator to keep freed
    /// memory, which spares convolution nets the cost of fresh pages; set <c>GENDSL_MALLOC=default</c> in the environment to leave it alone.
    /// </summary>
    public static void Initialize()
    {
        if (Interlocked.Exchange(ref _initialized, 1) == 0)
        {
            TuneAllocator();
        }
    }

    private static unsafe void TuneAllocator()
    {
        const int trimThreshold = -1;
        const int topPad = -2;
        const int mmapMax = -4;

        if (!OperatingSystem.IsLinux()
            || Environment.GetEnvironmentVariable("GENDSL_MALLOC") == "default"
            || !NativeLibrary.TryLoad("libc.so.6", out var libc)
            || !NativeLibrary.TryGetExport(libc, "mallopt", out var address))
        {
            return;
        }

        var mallopt = (delegate* unmanaged[Cdecl]<int, int, int>)address;
        mallopt(mmapMax, 0);
        mallopt(trimThreshold, int.MaxValue);
        mallopt(topPad, 64 << 20);
    }
}
