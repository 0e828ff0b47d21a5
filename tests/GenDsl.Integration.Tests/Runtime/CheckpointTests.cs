using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Source _plane = Plane.Source(200);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheTensorFileFollowsTheFormat()
    {
        var build = new Build(1);
        build.Parameter("a", StateRole.Kernel, Initializer.Normal(0, 1), 3, 5);
        build.Buffer("n", StateRole.Counter, Initializer.Constant(7));
        build.Buffer("empty", StateRole.Queue, Initializer.Zeros, 0, 4);
        using var bytes = new MemoryStream();
        Safetensors.Write(bytes, build.State, new Dictionary<string, string> { ["format"] = "pt" });
        var file = bytes.ToArray();

        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal((byte)'{', file[8]);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        var root = header.RootElement;
        Assert.Equal("pt", root.GetProperty("__metadata__").GetProperty("format").GetString());
        Assert.Equal("""{"dtype":"I64","shape":[],"data_offsets":[0,8]}""", root.GetProperty("n").GetRawText());
        Assert.Equal("""{"dtype":"F32","shape":[3,5],"data_offsets":[8,68]}""", root.GetProperty("a").GetRawText());
        Assert.Equal("""{"dtype":"F32","shape":[0,4],"data_offsets":[68,68]}""", root.GetProperty("empty").GetRawText());
        Assert.Equal(8 + length + 68, file.Length);
        Assert.Equal(7, BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(8 + length)));
        using var element = build.State["a"].Tensor[1, 2];
        Assert.Equal(element.ToSingle(), BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(8 + length + 8 + (4 * 7))));
    }

    [Fact]
    public void AllTypesAndLayoutsComeBack()
    {
        var path = Path.Combine(_folder.Path, "x.safetensors");
        var types = new[]
        {
            ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
            ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
        };
        var saved = types.Select(type => new StateTensor(type.ToString(), Draws.Root(1, CPU).Integers(0, 100, 4, 3).to(type), StateRole.Constant)).ToList();
        saved.Add(new StateTensor("transposed", Draws.Root(2, CPU).Normal(4, 3).t(), StateRole.Constant));
        using (var stream = File.Create(path))
        {
            Safetensors.Write(stream, saved, new Dictionary<string, string>());
        }

        var loaded = saved.Select(item => item with { Tensor = zeros_like(item.Tensor) }).ToList();
        Safetensors.Read(path, loaded);
        TensorAssert.Same(saved, loaded);
    }

    [Fact]
    public void ATruncatedFileIsRefused()
    {
        var path = Saved();
        var model = Path.Combine(path, "model.safetensors");
        var bytes = File.ReadAllBytes(model);
        foreach (var length in new[] { 0, 5, 8, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(model, bytes[..length]);
            var message = Refused(path);
            Assert.Contains("model.safetensors", message);
            Assert.Contains("damaged", message);

            // Also without the checksum's help.
            using var state = new LineTrainer();
            Assert.Contains("model.safetensors", Assert.Throws<GenDslException>(() => Safetensors.Read(model, state.State)).Message);
        }
    }

    [Fact]
    public void AFlippedBitIsNoticedAnywhere()
    {
        var path = Saved();
        foreach (var name in new[] { "model.safetensors", "checkpoint.json", "sha256sums" })
        {
            var file = Path.Combine(path, name);
            var bytes = File.ReadAllBytes(file);
            for (var place = 0; place < bytes.Length; place += Math.Max(1, bytes.Length / 7))
            {
                var damaged = (byte[])bytes.Clone();
                damaged[place] ^= 1;
                File.WriteAllBytes(file, damaged);
                Refused(path);
            }

            File.WriteAllBytes(file, bytes);
        }

        LineTrainer.Load(path).Dispose();
    }

    [Fact]
    public void MissingFilesAreNamed()
    {
        foreach (var name in new[] { "model.safetensors", "checkpoint.json", "sha256sums" })
        {
            var path = Saved();
            File.Delete(Path.Combine(path, name));
            Assert.Contains(name, Refused(path));
        }

        Assert.Contains("no folder", Assert.Throws<GenDslException>(() => LineTrainer.Load(Path.Combine(_folder.Path, "nowhere"))).Message);
        using var empty = new TemporaryFolder();
        Assert.Contains("holds no checkpoint", Assert.Throws<GenDslException>(() => LineTrainer.Load(empty.Path)).Message);
        File.WriteAllText(Path.Combine(empty.Path, "latest"), "step-000000009\n");
        Assert.Contains("step-000000009", Assert.Throws<GenDslException>(() => LineTrainer.Load(empty.Path)).Message);
    }

    [Fact]
    public void CheckpointsOfOtherProgramsAreRefused()
    {
        var path = Saved();
        Rewrite(path, "checkpoint.json", text => text.Replace("5cheMa", "0ther", StringComparison.Ordinal));
        var message = Refused(path);
        Assert.Contains("5cheMa", message);
        Assert.Contains("0ther", message);

        path = Saved();
        Rewrite(path, "checkpoint.json", text => text.Replace("\"LineTrainer\"", "\"Dcgan\"", StringComparison.Ordinal));
        Assert.Contains("written by Dcgan", Refused(path));

        path = Saved();
        Rewrite(path, "checkpoint.json", text => text[..(text.Length / 2)]);
        Assert.Contains("checkpoint.json", Refused(path));

        path = Saved();
        Rewrite(path, "checkpoint.json", text => text.Replace("\"format\": 1", "\"format\": 99", StringComparison.Ordinal));
        Assert.Contains("format 99", Refused(path));
    }

    [Fact]
    public void ATensorThatDoesNotFitChangesNothing()
    {
        var path = Path.Combine(_folder.Path, "x.safetensors");
        var wide = new Build(1);
        wide.Parameter("a", StateRole.Kernel, Initializer.Ones, 2);
        wide.Parameter("b", StateRole.Kernel, Initializer.Ones, 3);
        using (var stream = File.Create(path))
        {
            Safetensors.Write(stream, wide.State, new Dictionary<string, string>());
        }

        foreach (var (name, shape, expected) in new[] { ("b", 4L, "[4]"), ("c", 3L, "no tensor 'c'") })
        {
            var build = new Build(2);
            var a = build.Parameter("a", StateRole.Kernel, Initializer.Zeros, 2);
            build.Parameter(name, StateRole.Kernel, Initializer.Zeros, shape);
            var message = Assert.Throws<GenDslException>(() => Safetensors.Read(path, build.State)).Message;
            Assert.Contains(path, message);
            Assert.Contains(expected, message);
            Assert.Equal(0, a.sum().ToDouble());
        }

        var narrow = new Build(2);
        narrow.Parameter("a", StateRole.Kernel, Initializer.Zeros, 2);
        Assert.Contains("'b', which is not expected", Assert.Throws<GenDslException>(() => Safetensors.Read(path, narrow.State)).Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "starts at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "describes 4 bytes")]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "C64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[4,0]}}""", 0, "bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "has 1 offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "has 3 offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "twice")]
    [InlineData("[1]", 0, "header")]
    [InlineData("{\"a\":", 0, "header")]
    public void AMalformedHeaderIsRefused(string header, int dataLength, string expected)
    {
        var path = Path.Combine(_folder.Path, "x.safetensors");
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        File.WriteAllBytes(path, bytes);
        var build = new Build(1);
        build.Parameter("a", StateRole.Kernel, Initializer.Zeros, 1);
        Assert.Contains(expected, Assert.Throws<GenDslException>(() => Safetensors.Read(path, build.State)).Message);
    }

    [Fact]
    public void AnInterruptedSaveLeavesTheOldCheckpoint()
    {
        var path = Saved();

        // What a process leaves that is killed while writing, and one killed between the rename and the pointer.
        var half = Path.Combine(_folder.Path, ".unfinished-1");
        Directory.CreateDirectory(half);
        File.WriteAllText(Path.Combine(half, "model.safetensors"), "half");
        var later = Path.Combine(_folder.Path, "step-000000099");
        Directory.CreateDirectory(later);
        using (var loaded = LineTrainer.Load(_folder.Path))
        {
            Assert.Equal(1, loaded.GlobalStep);
            loaded.Step(new(_plane));
            loaded.Save(_folder.Path);
        }

        using (var again = LineTrainer.Load(_folder.Path))
        {
            Assert.Equal(2, again.GlobalStep);
            Assert.True(Directory.Exists(path));
            Assert.True(Directory.Exists(half), "It might be another process's work.");
            Directory.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddDays(-1));
            again.Save(_folder.Path);
        }

        Assert.False(Directory.Exists(half));
    }

    [Fact]
    public void TheLastCheckpointsAreKept()
    {
        using var trainer = new LineTrainer(new() { Batch = 100, KeepCheckpoints = 3 });
        var paths = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            trainer.Step(new(_plane));
            paths.Add(trainer.Save(_folder.Path));
        }

        paths.Add(trainer.Save(_folder.Path));
        Assert.Equal(paths.Count, paths.Distinct().Count());
        Assert.Equal(paths[^3..].Order(), Directory.GetDirectories(_folder.Path).Order());
        Assert.Equal(Path.GetFileName(paths[^1]), File.ReadAllText(Path.Combine(_folder.Path, "latest")).Trim());
        using var third = LineTrainer.Load(paths[^3]);
        Assert.Equal(5, third.GlobalStep);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsNamed()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        using var trainer = new LineTrainer();
        Assert.Contains(file, Assert.Throws<GenDslException>(() => trainer.Save(file)).Message);
    }

    [Fact]
    public void EveryMomentAndRoleIsSaved()
    {
        var path = Saved();
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "checkpoint.json")));
        var roles = json.RootElement.GetProperty("roles").EnumerateObject().ToDictionary(role => role.Name, role => role.Value.GetString());
        Assert.Equal("Kernel", roles["F.linear1.weight"]);
        Assert.Equal("Statistic", roles["F_avg.norm1.running_var"]);
        Assert.Equal("Moment", roles["optimizer.F.exp_avg_sq.F.linear2.bias"]);
        Assert.Equal("Moment", roles["optimizer.F.step"]);
        Assert.Equal(8 + 8 + 6 + 6 + 1, roles.Count);
        Assert.DoesNotContain(_folder.Path, File.ReadAllText(Path.Combine(path, "checkpoint.json")));
    }

    /// <summary>Changes a file of a checkpoint and its checksum with it.</summary>
    internal static void Rewrite(string checkpoint, string name, Func<string, string> change)
    {
        var file = Path.Combine(checkpoint, name);
        var text = change(File.ReadAllText(file));
        File.WriteAllText(file, text);
        var sums = Path.Combine(checkpoint, "sha256sums");
        var lines = File.ReadAllLines(sums).Select(line => line.EndsWith("  " + name, StringComparison.Ordinal)
            ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) + "  " + name
            : line);
        File.WriteAllText(sums, string.Join("\n", lines) + "\n");
    }

    private string Saved()
    {
        using var trainer = new LineTrainer(new() { Batch = 100 });
        trainer.Step(new(_plane));
        return trainer.Save(_folder.Path);
    }

    private static string Refused(string path) => Assert.Throws<GenDslException>(() => LineTrainer.Load(path)).Message;
}
