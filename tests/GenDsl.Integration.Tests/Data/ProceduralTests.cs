using System;
using System.Diagnostics;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class ProceduralTests
{
    public static TheoryData<string> Names { get; } = [.. DataSets.All.Where(set => set.IsProcedural).Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_makes_the_same_rows_and_another_seed_or_split_others(string name)
    {
        using var first = DataSets.Open(name, new DataOptions { Rows = 40, Seed = 3 });
        using var again = DataSets.Open(name, new DataOptions { Rows = 40, Seed = 3 });
        using var other = DataSets.Open(name, new DataOptions { Rows = 40, Seed = 4 });
        using var test = DataSets.Open(name + ":test", new DataOptions { Rows = 40, Seed = 3 });

        foreach (var (column, i) in first.Columns.Select((column, i) => (column, i)))
        {
            Assert.True(Equal(column, again.Columns[i]));
        }

        Assert.False(Equal(first.Columns[0], other.Columns[0]));
        Assert.False(Equal(first.Columns[0], test.Columns[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_source_that_is_disposed_leaves_no_tensor(string name)
    {
        var before = LiveTensors.Count();
        DataSets.Open(name, new DataOptions { Rows = 5 }).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fewer_rows_are_the_first_of_more(string name)
    {
        using var few = DataSets.Open(name, new DataOptions { Rows = 10 });
        using var more = DataSets.Open(name, new DataOptions { Rows = 30 });
        using var start = more.Slice(0, 10);

        Assert.True(Equal(few.Columns[0], start.Columns[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_keep_to_the_declared_ranges(string name)
    {
        using var source = DataSets.Open(name, new DataOptions { Rows = 300 });

        foreach (var column in source.Columns)
        {
            var space = new SpaceInfo("Declared", column.Kind, column.Count, column.Shape, column.Low, column.High);
            Assert.Equal(300, column.As(space).Rows);
        }
    }

    [Fact]
    public void All_shapes_are_rendered_within_two_seconds()
    {
        var watch = Stopwatch.StartNew();
        using var train = DataSets.Open("shapes");
        using var test = DataSets.Open("shapes:test");

        Assert.Equal((12_000, 2_000), (train.Rows, test.Rows));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
    }

    [Fact]
    public void Moons_lie_on_their_half_circles()
    {
        using var moons = DataSets.Open("moons");
        var (points, classes) = (Reals(moons.Columns[0]), Reals(moons.Columns[1]));
        var distances = classes.Select((moon, i) => moon == 0
            ? Math.Sqrt(Math.Pow(points[2 * i], 2) + Math.Pow(points[2 * i + 1], 2)) - 1
            : Math.Sqrt(Math.Pow(points[2 * i] - 1, 2) + Math.Pow(points[2 * i + 1] - 0.5, 2)) - 1).ToArray();

        Assert.InRange(Math.Sqrt(distances.Average(distance => distance * distance)), 0.095, 0.107);
    }

    [Fact]
    public void Eight_clouds_have_their_centres_and_deviation()
    {
        using var clouds = DataSets.Open("eight-gaussians");
        var (points, classes) = (Reals(clouds.Columns[0]), Reals(clouds.Columns[1]));
        for (var cloud = 0; cloud < 8; cloud++)
        {
            int[] members = [.. Enumerable.Range(0, classes.Length).Where(i => classes[i] == cloud)];
            var (x, y) = (members.Average(i => points[2 * i]), members.Average(i => points[2 * i + 1]));
            Assert.InRange(members.Length, 900, 1150);
            Assert.Equal(4 / 1.414 * Math.Cos(Math.PI / 4 * cloud), x, 0.05);
            Assert.Equal(4 / 1.414 * Math.Sin(Math.PI / 4 * cloud), y, 0.05);
            Assert.Equal(0.5 / 1.414, Math.Sqrt(members.Average(i => Math.Pow(points[2 * i] - x, 2))), 0.03);
        }
    }

    [Fact]
    public void A_tone_has_the_pitch_that_its_column_says()
    {
        using var tones = DataSets.Open("tones", new DataOptions { Rows = 60 });
        var (samples, waves, pitches) = (Reals(tones.Columns[0]), Reals(tones.Columns[1]), Reals(tones.Columns[2]));
        foreach (var row in Enumerable.Range(0, 60).Where(row => waves[row] == 0))
        {
            // A sine crosses zero twice a period.
            var crossings = Enumerable.Range(row * 2048 + 1, 2047).Count(i => samples[i - 1] < 0 != samples[i] < 0);
            Assert.InRange(crossings / 2.0 / 2048 * 8000 / (110 * Math.Pow(2, pitches[row])), 0.93, 1.07);
        }
    }

    [Fact]
    public void Phrases_agree_in_number_and_fit()
    {
        using var phrases = DataSets.Open("phrases", new DataOptions { Rows = 500 });
        var (text, subject, number) = (phrases.Columns[0], phrases.Columns[1], phrases.Columns[2]);
        var (codes, subjects, numbers) = (Reals(text), Reals(subject), Reals(number));
        for (var row = 0; row < 500; row++)
        {
            var line = string.Concat(codes.Skip(row * 48).Take(48).Select(code => text.Vocabulary[(int)code])).TrimEnd();
            Assert.EndsWith(".", line, StringComparison.Ordinal);
            var words = line.TrimEnd('.').Split(' ');
            var verb = words.Single(word => Array.Exists(["see", "like", "follow", "paint", "miss", "hear"], stem => word == stem || word == stem + "s" || word == "misses"));
            Assert.Equal(numbers[row] == 0, verb.EndsWith('s') && verb != "miss");
            Assert.StartsWith(subject.Vocabulary[(int)subjects[row]][..3], words[Array.IndexOf(words, verb) - 1], StringComparison.Ordinal);
        }
    }

    private static bool Equal(Column a, Column b) => a.Values.eq(b.Values).all().ToBoolean();

    private static float[] Reals(Column column)
    {
        using var real = column.Values.to(ScalarType.Float32);
        return real.data<float>().ToArray();
    }
}
