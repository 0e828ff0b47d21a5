using System;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>A queue that holds much of its source holds the positives of its queries: a training says so before it begins.</summary>
public sealed class QueueNoteTests
{
    private const string Text = """
        gen 1
        space Point = f32[2]
        space Start = f32[8] ~ normal(0, 1)
        net Encoder(x: Point) -> [8] { x |> linear(8) |> unit }
        trainer T(queue = 64)(x: [N; Point]) {
            F = Encoder(); K = ema(F, 0.99)
            state keys: [queue; 8] = unit(draw(Start, queue))
            q = F(x); k = stop(K(0.9 * x))
            minimize info_nce(q, positive: k, negatives: keys, t: 0.1) over F with adam()
            keys <- enqueue(keys, k)
        }
        """;

    [Theory]
    [InlineData(2048, false)]
    [InlineData(2049, true)]
    public void AQuarterOfTheRowsIsEnough(int queue, bool isTold)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("queue.gen", Encoding.UTF8.GetBytes(Text));
        var outcome = Gendsl.Run($"train {path} --data moons --set queue={queue} --batch 8 --threads 1 --steps 1 --out {folder["run"]}");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(isTold, (outcome.Out + outcome.Error).Contains($"The queue 'keys' keeps {queue:N0} rows, more than a quarter of the 8,192 of 'x'", StringComparison.Ordinal));
    }
}
