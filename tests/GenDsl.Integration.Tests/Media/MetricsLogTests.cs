using System;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using Xunit;

namespace GenDsl.Integration.Tests.Media;

public sealed class MetricsLogTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string File => _folder["run/metrics.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_on_disk_as_soon_as_it_is_written()
    {
        using var log = MetricsLog.Open(File);
        log.Write(new StepReport(50, 0.125, [new("d", 0.5), new("g \"quoted\"", -1e-7)]), 2.5);

        using var reader = new StreamReader(new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Assert.Equal("{\"step\":50,\"epoch\":0.125,\"seconds\":2.5,\"values\":{\"d\":0.5,\"g \\u0022quoted\\u0022\":-1E-07}}\n", reader.ReadToEnd());
    }

    [Fact]
    public void Lines_are_read_back_with_numbers_that_json_lacks()
    {
        using (var log = MetricsLog.Open(File))
        {
            log.Write(Line(1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1));
        }

        var line = Assert.Single(MetricsLog.Read(File));
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1], line.Values.Select(value => value.Value));
        Assert.Equal((1, 0.5, 10), (line.Step, line.Epoch, line.Seconds));
    }

    [Fact]
    public void After_a_resume_no_step_appears_twice()
    {
        using (var log = MetricsLog.Open(File))
        {
            foreach (var step in new[] { 10, 20, 30, 40 })
            {
                log.Write(Line(step, 1));
            }
        }

        using (var log = MetricsLog.Open(File, resumedStep: 20))
        {
            log.Write(Line(30, 2));
        }

        Assert.Equal([(10, 1), (20, 1), (30, 2)], MetricsLog.Read(File).Select(line => ((int)line.Step, (int)line.Values[0].Value)));
    }

    [Fact]
    public void A_line_that_a_kill_cut_off_is_dropped_and_the_rest_kept()
    {
        using (var log = MetricsLog.Open(File))
        {
            log.Write(Line(10, 1));
            log.Write(Line(20, 1));
        }

        var text = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, text[..^9]);
        Assert.Equal([10], MetricsLog.Read(File).Select(line => (int)line.Step));
        using (var log = MetricsLog.Open(File, resumedStep: 15))
        {
            log.Write(Line(20, 3));
        }

        Assert.Equal([10, 20], MetricsLog.Read(File).Select(line => (int)line.Step));
    }

    [Fact]
    public void A_new_run_does_not_overwrite_an_old_one()
    {
        MetricsLog.Open(File).Dispose();
        using (var log = MetricsLog.Open(File))
        {
            log.Write(Line(10, 1));
        }

        Assert.Contains("already holds", Assert.Throws<GenDslException>(() => MetricsLog.Open(File)).Message, StringComparison.Ordinal);
        Assert.Single(MetricsLog.Read(File));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"step\":\"x\",\"epoch\":0,\"seconds\":0,\"values\":{}}")]
    [InlineData("{\"step\":1,\"epoch\":0,\"seconds\":0,\"values\":{\"a\":\"b\"}}")]
    public void A_damaged_line_is_named_and_nothing_is_changed(string damaged)
    {
        using (var log = MetricsLog.Open(File))
        {
            log.Write(Line(10, 1));
        }

        System.IO.File.AppendAllText(File, damaged + "\n");
        var before = System.IO.File.ReadAllText(File);

        Assert.Contains("line 2", Assert.Throws<GenDslException>(() => MetricsLog.Open(File, 10)).Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllText(File));
    }

    private static MetricsLine Line(long step, params double[] values) =>
        new(step, 0.5, 10, [.. values.Select((value, i) => new NamedValue($"v{i}", value))]);
}
