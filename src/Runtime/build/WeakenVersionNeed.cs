// Compiled twice: by GenDsl.Native.targets as an inline MSBuild task (hence nothing newer than .NET Standard 2.0, and one
// file), and by the tests, which leave the task itself out.
#nullable enable
using System;
using System.IO;
using System.Text;

namespace GenDsl.Build;

/// <summary>Marks the need for one version of a shared library as weak, so that the loader accepts a library without it.</summary>
public static class VersionNeed
{
    private const int Weak = 2;
    private const int SectionHeaderSize = 64;

    /// <summary>
    /// Sets the weak flag of every need for <paramref name="version"/> in an x86-64 ELF image, and changes no other bit.
    /// </summary>
    /// <returns>True if a bit changed; false if there is no such need, it is weak already, or this is no well-formed image and is not to be used.</returns>
    public static bool Weaken(byte[] image, string version)
    {
        var elf = new ElfReader(image);
        if (!elf.IsLinuxX64)
        {
            return false;
        }

        bool changed = false;
        ulong table = elf.U64(40);
        ulong count = elf.U16(60);
        elf.Require(table, count * SectionHeaderSize);
        for (ulong i = 0; i < count && !elf.IsBroken; i++)
        {
            ulong section = table + i * SectionHeaderSize;
            if (elf.U32(section + 4) == 0x6ffffffe)
            {
                ulong names = elf.U64(table + elf.U32(section + 40) * SectionHeaderSize + 24);
                changed |= WeakenSection(elf, elf.U64(section + 24), names, version);
            }
        }

        return changed && !elf.IsBroken;
    }

    /// <summary>Weakens the need in a file that may be a hard link: the name gets a new file, the other names keep the old one.</summary>
    /// <returns>True if the file was replaced.</returns>
    public static bool WeakenFile(string path, string version)
    {
        byte[] image = File.ReadAllBytes(path);
        if (!Weaken(image, version))
        {
            return false;
        }

        // The old time stamp, for otherwise the next build would copy the original again.
        string patched = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            File.WriteAllBytes(patched, image);
            File.SetLastWriteTimeUtc(patched, File.GetLastWriteTimeUtc(path));
            File.Replace(patched, path, null);
        }
        finally
        {
            File.Delete(patched);
        }

        return true;
    }

    /// <summary>True if the first library found in <paramref name="folders"/> does not name the version; false where none is found.</summary>
    public static bool IsMissing(string library, string version, params string[] folders)
    {
        foreach (string folder in folders)
        {
            string path = Path.Combine(folder, library);
            if (folder.Length > 0 && File.Exists(path))
            {
                // Latin-1 keeps one character per byte.
                string text = Encoding.GetEncoding(28591).GetString(File.ReadAllBytes(path));
                return text.IndexOf('\0' + version + '\0', StringComparison.Ordinal) < 0;
            }
        }

        return false;
    }

    private static bool WeakenSection(ElfReader elf, ulong need, ulong names, string version)
    {
        bool changed = false;
        ulong nextNeed;
        do
        {
            ulong entry = need + elf.U32(need + 8);
            ulong nextEntry;
            do
            {
                ulong flags = entry + 4;
                if (elf.Is(names + elf.U32(entry + 8), version) && (elf.U16(flags) & Weak) == 0 && !elf.IsBroken)
                {
                    elf.SetBits(flags, Weak);
                    changed = true;
                }

                nextEntry = elf.U32(entry + 12);
                entry += nextEntry;
            }
            while (nextEntry != 0 && !elf.IsBroken);

            nextNeed = elf.U32(need + 12);
            need += nextNeed;
        }
        while (nextNeed != 0 && !elf.IsBroken);

        return changed;
    }

    /// <summary>Reads numbers from an image; outside of it everything is 0 and the image counts as broken.</summary>
    private sealed class ElfReader(byte[] image)
    {
        public bool IsBroken { get; private set; }

        public bool IsLinuxX64 => U32(0) == 0x464c457f && U16(4) == 0x0102 && U16(18) == 62 && U16(58) == SectionHeaderSize && !IsBroken;

        public ulong U16(ulong at) => Read(at, 2);

        public ulong U32(ulong at) => Read(at, 4);

        public ulong U64(ulong at) => Read(at, 8);

        public bool Is(ulong at, string text)
        {
            for (int i = 0; i <= text.Length; i++)
            {
                if (Read(at + (ulong)i, 1) != (i < text.Length ? text[i] : '\0') || IsBroken)
                {
                    return false;
                }
            }

            return true;
        }

        public void SetBits(ulong at, byte bits) => image[at] |= bits;

        public void Require(ulong at, ulong size) => IsBroken |= at >= (ulong)image.Length || size > (ulong)image.Length - at;

        private ulong Read(ulong at, uint size)
        {
            Require(at, size);
            if (IsBroken)
            {
                return 0;
            }

            ulong value = 0;
            for (uint i = size; i-- > 0;)
            {
                value = value << 8 | image[at + i];
            }

            return value;
        }
    }
}

#if !GENDSL_TESTS
/// <summary>Weakens a version need in those of the files that exist and have it, where this system's library lacks the version.</summary>
public sealed class WeakenVersionNeed : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public Microsoft.Build.Framework.ITaskItem[] Files { get; set; } = [];

    /// <summary>The version that is needed, such as GLIBCXX_3.4.32.</summary>
    [Microsoft.Build.Framework.Required]
    public string Version { get; set; } = "";

    /// <summary>The library that has it, such as libstdc++.so.6.</summary>
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; } = "";

    /// <summary>Weaken even where the system has the version: for output that will run on an older system.</summary>
    public bool Always { get; set; }

    public override bool Execute()
    {
        if (!Always && !VersionNeed.IsMissing(Library, Version, SearchPath()))
        {
            return true;
        }

        foreach (Microsoft.Build.Framework.ITaskItem file in Files)
        {
            string path = file.GetMetadata("FullPath");
            if (File.Exists(path) && VersionNeed.WeakenFile(path, Version))
            {
                Log.LogMessage(Microsoft.Build.Framework.MessageImportance.Normal, "{0}: the need for {1} is now weak", path, Version);
            }
        }

        return true;
    }

    private static string[] SearchPath()
    {
        string own = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "";
        return (own + ":/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib64:/usr/lib64:/lib:/usr/lib").Split(':');
    }
}
#endif
