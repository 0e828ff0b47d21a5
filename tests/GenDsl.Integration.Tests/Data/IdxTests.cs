using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data.Reading;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Images_are_read_packed_and_plain(bool packed)
    {
        var content = File3(2, 3, 4);
        var path = packed ? _folder.WritePacked("images.gz", content) : _folder.Write("images", content);

        using var images = Idx.Read(path, 3);

        Assert.Equal([2L, 3L, 4L], images.shape);
        Assert.Equal(ScalarType.Byte, images.dtype);
        Assert.Equal(content[16..], images.bytes.ToArray());
    }

    [Fact]
    public void Another_magic_number_is_named()
    {
        var path = _folder.WritePacked("labels.gz", Content(2049, [3], 3));

        Refused(path, 3, "magic number is 2049, expected 2051");
    }

    [Fact]
    public void Too_few_and_too_many_bytes_are_named()
    {
        Refused(_folder.WritePacked("short.gz", File3(2, 3, 4)[..^5]), 3, "announces 24 bytes, found only 19");
        Refused(_folder.WritePacked("long.gz", [.. File3(2, 3, 4), 1]), 3, "announces 24 bytes, found more");
        Refused(_folder.WritePacked("header.gz", File3(2, 3, 4)[..9]), 3, "ends after 9 bytes");
    }

    [Fact]
    public void Impossible_sizes_are_named()
    {
        Refused(_folder.WritePacked("zero.gz", Content(2051, [0, 28, 28], 0)), 3, "size 0 of its idx header is 0");
        Refused(_folder.WritePacked("huge.gz", Content(2051, [int.MaxValue, 2, 2], 4)), 3, "at most 2 GiB");
    }

    [Fact]
    public void A_truncated_or_corrupt_archive_names_the_file()
    {
        var whole = File.ReadAllBytes(_folder.WritePacked("whole.gz", File3(50, 28, 28)));
        Refused(_folder.Write("cut.gz", whole[..(whole.Length / 2)]), 3, "cut.gz");
        byte[] corrupt = [.. whole];
        for (var i = 20; i < 60; i++)
        {
            corrupt[i] ^= 0xA5;
        }

        Refused(_folder.Write("corrupt.gz", corrupt), 3, "corrupt.gz");
        Refused(_folder.Write("text.gz", "not packed"u8.ToArray()), 3, "is not a gzip file");
    }

    [Fact]
    public void A_missing_file_is_one_clear_error() => Refused(_folder["nowhere.gz"], 3, "nowhere.gz");

    private static void Refused(string path, int axes, string expected) =>
        Assert.Contains(expected, Assert.Throws<GenDslException>(() => Idx.Read(path, axes)).Message, StringComparison.Ordinal);

    private static byte[] File3(int count, int height, int width) => Content(2051, [count, height, width], count * height * width);

    private static byte[] Content(int magic, int[] sizes, int bytes)
    {
        var content = new byte[4 + 4 * sizes.Length + bytes];
        foreach (var (value, i) in sizes.Prepend(magic).Select((value, i) => (value, i)))
        {
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * i), value);
        }

        for (var i = 0; i < bytes; i++)
        {
            content[4 + 4 * sizes.Length + i] = (byte)(i * 7 + i / 256);
        }

        return content;
    }
}
