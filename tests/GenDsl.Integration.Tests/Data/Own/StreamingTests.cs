using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using GenDsl.Runtime.Data.Streaming;
using GenDsl.Runtime.Media;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data.Own;

/// <summary>Rows that stay in their files: the batches are those of rows in memory, whatever reads them.</summary>
public sealed class StreamingTests : IDisposable
{
    private const int Batch = 5;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", ElementKind.Real)]
    [InlineData("@static", ElementKind.Bit)]
    [InlineData("@random", ElementKind.Bit)]
    [InlineData("@first=11", ElementKind.Real)]
    public void Batches_AreThoseOfRowsInMemory_WithAnyNumberOfThreads(string view, ElementKind element)
    {
        Pictures.Fill(_folder, 23);
        var space = element == ElementKind.Bit ? TestSpaces.Bits(1, 8, 8) : TestSpaces.Real(-1, 1, 1, 8, 8);
        var expected = Batches(view, null, space);
        Assert.Equal(expected, Batches(view + "@stream", 1, space));
        Assert.Equal(expected, Batches(view + "@stream", 4, space));
        Assert.Equal(13, expected.Count);
    }

    [Fact]
    public void ARunThatGoesOnWithinAPass_GetsTheSameBatches()
    {
        Pictures.Fill(_folder, 23);
        using var source = Open("@stream", 3);
        using var whole = NewFeed(source);
        List<float[]> all = [.. Enumerable.Range(0, 11).Select(_ => Pull(whole))];
        using var first = NewFeed(source);
        List<float[]> parts = [.. Enumerable.Range(0, 6).Select(_ => Pull(first))];
        using var second = NewFeed(source);
        second.MoveTo(first.Position);
        parts.AddRange(Enumerable.Range(0, 5).Select(_ => Pull(second)));
        Assert.Equal(all, parts);

        // A feed may go back, too: what was read ahead is forgotten.
        first.MoveTo(new FeedPosition(0, 2, Batch, 23));
        Assert.Equal(all[2], Pull(first));
    }

    [Fact]
    public void APassReadsEveryRowInOrder()
    {
        Pictures.Fill(_folder, 12);
        using var streamed = Open("@stream", 2);
        using var inMemory = Open("", null);
        ColumnBinding[] columns = [new("x", TestSpaces.Real(-1, 1, 1, 8, 8))];
        static List<float[]> Read(Pass pass) => [.. pass.Select(batch =>
        {
            using var rows = batch.Gather(0);
            return rows.data<float>().ToArray();
        })];
        Assert.Equal(Read(new Pass(inMemory, Batch, Draws.Root(1, CPU), columns)), Read(new Pass(streamed, Batch, Draws.Root(1, CPU), columns)));
    }

