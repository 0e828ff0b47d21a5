using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Media;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_decoders_checksum_is_the_published_one() => Assert.Equal(0xE3069283u, EventFile.Crc32C("123456789"u8));

    [Fact]
    public void Figures_are_events_of_their_step_at_once()
    {
        using var log = TensorBoardLog.Open(_folder.Path);
        log.Scalars(new StepReport(300, 1, [new("D", 0.5), new("G", double.NaN)]));
        log.Scalar("best", -2, 70_000_000_000);

        var events = Events();
        Assert.Equal("brain.Event:2", Only(events[0], 3).Text);
        Assert.Equal(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), Only(events[0], 1).Double, 60.0);
        Assert.Equal(300UL, Only(events[1], 2).Value);
        var values = Only(events[1], 5).Message.Select(value => value.Message).ToList();
        Assert.Equal(["D", "G"], values.Select(value => Only(value, 1).Text));
        Assert.Equal([0.5f, float.NaN], values.Select(value => Only(value, 2).Float));
        Assert.Equal(70_000_000_000UL, Only(events[2], 2).Value);
        Assert.Equal(3, events.Count);
    }

    [Fact]
    public void A_picture_is_an_event_that_holds_the_png()
    {
        using var images = rand(4, 1, 8, 8);
        var picture = ImageGrid.Encode(images, TestSpaces.Real(0, 1, 1, 8, 8));
        using (var log = TensorBoardLog.Open(_folder.Path))
        {
            log.Image("samples", picture, 12);
        }

        var value = Only(Only(Events()[1], 5).Message, 1).Message;
        Assert.Equal("samples", Only(value, 1).Text);
        var image = Only(value, 4).Message;
        Assert.Equal([(ulong)picture.Height, (ulong)picture.Width, 4UL], new[] { 1, 2, 3 }.Select(field => Only(image, field).Value));
        using var png = new PngPixels(Only(image, 4).Bytes);
        Assert.Equal((picture.Width, picture.Height), png.Size);
    }

    [Fact]
    public void A_resumed_run_tells_to_forget_later_steps_in_a_file_of_its_own()
    {
        using (var log = TensorBoardLog.Open(_folder.Path))
        {
            log.Scalar("loss", 1, 100);
        }

        using (var log = TensorBoardLog.Open(_folder.Path, resumedStep: 60))
        {
            log.Scalar("loss", 2, 100);
        }

        var resumed = EventFile.Read(Files()[^1]);
        Assert.Equal(2, Files().Length);
        Assert.Equal((61UL, 1UL), (Only(resumed[1], 2).Value, Only(Only(resumed[1], 7).Message, 1).Value));
    }

    private IReadOnlyList<IReadOnlyList<EventFile.Field>> Events()
    {
        // The log may still hold the file.
        File.Copy(Assert.Single(Files()), _folder["copy"], overwrite: true);
        return EventFile.Read(_folder["copy"]);
    }

    private string[] Files() => [.. Directory.GetFiles(_folder.Path, "events.out.tfevents.*").OrderBy(path => int.Parse(path[(path.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];

    private static EventFile.Field Only(IReadOnlyList<EventFile.Field> fields, int number) => Assert.Single(fields, field => field.Number == number);
}
