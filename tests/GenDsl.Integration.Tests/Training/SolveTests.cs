using System;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Closed forms over whole sources: <c>solve W = procrustes(x, y)</c> (systems.md 50).</summary>
public sealed class SolveTests
{
    private const int D = 6;

    private const string Text = """
        space English = f32[6]
        space Spanish = f32[6]
        net Map(x: English) -> [6] { x |> linear(6, bias: false) }
        net Encoder(x: English) -> [6] { x |> linear(6) |> batch_norm |> dropout(0.5) }
        trainer Align(pairs: { a: English, b: Spanish }) {
            W = Map()
            L = Map()
            solve W = procrustes(unit(a), unit(b))
            solve L = least_squares(a, b)
            evaluate test(pairs: { p: English, t: Spanish }) {
                report turned = mean(sum((W(unit(p)) - unit(t))^2, per: sample))
                report linear = mean(sum((L(p) - t)^2, per: sample))
            }
        }
        space Noise = f32[6] ~ normal(0, 0.0001)
        trainer Blurred(pairs: [2 * N; { a: English, b: Spanish }]) {
            W = Map()
            solve W = procrustes(a + draw(Noise), b)
        }
        trainer Stages(pairs: { a: English, b: Spanish }) {
            E = Encoder()
            W = Map()
            W_avg = ema(W, 0.5)
            phase learn for 3 steps { minimize mean((E(a) - b)^2) over E with sgd(0.1) }
            solve W = least_squares(a, E(a))
            phase go_on for 2 steps { minimize mean((W(a) - b)^2) over W with sgd(0.1) }
            solve W = procrustes(a, E(a))
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("solve", Text));

    private static Tensor Rotation(string name) => linalg.qr(Draws.Root(4, CPU, ScalarType.Float64).At(name).Normal(D, D)).Q;

    private static Source Pairs(Tensor a, Tensor b) => new(
        "pairs",
        [.. new[] { ("a", a), ("b", b) }.Select(c => new Column(c.Item1, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, c.Item2.to(ScalarType.Float32, copy: true)))]);

    private static double Of(System.Collections.Generic.IReadOnlyList<NamedValue> values, string name) => values.Single(v => v.Name == name).Value;

    // Draws are as many as the rows of a batch, of the short one too, whatever a step would take.
    [Fact]
    public async Task DrawsStandBesideRows_TheShortBatchIncluded()
    {
        Tensor a = Draws.Root(4, CPU, ScalarType.Float64).At("a").Normal(37, D);
        Tensor q = Rotation("q");
        using Source pairs = Pairs(a, a.mm(q.t()));
        using var trainer = Program.Value.Create("Blurred", ("batch", "8"));
        await trainer.Fit(new System.Collections.Generic.Dictionary<string, Source> { ["pairs"] = pairs }, RunLength.OfPlan).GetAsyncEnumerator().MoveNextToEnd();
        TensorAssert.Close(q.to(ScalarType.Float32), trainer.State["W.linear1.weight"].Tensor, 1e-3);
    }

    [Fact]
    public async Task ARotationIsFound_OfAllRows_TheShortBatchIncluded()
    {
        // 37 rows in batches of 8: the last one has 5. More columns than the first 32 rows span are not needed, but the figures are of all.
        Tensor a = Draws.Root(4, CPU, ScalarType.Float64).At("a").Normal(37, D);
        Tensor q = Rotation("q");
        using Source pairs = Pairs(a, a.mm(q.t()));
        using var trainer = Program.Value.Create("Align", ("batch", "8"));
        await Run(trainer, pairs);
        Tensor w = trainer.State["W.linear1.weight"].Tensor.to(ScalarType.Float64);
        TensorAssert.Close(q, w, 1e-5);
        TensorAssert.Close(q, trainer.State["L.linear1.weight"].Tensor.to(ScalarType.Float64), 1e-5);
        TensorAssert.Close(eye(D, dtype: ScalarType.Float64), w.mm(w.t()), 1e-6);
        using Source test = new("pairs", [.. pairs.Columns.Zip(["p", "t"], (c, name) => new Column(name, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, c.Values.clone()))]);
        var found = trainer.Evaluate("test", new System.Collections.Generic.Dictionary<string, Source> { ["pairs"] = test });
        Assert.InRange(Of(found, "turned"), 0, 1e-9);
        Assert.InRange(Of(found, "linear"), 0, 1e-9);
        Assert.Equal(2, trainer.GlobalStep);
    }

    [Fact]
    public void TheBestOrthogonalMap_IsBetterThanOthers_AndMayTurnOver()
    {
        Tensor x = Draws.Root(4, CPU, ScalarType.Float64).At("x").Normal(50, D), noise = Draws.Root(4, CPU, ScalarType.Float64).At("noise").Normal(50, D);
        Tensor y = x.mm(Rotation("q").t()) + (0.3 * noise);
        using Tensor w = Procrustes.Of(x, y);
        TensorAssert.Close(eye(D, dtype: ScalarType.Float64), w.mm(w.t()), 1e-12);
        double Trace(Tensor map) => y.t().mm(x).mm(map.t()).trace().ToDouble();
        Assert.Equal(linalg.svdvals(y.t().mm(x)).sum().ToDouble(), Trace(w), 1e-9);
        for (int i = 0; i < 20; i++)
        {
            Assert.True(Trace(Rotation("other" + i)) < Trace(w));
        }

        // The trap of projected gradient steps: from the identity they never get to the reflection, which is better.
        using Tensor axes = eye(2, dtype: ScalarType.Float64);
        using Tensor turned = tensor(new[] { 1.0, 0, 0, -0.5 }).reshape(2, 2);
        TensorAssert.Close(tensor(new[] { 1.0, 0, 0, -1 }).reshape(2, 2), Procrustes.Of(axes, turned), 1e-12);
    }

    [Fact]
    public void LeastSquares_AreThoseOfTheNormalEquations_OrTheShortest()
    {
        Tensor x = Draws.Root(4, CPU, ScalarType.Float64).At("x").Normal(30, 4), y = Draws.Root(4, CPU, ScalarType.Float64).At("y").Normal(30, 3);
        TensorAssert.Close(linalg.lstsq(x, y).Solution.t(), LeastSquares.Of(x, y), 1e-10);

        // Two rows for four unknowns: the pseudo-inverse.
        TensorAssert.Close(linalg.pinv(x[..2]).mm(y[..2]).t(), LeastSquares.Of(x[..2], y[..2]), 1e-8);
        using var none = new LeastSquares(4, 3);
        Assert.Contains("no rows", Assert.Throws<GenDslException>(() => none.Solution()).Message, StringComparison.Ordinal);
        using Tensor broken = x / 0;
        none.Add(broken, y);
        Assert.Contains("not finite", Assert.Throws<GenDslException>(() => none.Solution()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BetweenPhases_NetsAreAsInAnEvaluation_AndAveragesFollow()
    {
        Tensor a = Draws.Root(4, CPU, ScalarType.Float64).At("a").Normal(16, D);
        using Source pairs = Pairs(a, a.mm(Rotation("q").t()));
        using var trainer = Program.Value.Create("Stages", ("batch", "8"));
        System.Collections.Generic.List<string> phases = [];
        trainer.GetType().GetEvent("PhaseStarted")!.AddEventHandler(trainer, (Action<string>)phases.Add);
        await Run(trainer, pairs);
        Assert.Equal(["learn", "solve_W", "go_on", "solve_W_2"], phases);
        Assert.Equal(7, trainer.GlobalStep);

        // Running statistics, no dropout.
        Tensor Value(string name) => trainer.State[name].Tensor.to(ScalarType.Float64);
        Tensor h = a.mm(Value("E.linear1.weight").t()) + Value("E.linear1.bias");
        Tensor e = ((h - Value("E.batch_norm1.running_mean")) / (Value("E.batch_norm1.running_var") + 1e-5).sqrt() * Value("E.batch_norm1.weight")) + Value("E.batch_norm1.bias");
        TensorAssert.Close(Procrustes.Of(a, e), Value("W.linear1.weight"), 1e-4);
        Assert.False(trainer.State["W.linear1.weight"].Tensor.equal(trainer.State["W_avg.linear1.weight"].Tensor).all().item<bool>());
    }

    [Fact]
    public void AClosedForm_LeavesNoTensorBehind()
    {
        using Source pairs = new("pairs", [.. TrainedProgram.Numbers("a", 16, D).Columns, .. TrainedProgram.Numbers("b", 16, D).Columns]);
        using var first = Program.Value.Create("Stages", ("batch", "8"));
        TrainedProgram.Step(first, 7, pairs);
        using var again = Program.Value.Create("Stages", ("batch", "8"));
        TrainedProgram.Step(again, 3, pairs);
        long before = LiveTensors.Count();

        // The figures of the phase before are read and freed.
        TrainedProgram.Step(again, 1, pairs);
        Assert.InRange(Tensor.TotalCount, 0, before);
        TrainedProgram.Step(again, 2, pairs);
        before = LiveTensors.Count();
        TrainedProgram.Step(again, 1, pairs);
        Assert.InRange(Tensor.TotalCount, 0, before);
    }

    private static async Task Run(ITrainer trainer, Source pairs)
    {
        await foreach (var _ in trainer.Fit(new System.Collections.Generic.Dictionary<string, Source> { ["pairs"] = pairs }, RunLength.OfPlan))
        {
        }
    }
}
