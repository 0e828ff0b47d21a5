using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Text;
using GenDsl.Build;
using Xunit;

namespace GenDsl.Generators.Tests.Native;

public sealed class WeakenVersionNeedTests : IDisposable
{
    private const string Version = "GLIBCXX_3.4.32";

    private static readonly byte[] s_original = TorchSharpsLibrary();

    private readonly string _folder = Directory.CreateTempSubdirectory("gendsl-native-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TorchSharpsLibrary_ChangesInOneBitOnly()
    {
        byte[] after = (byte[])s_original.Clone();

        Assert.True(VersionNeed.Weaken(after, Version));

        int[] changed = Enumerable.Range(0, after.Length).Where(i => s_original[i] != after[i]).ToArray();
        int at = Assert.Single(changed);
        Assert.Equal(0, s_original[at]);
        Assert.Equal(2, after[at]);
    }

    [Fact]
    public void ChangedBit_IsTheFlagOfTheNeedWithThatName()
    {
        byte[] image = (byte[])s_original.Clone();
        VersionNeed.Weaken(image, Version);
        int at = Enumerable.Range(0, image.Length).Single(i => s_original[i] != image[i]);

        // The entry begins with the ELF hash of the name, just before the flags.
        Assert.Equal(ElfHash(Version), BitConverter.ToUInt32(image, at - 4));
    }

    [Fact]
    public void SecondRun_ChangesNothing()
    {
        byte[] image = (byte[])s_original.Clone();
        VersionNeed.Weaken(image, Version);
        byte[] once = (byte[])image.Clone();

        Assert.False(VersionNeed.Weaken(image, Version));
        Assert.Equal(once, image);
    }

    [Theory]
    [InlineData("GLIBCXX_9.9.9")]
    [InlineData("GLIBCXX_3.4.320")]
    [InlineData("")]
    public void VersionThatIsNotNeeded_ChangesNothing(string version)
    {
        byte[] image = (byte[])s_original.Clone();
        Assert.False(VersionNeed.Weaken(image, version));
        Assert.Equal(s_original, image);
    }

    [Fact]
    public void TruncatedLibrary_IsLeftAlone()
    {
        byte[] whole = s_original;
        foreach (int length in new[] { 0, 1, 4, 16, 59, 63, 64, 100, 4096, whole.Length / 2, whole.Length - 1 })
        {
            byte[] image = whole[..length];
            Assert.False(VersionNeed.Weaken(image, Version), $"cut to {length} bytes");
            Assert.Equal(whole[..length], image);
        }
    }

    [Fact]
    public void Garbage_IsLeftAlone()
    {
        var random = new Random(1);
        byte[] header = s_original[..64];
        for (int i = 0; i < 200; i++)
        {
            byte[] image = new byte[random.Next(64, 4096)];
            random.NextBytes(image);
            if (i % 2 == 0)
            {
                // A true header whose tables point into noise.
                header.CopyTo(image, 0);
                BitConverter.GetBytes((long)random.Next(0, image.Length)).CopyTo(image, 40);
            }

            byte[] before = (byte[])image.Clone();
            Assert.False(VersionNeed.Weaken(image, Version));
            Assert.Equal(before, image);
        }
    }

    [Fact]
    public void HardLink_IsBroken_AndTheTimeStampStays()
    {
        string package = Path.Combine(_folder, "package.so");
        string output = Path.Combine(_folder, "output.so");
        File.WriteAllBytes(package, s_original);
        var time = new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(package, time);
        HardLink.Create(package, output);

        Assert.True(VersionNeed.WeakenFile(output, Version));

        Assert.Equal(s_original, File.ReadAllBytes(package));
        Assert.NotEqual(s_original, File.ReadAllBytes(output));
        Assert.Equal(time, File.GetLastWriteTimeUtc(output));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.False(VersionNeed.WeakenFile(output, Version));
    }

    [Fact]
    public void TextFile_IsLeftAlone()
    {
        string path = Path.Combine(_folder, "text.so");
        File.WriteAllText(path, "not a library");
        Assert.False(VersionNeed.WeakenFile(path, Version));
        Assert.Equal("not a library", File.ReadAllText(path));
    }

    [Fact]
    public void Version_IsMissing_OnlyWhereTheFirstLibraryFoundLacksIt()
    {
        string old = Path.Combine(_folder, "old");
        string recent = Path.Combine(_folder, "recent");
        Directory.CreateDirectory(old);
        Directory.CreateDirectory(recent);
        File.WriteAllBytes(Path.Combine(old, "lib.so"), Encoding.ASCII.GetBytes("\0GLIBCXX_3.4.3\0GLIBCXX_3.4.321\0"));
        File.WriteAllBytes(Path.Combine(recent, "lib.so"), Encoding.ASCII.GetBytes("\0GLIBCXX_3.4.32\0"));

        Assert.True(VersionNeed.IsMissing("lib.so", Version, "", old, recent));
        Assert.False(VersionNeed.IsMissing("lib.so", Version, recent, old));
        Assert.False(VersionNeed.IsMissing("lib.so", Version, _folder));
    }

    /// <summary>From the archive and not from the folder beside it, which a tool that writes through hard links may have changed.</summary>
    private static byte[] TorchSharpsLibrary()
    {
        string package = typeof(WeakenVersionNeedTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "TorchSharpPackage").Value!;
        using ZipArchive archive = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(package, "*.nupkg")));
        using Stream entry = archive.GetEntry("runtimes/linux-x64/native/libLibTorchSharp.so")!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
