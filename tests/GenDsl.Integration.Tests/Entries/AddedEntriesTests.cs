using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Types;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>One entry of each kind, added from outside: an entry is all that it takes.</summary>
public class AddedEntriesTests
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape");

    private static readonly Operation Gain = new(
        "gain", OperationKind.Layer, [X],
        c => OperationOutcome.Of(TensorType.Real(c.Type("x").Rows, c.Type("x").Shape)) with { Weights = [new Weight("weight", WeightRole.Gain, Dsl.Catalog.Initializer.Ones, c.Type("x").Shape)] },
        "{x}.mul({weight})", "Every number times one of its own.");

    private static readonly Operation Asinh = new(
        "asinh", OperationKind.Function, [X], c => OperationOutcome.Of(TensorType.Real(c.Type("x").Rows, c.Type("x").Shape)), "{x}.asinh()", "The inverse of sinh.")
    {
        Inverse = "{x}.sinh()",
        LogDet = "{y}.cosh().log_().neg_().flatten(1).sum([1])",
        KeepsOutput = true,
    };

    private static readonly Operation Hinge = new(
        "ramp_loss", OperationKind.Function, [X], c => OperationOutcome.Of(TensorType.Real(c.Type("x").Rows, c.Type("x").Shape) with { Range = Interval.NonNegative }),
        "{x}.neg().add_(1).relu_()", "max(0, 1 - x).");

    private static readonly Operation Largest = new(
        "largest", OperationKind.Reduction, [X], c => OperationOutcome.Of(TensorType.Real(null, [])), "{x}.amax()", "The largest number of a batch, or of a whole source.")
    {
        CouplesRows = true,
        Metric = "new " + typeof(LargestMetric).FullName!.Replace('+', '.') + "()",
    };

    private static readonly Distribution Laplace = new(
        "laplace", [new("mean", Interval.All), new("scale", Interval.Positive)], [Element.Real], Interval.All, DrawKind.Uniform, "Two exponentials, back to back.")
    {
        LogProb = "laplace_log_prob",
        Draw = "laplace_draw",
    };

    // Where arithmetic can say it, the language does.
    private static readonly Dsl.Text.GenSource Formulas = new("laplace.gen", """
        gen 1
        loss laplace_log_prob(x: S, mean: S, scale: S) { -abs(x - mean) / scale - log(2 * scale) }
        loss laplace_draw(noise: S, mean: S, scale: S) { mean + scale * (relu(-log(2 - 2 * noise + 1e-9)) - relu(-log(2 * noise + 1e-9))) }

        """);

    private static readonly CatalogueTable Catalogue = new([Gain, Asinh, Hinge, Largest], [Laplace], [Formulas]);

    [Fact]
    public void ALayer_HasItsWeights()
    {
        using var scope = NewDisposeScope();
        var net = new CompiledNet("gen 1\nnet N(x: [3, 2]) { x |> gain }\n", Catalogue);
        Tensor x = CompiledNet.Normal(4, 3, 2);
        StateTensor weight = Assert.Single(net.State);
        Assert.Equal([3, 2], weight.Tensor.shape);
        using (no_grad())
        {
            weight.Tensor.mul_(3);
        }

        Runtime.TensorAssert.Close(3 * x, net.Run(x), 1e-12);
    }

    [Fact]
    public void ABijection_MakesFlowsAndDensities()
    {
        using var scope = NewDisposeScope();
        const string Text = "gen 1\nnet Both(x: [3]) {\n    F = Bend()\n    y = F(x)\n    (y, y |> inverse(F))\n}\nflow Bend(x: [3]) {\n    x |>= asinh\n    x *= 2\n}\n";
        Dsl.CheckedFile file = Dsl.GenCompiler.Check(new("bend.gen", Text), Catalogue);
        Assert.Empty(file.Diagnostics.Select(d => d.ToString()));
        var net = new CompiledNet(Text[..6] + Text[Text.IndexOf("flow", StringComparison.Ordinal)..] + Text[6..Text.IndexOf("flow", StringComparison.Ordinal)], Catalogue);
        Tensor x = CompiledNet.Normal(4, 3);
        Tensor[] found = net.RunAll(x);
        Runtime.TensorAssert.Close(2 * x.asinh(), found[0], 1e-12);
        Runtime.TensorAssert.Close(x, found[1], 1e-12);
    }

    [Fact]
    public void ALossAMetricAndADistribution_Train()
    {
        using var scope = NewDisposeScope();
        const string Text = """
            gen 1
            space Point = f32[3]
            model Law(x: Point) {
                param mean: [3] = zeros
                param log_scale: [3] = zeros
                y = x |> asinh
                y ~ laplace(mean, exp(log_scale))
            }
            trainer Fit(x: Point) {
                M = Law()
                loss = mean(-log_prob(M, x)) + mean(ramp_loss(sum(x, per: sample)))
                minimize loss over M with adam(1e-2)
                sample point = draw(M)
                evaluate test(x: Point) { report most = largest(x); report negative_log_prob = mean(-log_prob(M, x)) }
            }
            """;
        var program = new TrainedProgram("added", Text, Catalogue);
        using ITrainer trainer = program.Create("Fit", ("batch", "7"));
        using Source data = TrainedProgram.Numbers("x", 21, 3);
        TrainedProgram.Step(trainer, 1, data);
        Dictionary<string, double> found = trainer.Evaluate("test", new Dictionary<string, Source> { ["x"] = data }).ToDictionary(v => v.Name, v => v.Value);
        Tensor x = data.Columns[0].Values.to(ScalarType.Float64);
        Assert.Equal(x.max().ToDouble(), found["most"], 1e-6);
        StateTable law = trainer.Nets.Single().State;
        Tensor y = x.asinh();
        Tensor scale = law["log_scale"].Tensor.exp();
        Tensor expected = -((y - law["mean"].Tensor).abs() / scale) - (2 * scale).log() - (0.5 * (1 + (x * x)).log());
        Assert.Equal(-expected.sum([1]).mean().ToDouble(), found["negative_log_prob"], 1e-5);
    }

    /// <summary>The largest number so far.</summary>
    public sealed class LargestMetric : IMetric
    {
        private double _most = double.NegativeInfinity;

        /// <inheritdoc/>
        public double Value => _most;

        /// <summary>A batch.</summary>
        public void Add(Tensor x)
        {
            using Tensor most = x.amax();
            _most = Math.Max(_most, most.ToDouble());
        }

        /// <inheritdoc/>
        public void Dispose()
        {
        }
    }
}
