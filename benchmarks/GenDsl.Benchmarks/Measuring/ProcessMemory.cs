using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

internal static class ProcessMemory
{
    /// <summary>The largest resident set so far (VmHWM on Linux), in units of 2^20 bytes.</summary>
    public static double PeakMegabytes()
    {
        const string status = "/proc/self/status";
        if (!File.Exists(status))
        {
            return Process.GetCurrentProcess().PeakWorkingSet64 / 1024.0 / 1024.0;
        }

        var line = File.ReadLines(status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kilobytes = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024.0;
    }
}