    [Theory]
    [InlineData(ElementKind.Real)]
    [InlineData(ElementKind.MuLaw)]
    public void Sounds_AreThoseInMemory_WindowByWindow(ElementKind element)
    {
        // Two windows and a rest, less than one, one and a byte behind it.
        foreach (var (name, samples) in new[] { ("a/long", 70), ("b/short", 20), ("b/whole", 32) })
        {
            WavFile.Save(_folder[$"s/{name}.wav"], linspace(-0.5, samples * 0.01, samples).sin(), TestSpaces.Real(-1, 1, samples), 8000);
        }

        byte[] odd = [.. System.IO.File.ReadAllBytes(_folder["s/b/whole.wav"]), 7];
        _folder.Write("s/b/odd.wav", odd);
        var space = element == ElementKind.Real ? TestSpaces.Real(-1, 1, 32) : new SpaceInfo("Sound", ElementKind.MuLaw, 256, [32], 0, 255);
        ColumnBinding[] columns = [new("x", space)];
        List<float[]> Read(string view)
        {
            using var source = DataSets.Open(_folder["s"] + view + ":all", new DataOptions { Columns = columns, Decoders = 2 });
            Assert.Equal(8000, source.Columns[0].SampleRate);
            return [.. new Pass(source, 2, Draws.Root(1, CPU), columns).Select(batch =>
            {
                using var rows = batch.Gather(0);
                using var floats = rows.to(float32);
                return floats.data<float>().ToArray();
            })];
        }

        var inMemory = Read("");
        Assert.Equal(5, inMemory.Sum(batch => batch.Length) / 32);
        Assert.Equal(inMemory, Read("@stream"));
        Assert.Equal(Read("@first=3"), Read("@stream@first=3"));

        // Gone between the look at its head and the reading of its samples, it is named.
        using var later = DataSets.Open(_folder["s"] + "@stream:all", new DataOptions { Columns = columns, Decoders = 1 });
        System.IO.File.Delete(_folder["s/b/short.wav"]);
        var error = Assert.Throws<GenDslException>(() => new Pass(later, 2, Draws.Root(1, CPU), columns).ToList().ForEach(batch => batch.Gather(0).Dispose()));
        Assert.Contains("short.wav' cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Contains("leave '@stream' out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoMoreIsHeldThanTheBatchesAhead()
    {
        using var rows = new Counted(100_000, threads: 3);
        var before = LiveTensors.Count();
        using (var ahead = new ReadAhead([rows], pull => [.. Enumerable.Range((int)pull * 10, 10).Select(row => (long)row)], 0))
        {
            for (var taken = 0; taken < 40; taken++)
            {
                using var batch = ahead.Take();
                Assert.Equal(taken * 10L, batch.Rows[0]);
                Assert.Equal((byte)(taken * 10), batch.Columns[0].bytes[0]);
                Thread.Sleep(taken % 10 == 0 ? 20 : 0);
                Assert.InRange(rows.Done, 0, (taken + 1 + ahead.Depth) * 10);
                Assert.InRange(torch.Tensor.TotalCount - before, 0, 2 * ahead.Depth + 2);
            }
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Disposal_EndsTheThreadsWithinTheirRow()
    {
        using var rows = new Counted(1000, threads: 4) { Pause = 5 };
        var before = LiveTensors.Count();
        var ahead = new ReadAhead([rows], pull => [.. Enumerable.Range((int)pull * 100, 100).Select(row => (long)row)], 0);
        Assert.True(SpinWait.SpinUntil(() => rows.Active == 4, 5000));
        ahead.Dispose();
        var read = rows.Done;
        Assert.Equal(0, rows.Active);
        Thread.Sleep(30);
        Assert.Equal(read, rows.Done);
        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.Throws<ObjectDisposedException>(() => ahead.Take());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AFileThatCannotBeDecoded_StopsAtItsBatchWithItsName(int threads)
    {
        Pictures.Fill(_folder, 22);
        _folder.Write("pictures/cut.png", Pictures.CutOff(Pictures.Noise(40, 40, 3)));
        using var source = Open("@stream", threads);
        var before = LiveTensors.Count();
        var pulls = 0;
        using (var feed = NewFeed(source))
        {
            Action all = () =>
            {
                for (; pulls < 100; pulls++)
                {
                    feed.Pull();
                }
            };
            var error = Assert.Throws<GenDslException>(all);
            Assert.Contains("cut.png' is damaged", error.Message, StringComparison.Ordinal);
            Assert.Contains("leave '@stream' out", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, torch.Tensor.TotalCount);

        // The batch that holds its row.
        var row = Enumerable.Range(0, 23).Single(i => Fails(source, i));
        using var order = Draws.Root(7, CPU).At("feed").At("x").At(0).Permutation(23);
        Assert.Equal(Array.IndexOf(order.data<long>().ToArray(), row) / Batch, pulls);
    }

    [Fact]
    public void WhatIsNoPictureAtAll_IsFoundBeforeTheTraining()
    {
        Pictures.Fill(_folder, 5);
        _folder.Write("pictures/text.png", "no picture"u8.ToArray());
        List<string> said = [];
        using var source = DataSets.Open(_folder["pictures"] + "@stream:all", new DataOptions { Progress = said.Add, Columns = [new("x", TestSpaces.Levels(256, 1, 8, 8))] });
        Assert.Equal(5, source.Rows);
        Assert.Contains("text.png' is no picture", Assert.Single(said), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => source.Columns[0].Values);
    }

    private static bool Fails(Source source, long row)
    {
        using var reader = source.Bind(new("x", TestSpaces.Levels(256, 1, 8, 8)));
        using var one = tensor(new[] { row });
        try
        {
            reader.Gather(one, Draws.Root(0, CPU)).Dispose();
            return false;
        }
        catch (GenDslException)
        {
            return true;
        }
    }

    private Source Open(string view, int? threads) => DataSets.Open(
        $"{_folder["pictures"]}{view}:all", new DataOptions { Decoders = threads, Columns = [new("x", TestSpaces.Levels(256, 1, 8, 8))] });

    private static Feed NewFeed(Source source, SpaceInfo? space = null) => new("x", source, Batch, Draws.Root(7, CPU), [new("x", space ?? TestSpaces.Real(-1, 1, 1, 8, 8))]);

    private static float[] Pull(Feed feed)
    {
        feed.Pull();
        using var rows = feed.Gather(0);
        return rows.data<float>().ToArray();
    }

    private List<float[]> Batches(string view, int? threads, SpaceInfo space)
    {
        using var source = Open(view, threads);
        using var feed = NewFeed(source, space);
        return [.. Enumerable.Range(0, 13).Select(_ => Pull(feed))];
    }

    /// <summary>Rows of one byte, their number.</summary>
    private sealed class Counted(long count, int threads) : FileRows([1], threads), IDisposable
    {
        private int _active;
        private int _read;

        public int Pause { get; init; }

        public int Active => Volatile.Read(ref _active);

        public int Done => Volatile.Read(ref _read);

        public override long Count => count;

        public override void Read(long row, Span<byte> target)
        {
            Interlocked.Increment(ref _active);
            Thread.Sleep(Pause);
            target[0] = (byte)row;
            Interlocked.Increment(ref _read);
            Interlocked.Decrement(ref _active);
        }

        public override FileRows Take(IReadOnlyList<long> rows) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
