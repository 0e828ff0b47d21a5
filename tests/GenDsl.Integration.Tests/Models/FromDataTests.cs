using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Models;

/// <summary>Programs whose layers start from data: what the pass before the first step leaves behind, and resuming.</summary>
public sealed class FromDataTests
{
    // The results are all pre-activations, in program order; one layer is applied twice and one of every round is there.
    private const string Program = """
        space Photo = f32[2, 6, 6]
        net Stem(f: int)(x: [c, h, w]) { x |> weight_norm(conv(f, kernel: 3), init: data) }
        net N(f = 3, n = 2)(x: Photo) {
            a = x |> Stem(f)
            shared = weight_norm(conv(f, kernel: 3), init: data)
            b = a |> relu |> shared
            c = b |> relu |> shared
            us[0] = c
            for i in 0..n { us[i + 1] = us[i] |> tanh |> weight_norm(conv(f, kernel: 1), init: data) }
            d = us[n] |> relu |> weight_norm(conv_transpose(4, kernel: 4, stride: 2), init: data)
            e = d |> relu |> weight_norm(conv(2, kernel: 3)) |> flatten |> weight_norm(linear(5), init: data)
            (a, b, us, d, e)
        }
        trainer T(rate = 0.0)(x: Photo) {
            M = N()
            average = ema(M, 0.5)
            (a, b, us, d, e) = M(x)
            minimize mean(e^2) + mean(a) * 0.1 over M with sgd(rate)
            (_, f, _, _, _) = average(x)
            report spread = mean(f)
        }
        """;

    private static readonly CompiledPrograms Programs = Compile();

    [Fact]
    public void AfterThePass_EveryPreActivationIsStandardised()
    {
        using ITrainer trainer = Create(0);
        using Source data = Images();
        Step(trainer, data, 1);
        object net = trainer.GetType().GetProperty("M")!.GetValue(trainer)!;

        // The batch of the pass has all rows, in another order.
        using torch.Tensor x = Pixels();
        using var frozen = torch.no_grad();
        var results = (ITuple)net.GetType().GetMethod("Forward", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(net, [x, Mode.Evaluate])!;
        torch.Tensor[] tensors = [.. Enumerable.Range(0, results.Length).SelectMany(i => results[i] as torch.Tensor[] ?? [(torch.Tensor)results[i]!])];

        // What a shared layer computes is standardised in its first application: us[0] is its second.
        Assert.Equal(7, tensors.Length);
        foreach (torch.Tensor y in tensors.Where((_, i) => i != 2))
        {
            long[] axes = [.. Enumerable.Range(0, (int)y.dim()).Where(i => i != 1).Select(i => (long)i)];
            using torch.Tensor mean = y.mean(axes);
            using torch.Tensor variance = y.square().mean(axes) - mean.square();
            Assert.All(mean.data<float>().ToArray(), value => Assert.Equal(0, value, 1e-4));
            Assert.All(variance.data<float>().ToArray(), value => Assert.Equal(1, value, 1e-3));
        }
    }

    [Fact]
    public void AnAverage_FollowsWhatThePassSets()
    {
        using ITrainer trainer = Create(0);
        using Source data = Images();
        Step(trainer, data, 1);
        TensorAssert.Same(trainer.Nets[0].State, trainer.Nets[1].State);
    }

    [Fact]
    public void ThePass_RunsOnce_AndLeavesTheDataWhereItWas()
    {
        using ITrainer first = Create(0);
        using ITrainer second = Create(0);
        using Source data = Images();
        Step(first, data, 1);
        Step(second, data, 4);
        TensorAssert.Same(first.Nets[0].State, second.Nets[0].State);
        Assert.Equal(4, second.GlobalStep);
        Assert.Equal(4, second.Epoch, 9);
    }

    [Fact]
    public void Resume_IsTheUninterruptedRun_BitForBit()
    {
        using var folder = new TemporaryFolder();
        using Source data = Images();
        using ITrainer whole = Create(0.1);
        using ITrainer half = Create(0.1);
        Step(whole, data, 5);
        Step(half, data, 2);
        half.Save(folder.Path);
        using ITrainer resumed = Descriptor.Load(folder.Path, new OptionBag());
        Step(resumed, data, 3);
        TensorAssert.Same(whole.State, resumed.State);
    }

    [Fact]
    public void ResumeFromBeforeTheFirstStep_RunsThePass()
    {
        using var folder = new TemporaryFolder();
        using Source data = Images();
        using ITrainer whole = Create(0.1);
        whole.Save(folder.Path);
        using ITrainer resumed = Descriptor.Load(folder.Path, new OptionBag());
        Step(whole, data, 2);
        Step(resumed, data, 2);
        TensorAssert.Same(whole.State, resumed.State);
    }

    [Fact]
    public void ThePass_LeavesNoTensors()
    {
        using Source data = Images();
        using ITrainer warm = Create(0);
        Step(warm, data, 2);
        using ITrainer trainer = Create(0);
        Step(trainer, data, 1);
        long before = torch.Tensor.TotalCount;
        Step(trainer, data, 3);

        // Finalizers of what other tests left behind may lower the count.
        Assert.InRange(torch.Tensor.TotalCount, 0, before);
    }

    private static CompiledPrograms Compile()
    {
        CheckedFile file = GenCompiler.Check(new GenSource("from_data.gen", Program));
        Assert.Empty(file.Diagnostics.Where(d => d.Severity == Dsl.Diagnostics.Severity.Error).Select(d => d.ToString()));
        CompiledPrograms programs = CompiledPrograms.Of([file]);
        Assert.True(programs.Failures.Count == 0, string.Join("\n", programs.Failures.Values));
        return programs;
    }

    private static TrainerDescriptor Descriptor =>
        (TrainerDescriptor)Programs.Find("from_data", "TTrainer").GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    private static ITrainer Create(double rate)
    {
        var bag = new OptionBag();
        bag.Set("batch", 40);
        bag.Set("rate", rate);
        return Descriptor.Create(bag);
    }

    private static torch.Tensor Pixels() => Draws.Root(5, torch.CPU).At("x").Normal(40, 2, 6, 6).mul_(3).add_(1);

    private static Source Images() => new("x", [new Column("x", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, Pixels())]);

    private static void Step(ITrainer trainer, Source data, int steps)
    {
        object sources = Activator.CreateInstance(trainer.GetType().GetNestedType("Data")!, data)!;
        MethodInfo step = trainer.GetType().GetMethods().Single(m => m.Name == "Step" && m.GetParameters().Length == 1);
        for (int i = 0; i < steps; i++)
        {
            step.Invoke(trainer, [sources]);
        }
    }
}
