using System.Linq;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Shifts and look-ups against the moves written out.</summary>
public sealed class SequenceTests
{
    [Theory]
    [InlineData("delay(2)", "[0, 0, 1, 2, 3, 4]")]
    [InlineData("delay", "[0, 1, 2, 3, 4, 5]")]
    [InlineData("delay(7)", "[0, 0, 0, 0, 0, 0]")]
    public void Delay_MovesBack(string function, string expected)
    {
        var net = new CompiledNet($"net N(x: [6]) {{ x |> {function} }}");
        using Tensor x = tensor(new double[] { 1, 2, 3, 4, 5, 6 }).unsqueeze(0);
        using Tensor y = net.Run(x);
        Assert.Equal(expected, $"[{string.Join(", ", CompiledNet.Numbers(y))}]");
    }

    [Theory]
    [InlineData("rows_above", "[0, 0, 0, 1, 2, 3]")]
    [InlineData("columns_left", "[0, 1, 2, 0, 4, 5]")]
    public void Images_MoveDownOrRight(string function, string expected)
    {
        var net = new CompiledNet($"net N(x: [1, 2, 3]) {{ x |> {function} }}");
        using Tensor x = tensor(new double[] { 1, 2, 3, 4, 5, 6 }).reshape(1, 1, 2, 3);
        using Tensor y = net.Run(x);
        Assert.Equal(expected, $"[{string.Join(", ", CompiledNet.Numbers(y))}]");
    }

    [Fact]
    public void AShift_AddsZeroToTheRange_AndKeepsLevels()
    {
        var net = new CompiledNet("space P = f32[1, 4] in [0.5, 3]\nspace L = u8[1, 4]\nnet N(x: P, y: L) { (x |> delay, y |> delay) }");
        Assert.Equal("[1, 4] in [0, 3]", net.Ir.Forward!.Results[0].Type.ToString());
        Assert.Equal("u8[1, 4]", net.Ir.Forward!.Results[1].Type.ToString());
    }

    [Theory]
    [InlineData("class[5]", "", 5)]
    [InlineData("code[4]", "[6]", 4)]
    [InlineData("mulaw[7]", "[6]", 7)]
    [InlineData("bit", "[2, 3]", 2)]
    [InlineData("level[3]", "[2, 3, 4]", 3)]
    [InlineData("code[3]", "[1, 3, 4]", 3)]
    public void Embed_LooksUp_FeatureBeforeChannel(string element, string shape, int count)
    {
        var net = new CompiledNet($"space X = {element}{shape}\nnet N(x: X) {{ x |> embed(3) }}");
        long[] sizes = AccessTests.Sizes(net.Op.Inputs[0].Type.Shape);
        long[] full = [2, .. sizes];
        long numel = full.Aggregate(1L, (a, b) => a * b);
        long[] labels = [.. Enumerable.Range(0, (int)numel).Select(i => (i * 7L + 3) % count)];
        using Tensor flat = tensor(labels);
        using Tensor x = element is "bit" or "level[3]" ? flat.reshape(full).to(ScalarType.Float64) : flat.reshape(full);
        using Tensor y = net.Run(x);
        long[] shaped = sizes.Length < 2 ? [2, 3, .. sizes] : [2, 3 * sizes[0], .. sizes[1..]];
        Assert.Equal(shaped, y.shape);
        double[] table = net.Numbers("embed1.weight");
        double[] found = CompiledNet.Numbers(y);
        foreach (long[] place in AccessTests.Places(full))
        {
            for (long k = 0; k < 3; k++)
            {
                long[] at = sizes.Length < 2 ? [place[0], k, .. place[1..]] : [place[0], (k * sizes[0]) + place[1], .. place[2..]];
                Assert.Equal(table[(labels[AccessTests.Index(place, full)] * 3) + k], found[AccessTests.Index(at, shaped)]);
            }
        }

        using Tensor sum = y.sum();
        Tensor weight = net.State["embed1.weight"].Tensor;
        Tensor gradient = autograd.grad([sum], [weight])[0];
        Assert.Equal(Enumerable.Range(0, count).SelectMany(l => Enumerable.Repeat((double)labels.Count(x => x == l), 3)), CompiledNet.Numbers(gradient));
        Assert.Equal(GenDsl.Runtime.StateRole.Gain, net.State["embed1.weight"].Role);
    }
}
