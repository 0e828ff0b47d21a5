using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>
/// Which of the clouds of a mixture a generator draws: a cloud is covered where it is the nearest one of at least 20 of 2,500 points, and a point
/// is good where it lies within three deviations of a centre. Short in every run, long in the nightly one, whose figures are those of
/// docs/results.md.
/// </summary>
public sealed class ModesTests(ITestOutputHelper output)
{
    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("points", File.ReadAllText(Repository.PathOf("models", "points.gen"))));

    [Theory]
    [InlineData("PointGan", "eight-gaussians", 6_000, 6)]
    [InlineData("PointWganGp", "eight-gaussians", 3_000, 8)]
    [InlineData("PointImle", "eight-gaussians", 6_000, 8)]
    [InlineData("PointGan", "gaussian-grid", 6_000, 1)]
    [InlineData("PointWganGp", "gaussian-grid", 3_000, 20)]
    [InlineData("PointImle", "gaussian-grid", 6_000, 25)]
    public void CloudsThatAreCovered(string entry, string data, int steps, int least)
    {
        bool isLong = Environment.GetEnvironmentVariable("GENDSL_NIGHTLY") is not null;
        using ITrainer trainer = Program.Value.Create(entry, ("batch", "256"), ("seed", "1"));
        using Source source = DataSets.Open(data);
        using var real = new Source("real", [source.Columns[0]]);
        TrainedProgram.Step(trainer, isLong ? steps : 30, real);
        using Tensor drawn = trainer.Sample("point", new SampleRequest(2500), out _);
        float[] points = [.. drawn.data<float>()];
        (double X, double Y, double Deviation)[] clouds = data == "gaussian-grid"
            ? [.. Enumerable.Range(0, 25).Select(i => (2.0 * (i / 5) - 4, 2.0 * (i % 5) - 4, 0.05))]
            : [.. Enumerable.Range(0, 8).Select(i => (4 * Math.Cos(Math.PI / 4 * i) / 1.414, 4 * Math.Sin(Math.PI / 4 * i) / 1.414, 0.5 / 1.414))];
        (int Cloud, double Deviations)[] nearest = [.. Enumerable.Range(0, 2500).Select(i => Enumerable.Range(0, clouds.Length)
            .Select(k => (k, Math.Sqrt(Math.Pow(points[2 * i] - clouds[k].X, 2) + Math.Pow(points[(2 * i) + 1] - clouds[k].Y, 2)) / clouds[k].Deviation)).MinBy(c => c.Item2))];
        int[] near = [.. Enumerable.Range(0, clouds.Length).Select(k => nearest.Count(n => n.Cloud == k))];
        int covered = near.Count(n => n >= 20);
        output.WriteLine($"{entry} on {data} after {trainer.GlobalStep} steps: {covered} of {clouds.Length} clouds, {nearest.Count(n => n.Deviations < 3) / 25.0:F1} % of the points good.");
        Assert.All(points, p => Assert.True(float.IsFinite(p)));
        Assert.True(!isLong || covered >= least, string.Join(" ", near));
    }
}
