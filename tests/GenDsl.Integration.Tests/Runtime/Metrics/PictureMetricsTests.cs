using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Metrics;

/// <summary>The scores of generated pictures, against cases whose value is known and against the definitions written out.</summary>
public class PictureMetricsTests
{
    private const int Classes = 6;

    [Fact]
    public void TheScore_IsKForSureAndEvenLabels_AndOneForTheSameOpinion()
    {
        using var scope = NewDisposeScope();
        Tensor sure = nn.functional.one_hot(arange(120) % Classes, Classes).to(ScalarType.Float64) * 200;
        Assert.Equal(Classes, Score(sure, 1, 7), 1e-9);
        Assert.Equal(1, Score(Normal(1, Classes).expand(50, Classes), 1, 7), 1e-12);

        // Sure, but of half the classes only.
        Tensor half = nn.functional.one_hot(arange(120) % 3, Classes).to(ScalarType.Float64) * 200;
        Assert.Equal(3, Score(half, 1, 7), 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TheScore_IsItsDefinition_HoweverTheRowsCome(int splits)
    {
        // Alike rows behind one another: each split gets one of them, whichever it is.
        using var scope = NewDisposeScope();
        Tensor each = Normal(25, Classes) * 2, logits = each.repeat_interleave(splits, 0), p = each.softmax(1), marginal = p.mean([0]);
        double score = Math.Exp((p * (p / marginal).log()).sum([1]).mean().ToDouble());
        Assert.Equal(score, Score(logits, splits, 7), 1e-12);
        Assert.Equal(score, Score(logits, splits, 101), 1e-12);
        if (splits == 1)
        {
            Assert.Equal(score, InceptionScore.Of(logits).ToDouble(), 1e-6);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5)]
    [InlineData(20)]
    public void SamplesOfAllClassesInTurn_AreInEverySplit(int splits)
    {
        using var scope = NewDisposeScope();
        Tensor classes = arange(2000).remainder(10), sure = nn.functional.one_hot(classes, 10).to(float32) * 100;
        Assert.InRange(Score(sure, splits, 64), 9, 10);
    }

    [Fact]
    public void TooFewRowsForTheSplits_AreSaid()
    {
        using var score = new InceptionScore(Classes, 10);
        Assert.Equal(double.NaN, score.Value);
        score.Add(Normal(9, Classes));
        Assert.Contains("10 splits needs as many rows, but there are 9", Assert.Throws<GenDslException>(() => score.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDistance_OfShiftedAndScaledFeatures_IsKnown()
    {
        using var scope = NewDisposeScope();
        Tensor x = Normal(400, 5).mm(Normal(5, 5)) + 1e4, shift = Normal(5);
        Assert.Equal(0, Distance(x, x, 33), 1e-6);
        Assert.Equal(shift.pow(2).sum().ToDouble(), Distance(x, x + shift, 33), 1e-6);
        Tensor centred = x - x.mean([0]);
        double spread = centred.pow(2).sum().ToDouble() / 399;
        Assert.Equal(0.25 * spread, Distance(centred, centred * 1.5, 33), 1e-8);
    }

    [Theory]
    [InlineData(300, 4)]
    [InlineData(5, 12)]
    public void TheDistance_IsItsDefinition_ForSingularCovariancesToo(int rows, int features)
    {
        using var scope = NewDisposeScope();
        Tensor x = Normal(rows, features).mm(Normal(features, features)), y = Normal(rows + 7, features).mm(Normal(features, features)) + 0.3;
        Tensor a = x.t().cov(), b = y.t().cov();

        // tr (A B)^(1/2) is the sum of the roots of the eigenvalues of A B, which are real and not negative.
        double trace = linalg.eigvals(a.mm(b)).real.clamp_min(0).sqrt().sum().ToDouble();
        double expected = (x.mean([0]) - y.mean([0])).pow(2).sum().ToDouble() + a.trace().ToDouble() + b.trace().ToDouble() - (2 * trace);
        using var distance = new FrechetDistance(features);
        distance.Add(x, y);
        Assert.Equal(expected, distance.Value, 1e-4 * expected);
        Assert.Equal(expected, FrechetDistance.Of(x, y).ToDouble(), 1e-4 * expected);
        using var other = new FrechetDistance(features);
        other.Add(y, x);
        Assert.Equal(distance.Value, other.Value, 1e-7 * expected);
    }

    [Fact]
    public void Evaluations_GatherThemOverTheWholeSource_AndLeaveNothing()
    {
        const string Text = """
            gen 1
            space Point = f32[4]
            space Noise = f32[2] ~ normal(0, 1)
            net Judge(x: Point) { x |> linear(3) }
            net Maker(z: Noise) { z |> linear(4) }
            trainer T(x: Point) {
                G = Maker(); C = Judge()
                minimize mean((C(x) - stop(C(G(draw(Noise)))))^2) over C with adam(1e-3)
                minimize mean(G(draw(Noise))^2) over G with adam(1e-3)
                evaluate quality(x: Point) {
                    y = G(draw(Noise))
                    report score = inception_score(C(x), splits: 3)
                    report distance = frechet_distance(x, y)
                    report same = frechet_distance(C(x), C(x))
                }
            }
            """;
        var program = new TrainedProgram("metrics", Text);
        using ITrainer trainer = program.Create("T", ("batch", "16"));
        using Source data = TrainedProgram.Numbers("x", 75, 4);
        Dictionary<string, double> Evaluate() => trainer.Evaluate("quality", new Dictionary<string, Source> { ["x"] = data }).ToDictionary(v => v.Name, v => v.Value);
        Dictionary<string, double> found = Evaluate();
        using (NewDisposeScope())
        {
            using var frozen = no_grad();
            StateTable judge = trainer.Nets.Single(n => n.Name == "C").State;
            Tensor logits = data.Columns[0].Values.to(ScalarType.Float32).mm(judge["linear1.weight"].Tensor.t()) + judge["linear1.bias"].Tensor;
            Assert.Equal(Score(logits.to(ScalarType.Float64), 3, 75), found["score"], 1e-5);
        }

        Assert.Equal(0, found["same"], 1e-6);
        Assert.InRange(found["distance"], 1e-3, 100);
        TrainedProgram.NoLeak(() => Evaluate());
    }

    [Fact]
    public void SourcesOfOneEvaluation_AreReadOneAfterTheOther_WhateverTheirLengths()
    {
        var program = new TrainedProgram("sources", """
            gen 1
            space Point = f32[4]
            space Kind = class[3]
            net Judge(x: Point) { x |> linear(3) }
            trainer T(x: Point) {
                C = Judge()
                minimize mean(C(x)^2) over C with adam(1e-3)
                evaluate between(x: Point, other: { y: Point, z: Point }) {
                    report distance = frechet_distance(x, y + z)
                    report of_x = mean(C(x))
                    report of_y = mean(C(y)) - 2 * mean(z^2)
                    report score = inception_score(C(y))
                }
            }
            """);
        using ITrainer trainer = program.Create("T", ("batch", "16"));
        using Source x = TrainedProgram.Numbers("x", 75, 4);
        using var other = new Source("other", [Column("y", 41, 7), Column("z", 41, 8)]);
        var sources = new Dictionary<string, Source> { ["x"] = x, ["other"] = other };
        Dictionary<string, double> found = trainer.Evaluate("between", sources).ToDictionary(v => v.Name, v => v.Value);
        using (NewDisposeScope())
        {
            using var frozen = no_grad();
            StateTable judge = trainer.Nets.Single(n => n.Name == "C").State;
            Tensor Logits(Tensor rows) => rows.mm(judge["linear1.weight"].Tensor.t()) + judge["linear1.bias"].Tensor;
            (Tensor xs, Tensor ys, Tensor zs) = (x.Columns[0].Values, other.Columns[0].Values, other.Columns[1].Values);
            using var distance = new FrechetDistance(4);
            distance.AddX(xs);
            distance.AddY(ys + zs);
            Assert.Equal(distance.Value, found["distance"], 1e-5);
            Assert.Equal(Logits(xs).mean().ToDouble(), found["of_x"], 1e-5);
            Assert.Equal(Logits(ys).mean().ToDouble() - (2 * zs.pow(2).mean().ToDouble()), found["of_y"], 1e-4);
            Assert.Equal(Score(Logits(ys).to(ScalarType.Float64), 1, 41), found["score"], 1e-5);
        }

        TrainedProgram.NoLeak(() => trainer.Evaluate("between", sources));

        static Column Column(string name, long rows, int seed)
        {
            using Generator generator = new((ulong)seed);
            return new Column(name, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, randn([rows, 4], generator: generator));
        }
    }

    private static double Score(Tensor logits, int splits, int batch)
    {
        using var score = new InceptionScore(logits.size(1), splits);
        for (long at = 0; at < logits.size(0); at += batch)
        {
            score.Add(logits.narrow(0, at, Math.Min(batch, logits.size(0) - at)));
        }

        return score.Value;
    }

    private static double Distance(Tensor x, Tensor y, int batch)
    {
        using var distance = new FrechetDistance(x.size(1));
        for (long at = 0; at < x.size(0); at += batch)
        {
            long rows = Math.Min(batch, x.size(0) - at);
            distance.Add(x.narrow(0, at, rows), y.narrow(0, at, rows));
        }

        return distance.Value;
    }

    private static int s_draws;

    private static Tensor Normal(params long[] shape) => Draws.Root(11, CPU, ScalarType.Float64).At($"{s_draws++}").Normal(shape);
}
