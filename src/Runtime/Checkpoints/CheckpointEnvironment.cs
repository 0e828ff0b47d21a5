using System;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What an exact resume depends on beside the state.</summary>
internal sealed record CheckpointEnvironment(string GenDsl, string TorchSharp, string Platform, string Device, int Threads)
{
    public static CheckpointEnvironment Current(Device device) => new(
        Version(typeof(CheckpointEnvironment).Assembly),
        Version(typeof(Tensor).Assembly),
        $"{OperatingSystemName()}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
        device.ToString(),
        get_num_threads());

    /// <summary>One sentence for each difference; none if a resume is exact.</summary>
    public IReadOnlyList<string> Differences(CheckpointEnvironment now)
    {
        var found = new List<string>();
        Compare("GenDsl", GenDsl, now.GenDsl);
        Compare("TorchSharp", TorchSharp, now.TorchSharp);
        Compare("platform", Platform, now.Platform);
        Compare("device", Device, now.Device);
        Compare("number of threads", Threads.ToString(CultureInfo.InvariantCulture), now.Threads.ToString(CultureInfo.InvariantCulture));
        return found;

        void Compare(string what, string saved, string current)
        {
            if (saved != current)
            {
                found.Add($"The {what} was {saved} and is {current} now: the run goes on, but not bit for bit.");
            }
        }
    }

    private static string Version(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];

    private static string OperatingSystemName() =>
        OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "other";
}
