using System;
using System.IO;
using System.Runtime.InteropServices;

namespace GenDsl.Generators.Tests.Native;

/// <summary>.NET has no call for this.</summary>
internal static class HardLink
{
    public static void Create(string existing, string name)
    {
        bool done = OperatingSystem.IsWindows() ? CreateHardLink(name, existing, 0) : Link(existing, name) == 0;
        if (!done)
        {
            throw new IOException($"Cannot link {name} to {existing}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateHardLink(string name, string existing, nint security);
}
