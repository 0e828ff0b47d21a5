using System;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Samplers;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Models;

/// <summary>
/// PixelCNN++ (Salimans et al. 2017, arXiv:1701.05517) at a small size: tuples and paddings as hyperparameters, families of
/// tensors through nets, and normalised layers that start from data, all in one program with a derived sampler.
/// </summary>
public sealed class PixelCnnPlusPlusTests
{
    private const string Program = """
        gen 1
        space Photo = u8[3, 8, 8]

        net Wn(f: int, k: (int, int), p: padding, stride = 1)(x: [c, h, w]) {
            x |> weight_norm(conv(f, kernel: k, pad: p, stride: stride), init: data)
        }
        net Alone(f: int, k: (int, int), p: padding)(x: [f, h, w]) {
            a = x |> concat_elu |> Wn(f, k, p)
            x + (a |> concat_elu |> dropout(0.5) |> Wn(2 * f, k, p) |> glu)
        }
        net Gate(f: int, k: (int, int), p: padding)(x: [f, h, w], side: [e, h, w]) {
            a = (x |> concat_elu |> Wn(f, k, p)) + (side |> concat_elu |> Wn(f, (1, 1), same))
            x + (a |> concat_elu |> dropout(0.5) |> Wn(2 * f, k, p) |> glu)
        }
        net Up(f: int, n: int)(u: [f, h, w], l: [f, h, w]) {
            us[0] = u; ls[0] = l
            for i in 0..n {
                us[i + 1] = us[i] |> Alone(f, (2, 3), down)
                ls[i + 1] = (ls[i], us[i + 1]) |> Gate(f, (2, 2), down_right)
            }
            (us, ls)
        }
        net Down(f: int, n: int)(u: [f, h, w], l: [f, h, w], us: [n] of [f, h, w], ls: [n] of [f, h, w]) {
            for i in 0..n {
                u = (u, us[n - 1 - i]) |> Gate(f, (2, 3), down)
                l = (l, concat(u, ls[n - 1 - i])) |> Gate(f, (2, 2), down_right)
            }
            (u, l)
        }
        net Smaller(f: int)(u: [f, h, w], l: [f, h, w]) {
            (u |> Wn(f, (2, 3), down, 2), l |> Wn(f, (2, 2), down_right, 2))
        }
        net Bigger(f: int)(u: [f, h, w], l: [f, h, w]) {
            (u |> weight_norm(conv_transpose(f, kernel: (2, 3), stride: 2, pad: down), init: data),
             l |> weight_norm(conv_transpose(f, kernel: (2, 2), stride: 2, pad: down_right), init: data))
        }
        model PixelCnnPP(f = 4, n = 1, m = 2)(x: Photo) {
            y = x |> rescale(-1, 1) |> append_ones
            u = y |> Wn(f, (2, 3), down) |> rows_above
            l = (y |> Wn(f, (1, 3), down) |> rows_above) + (y |> Wn(f, (2, 1), down_right) |> columns_left)
            (ua, la) = (u, l) |> Up(f, n)
            (ub, lb) = (ua[n], la[n]) |> Smaller(f) |> Up(f, n)
            (uc, lc) = (ub[n], lb[n]) |> Smaller(f) |> Up(f, n)
            (u, l) = (uc[n], lc[n], uc[0..n], lc[0..n]) |> Down(f, n) |> Bigger(f)
            (u, l) = (u, l, ub, lb) |> Down(f, n + 1) |> Bigger(f)
            (_, l) = (u, l, ua, la) |> Down(f, n + 1)
            x ~ discretized_logistic_mixture(l |> elu |> Wn(10 * m, (1, 1), same))
        }
        """;

    private static readonly CompiledPrograms Programs = Compile();

    [Fact]
    public void ItsDerivedSampler_DrawsWhatTheWholeNetDraws()
    {
        using var sampled = new SampledModel(Programs.Find("pixel_cnn_pp", "PixelCnnPP"), torch.ScalarType.Float64);
        using torch.Tensor naive = sampled.Draw(2, new SamplingOptions { Method = SamplingMethod.Naive });
        using torch.Tensor derived = sampled.Draw(2, new SamplingOptions { Executor = SamplerExecutor.Tensors });
        Assert.True(naive.equal(derived).all().item<bool>());
    }

    [Fact]
    public void ItTrains_AndLeavesNothingBehind()
    {
        Type type = Programs.Find("pixel_cnn_pp", "PixelCnnPPTrainer");
        var descriptor = (TrainerDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        var bag = new OptionBag();
        bag.Set("batch", 8);
        using ITrainer trainer = descriptor.Create(bag);
        using torch.Tensor levels = Draws.Root(3, torch.CPU).At("x").Uniform(0, 256, 16, 3, 8, 8).floor_().to(torch.ScalarType.Byte);
        using var data = new Source("x", [new Column("x", ElementKind.Levels, 256, 0, 255, levels)]);
        object sources = Activator.CreateInstance(type.GetNestedType("Data")!, data)!;
        MethodInfo step = type.GetMethods().Single(m => m.Name == "Step" && m.GetParameters().Length == 1);
        double Loss() => ((IReport)step.Invoke(trainer, [sources])!).Values[0].Value;
        double first = Loss();
        Loss();
        long before = torch.Tensor.TotalCount;
        double last = 0;
        for (int i = 0; i < 20; i++)
        {
            last = Loss();
        }

        // Finalizers of what other tests left behind may lower the count.
        Assert.InRange(torch.Tensor.TotalCount, 0, before);
        Assert.InRange(last, 0, first);
    }

    private static CompiledPrograms Compile()
    {
        CheckedFile file = GenCompiler.Check(new GenSource("pixel_cnn_pp.gen", Program));
        Assert.Empty(file.Diagnostics.Select(d => d.ToString()));
        CompiledPrograms programs = CompiledPrograms.Of([file]);
        Assert.True(programs.Failures.Count == 0, string.Join("\n", programs.Failures.Values));
        return programs;
    }
}
