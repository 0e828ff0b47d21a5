using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Views of images: what each sample is cut, turned and moved by, and what the library draws.</summary>
public sealed class ViewTests
{
    // Every view, of one batch, kept in a state so that it can be looked at.
    private const string Text = """
        space Image = f32[3, 8, 8] in [0, 1]
        space Turn = class[4]
        net Map(x: Image) { x |> flatten |> linear(1) }
        trainer T(x: [N; Image]) {
            F = Map()
            state shifted: [N; 3, 8, 8] = zeros
            state again: [N; 3, 8, 8] = zeros
            state flipped: [N; 3, 8, 8] = zeros
            state cut: [N; 3, 8, 8] = zeros
            state masked: [N; 3, 8, 8] = zeros
            state jittered: [N; 3, 8, 8] = zeros
            state still: [N; 3, 8, 8] = zeros
            state grey: [N; 3, 8, 8] = zeros
            state resized: [N; 3, 8, 8] = zeros
            state turned: [N; 3, 8, 8] = zeros
            state same: [N; 3, 8, 8] = zeros
            state blurred: [N; 3, 8, 8] = zeros
            shifted <- random_shift(x, 2)
            again <- random_shift(x, 2)
            flipped <- random_flip(x)
            cut <- cutout(x, 0.5)
            masked <- random_mask(x, 0.25)
            jittered <- color_jitter(x)
            still <- color_jitter(x, brightness: 0, contrast: 0, saturation: 0, hue: 0)
            grey <- random_grayscale(x, 0.5)
            resized <- random_resized_crop(x, 0.2)
            turned <- random_affine(x)
            same <- random_affine(x, degrees: 0, shift: 0, zoom: 0)
            blurred <- random_blur(x, 1)
            minimize mean(F(color_jitter(x |> random_resized_crop(0.2) |> random_flip |> random_blur) |> random_grayscale |> cutout)^2) over F with sgd(0.01)
        }
        trainer Quarters(x: Image) {
            F = Map()
            four = copies(x, 4)
            k = copy_index(four, 4)
            y = rot90(four, k)
            minimize mean(F(y)^2) over F with sgd(0.01)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("views", Text));

    [Fact]
    public void APartIsCut_AtThePlaceOfEachSample_AndAllPlacesAreAlike()
    {
        using Tensor x = arange(2 * 3 * 5 * 6, ScalarType.Float64).reshape(2, 3, 5, 6);
        using Tensor top = tensor([0.0, 1.0]), left = tensor([0.5, 0.2]);
        using Tensor y = Views.Crop(x, 2, 4, top, left);
        TensorAssert.Same(x[0][.., 0..2, 1..5], y[0]);
        TensorAssert.Same(x[1][.., 3..5, 0..4], y[1]);

        // Of four places each is hit by a quarter of [0, 1).
        using Tensor even = arange(4000, ScalarType.Float64) / 4000;
        using Tensor row = arange(4, ScalarType.Float64).reshape(1, 1, 1, 4).expand(4000, 1, 1, 4);
        using Tensor hit = Views.Crop(row, 1, 1, even, even);
        Assert.Equal([1000, 1000, 1000, 1000], hit.reshape(-1).data<double>().ToArray().CountBy(v => (int)v).OrderBy(c => c.Key).Select(c => c.Value));
    }

    [Fact]
    public void AnImageThatIsLookedAtStraight_IsItself_AndAQuarterIsAQuarter()
    {
        using Tensor x = CompiledNet.Normal(2, 3, 6, 6);
        using Tensor straight = tensor(new double[] { 1, 0, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0 }).reshape(2, 6);
        using Tensor y = Views.AffineSample(x, straight, PaddingModes.Zeros);
        TensorAssert.Close(x[0], y[0], 1e-12);
        TensorAssert.Close(x[1].rot90(1, (1, 2)), y[1], 1e-12);

        // One site to the left, and what comes in from beyond.
        using Tensor moved = tensor(new double[] { 1, 0, 2.0 / 6, 0, 1, 0 }).reshape(1, 6);
        using Tensor one = x[..1];
        foreach ((PaddingModes edge, Tensor beyond) in new[] { (PaddingModes.Zeros, zeros(3, 6, ScalarType.Float64)), (PaddingModes.Replicate, x[0][.., .., 5]), (PaddingModes.Reflect, x[0][.., .., 5]) })
        {
            using Tensor left = Views.AffineSample(one, moved, edge);
            TensorAssert.Close(x[0][.., .., 1..], left[0][.., .., ..5], 1e-12);
            TensorAssert.Close(beyond, left[0][.., .., 5], 1e-12);
        }
    }

    [Theory]
    [InlineData(PaddingModes.Zeros)]
    [InlineData(PaddingModes.Replicate)]
    public void AFieldOfWholeSites_MovesTheImage_AndNoFieldIsTheImage(PaddingModes edge)
    {
        using Tensor x = CompiledNet.Normal(2, 3, 5, 6);
        using Tensor none = zeros(2, 2, 5, 6, ScalarType.Float64);
        using Tensor same = Views.Warp(x, none, edge);
        TensorAssert.Close(x, same, 1e-12);

        // The first image looks two to the right, the second one up.
        using Tensor flow = none.clone();
        flow[0, 0] = 2;
        flow[1, 1] = -1;
        using Tensor moved = Views.Warp(x, flow, edge);
        TensorAssert.Close(x[0][.., .., 2..], moved[0][.., .., ..4], 1e-12);
        TensorAssert.Close(x[1][.., ..4, ..], moved[1][.., 1.., ..], 1e-12);
        TensorAssert.Close(edge == PaddingModes.Zeros ? zeros(3, 5, ScalarType.Float64) : x[0][.., .., 5], moved[0][.., .., 4], 1e-12);
        TensorAssert.Close(edge == PaddingModes.Zeros ? zeros(3, 6, ScalarType.Float64) : x[1][.., 0, ..], moved[1][.., 0, ..], 1e-12);

        // Half a site is the mean of two; the slopes of both are those of values.
        using Tensor half = none + 0.5;
        half[.., 1] = 0;
        using Tensor between = Views.Warp(x, half, edge);
        TensorAssert.Close((x[.., .., .., ..5] + x[.., .., .., 1..]) / 2, between[.., .., .., ..5], 1e-12);
        using Tensor at = CompiledNet.Normal(1, 2, 3, 4) * 0.3;
        Slopes.CheckFirst(t => Views.Warp(t[0], t[1], edge), x[..1, ..2, ..3, ..4].contiguous(), at);
    }

    [Fact]
    public void FourQuarters_AreTheImage()
    {
        using Tensor x = CompiledNet.Normal(4, 2, 5, 5);
        using Tensor k = tensor(new long[] { 0, 1, 2, 3 });
        using Tensor once = Views.QuarterTurns(x, k);
        for (int i = 0; i < 4; i++)
        {
            TensorAssert.Same(x[i].rot90(i, (1, 2)).contiguous(), once[i]);
        }

        Tensor round = x;
        using Tensor one = ones(4, ScalarType.Int64);
        for (int i = 0; i < 4; i++)
        {
            round = Views.QuarterTurns(round, one);
        }

        TensorAssert.Same(x, round);
    }

    [Fact]
    public void ABlur_IsTheMeanWithGaussianWeights_AndKeepsWhatIsEven()
    {
        using Tensor x = CompiledNet.Normal(2, 3, 7, 6);
        using Tensor sigma = tensor([0.5, 2.0]);
        using Tensor y = Views.GaussianBlur(x, 5, sigma);
        for (int n = 0; n < 2; n++)
        {
            double[] weights = [.. Enumerable.Range(-2, 5).Select(d => Math.Exp(-0.5 * d * d / Math.Pow(n == 0 ? 0.5 : 2, 2)))];
            double sum = 0, total = weights.Sum();
            for (int i = 0; i < 5; i++)
            {
                for (int j = 0; j < 5; j++)
                {
                    sum += weights[i] * weights[j] / (total * total) * x[n, 1, 1 + i, 1 + j].ToDouble();
                }
            }

            Assert.Equal(sum, y[n, 1, 3, 3].ToDouble(), 1e-12);
        }

        using Tensor even = full([1, 1, 4, 4], 0.7, ScalarType.Float64);
        TensorAssert.Close(even, Views.GaussianBlur(even, 5, sigma[..1]), 1e-12);
        using Tensor none = tensor([1e-3]);
        TensorAssert.Close(x[..1], Views.GaussianBlur(x[..1], 3, none), 1e-12);
    }

    [Fact]
    public void EachViewIsWhatItSays_AndTwoAreTwo()
    {
        using ITrainer trainer = Program.Value.Create("T", ("batch", "64"));
        using Tensor x = Draws.Root(3, CPU).At("x").Uniform(0, 1, 64, 3, 8, 8);
        using Source source = new("x", [new Column("x", ElementKind.Real, 0, 0, 1, x.clone())]);
        TrainedProgram.Step(trainer, 1, source);
        Tensor Seen(string name) => trainer.State[name].Tensor;

        // The rows of a step are shuffled, and the mean of each image tells which it is: nothing is assumed of the order.
        Tensor images = Seen("still");
        Assert.Equal(64, images.reshape(64, -1).unsqueeze(1).sub(x.reshape(64, -1)).abs().amax([2L]).lt(1e-2).sum().ToInt64());
        images = Order(x, images);
        Assert.False(Seen("shifted").equal(Seen("again")).all().item<bool>());
        HashSet<(int, int)> places = [];
        using Tensor wide = Views.Pad(images, 2, PaddingModes.Reflect);
        for (int n = 0; n < 64; n++)
        {
            (int, int)[] found = [.. from i in Enumerable.Range(0, 5) from j in Enumerable.Range(0, 5) where wide[n][.., i..(i + 8), j..(j + 8)].equal(Seen("shifted")[n]).all().item<bool>() select (i, j)];
            places.Add(Assert.Single(found));
        }

        Assert.InRange(places.Count, 18, 25);
        long turned = 0, grey = 0, hidden = 0;
        for (int n = 0; n < 64; n++)
        {
            bool isTurned = Seen("flipped")[n].equal(images[n].flip(-1)).all().item<bool>();
            Assert.True(isTurned || Seen("flipped")[n].equal(images[n]).all().item<bool>());
            turned += isTurned ? 1 : 0;

            Tensor luminance = (0.299 * images[n][0]) + (0.587 * images[n][1]) + (0.114 * images[n][2]);
            bool isGrey = Seen("grey")[n].sub(luminance).abs().max().ToDouble() < 1e-6;
            Assert.True(isGrey || Seen("grey")[n].equal(images[n]).all().item<bool>());
            grey += isGrey ? 1 : 0;

            // A hole is a rectangle, the same in all channels; the rest stays.
            Tensor hole = Seen("cut")[n].eq(0).all(0);
            Assert.True(where(hole, images[n], Seen("cut")[n]).equal(images[n]).all().item<bool>());
            Assert.Equal(hole.any(0).sum().ToInt64() * hole.any(1).sum().ToInt64(), hole.sum().ToInt64());
            Assert.InRange(hole.any(0).sum().ToInt64(), 1, 5);
            hidden += hole.sum().ToInt64();
        }

        Assert.InRange(turned, 20, 44);
        Assert.InRange(grey, 20, 44);
        Assert.InRange(hidden / 64.0, 6, 16);
        Tensor gone = Seen("masked").eq(0);
        Assert.InRange(gone.to(ScalarType.Float32).mean().ToDouble(), 0.22, 0.28);
        Assert.True(where(gone, images, Seen("masked")).equal(images).all().item<bool>());
        foreach (string name in new[] { "jittered", "resized", "turned", "blurred" })
        {
            Assert.InRange(Seen(name).min().ToDouble(), 0, 1);
            Assert.InRange(Seen(name).max().ToDouble(), 0, 1);
            Assert.InRange(Seen(name).sub(images).abs().mean().ToDouble(), 0.02, 0.5);
        }

        TensorAssert.Close(images, Seen("same"), 1e-5);
        TrainedProgram.Step(trainer, 1, source);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, source));
    }

    [Fact]
    public void TheFourTurns_AreLabelledAndBalanced()
    {
        using ITrainer trainer = Program.Value.Create("Quarters", ("batch", "5"));
        using Tensor x = Draws.Root(3, CPU).At("x").Uniform(0, 1, 10, 3, 8, 8);
        using Source source = new("x", [new Column("x", ElementKind.Real, 0, 0, 1, x.clone())]);
        TrainedProgram.Step(trainer, 2, source);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, source));
        using Tensor rows = zeros(12);
        Assert.Equal([0L, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3], BatchRows.CopyIndex(rows, 4).data<long>().ToArray());
    }

    [Fact]
    public void SitesAndPatches_AreRowsInTheirOrder_AndBack()
    {
        using Tensor x = CompiledNet.Normal(2, 3, 4, 5);
        using Tensor rows = BatchRows.Sites(x);
        Assert.Equal([40L, 3], rows.shape);
        TensorAssert.Same(x[1, .., 2, 3].contiguous(), rows[(((2 * 5) + 3) * 2) + 1]);
        TensorAssert.Same(x, BatchRows.FromSites(rows, 4, 5));
        using Tensor sound = CompiledNet.Normal(3, 2, 7);
        using Tensor moments = BatchRows.Sites(sound);
        TensorAssert.Same(sound[2, .., 6].contiguous(), moments[(6 * 3) + 2]);
        TensorAssert.Same(sound, BatchRows.FromSites(moments, 7));
        using Tensor patches = Views.Patches(x, 2, 3, 1, 2);
        Assert.Equal([3L * 2 * 2, 3, 2, 3], patches.shape);
        TensorAssert.Same(x[1][.., 2..4, 2..5].contiguous(), patches[(((2 * 2) + 1) * 2) + 1]);
    }

    [Fact]
    public void ABin_IsAnEqualPartOfTheRange()
    {
        var net = new CompiledNet("net N(x: [d]) { quantize(clamp(x, -1, 1), 4) }");
        using Tensor x = tensor(new double[] { -1, -0.51, -0.5, -1e-9, 0, 0.49, 0.5, 1 }).reshape(1, 8);
        using Tensor y = net.Run(x);
        Assert.Equal([0L, 0, 1, 1, 2, 2, 3, 3], y.data<long>().ToArray());
        Assert.Equal((Dsl.Types.Element.Code, new Interval(0, 3)), (net.Op.Outputs[0].Type.Element, net.Op.Outputs[0].Type.Range));
    }

    [Theory]
    [InlineData("narrow(x, 1, 1, 2)", "[c, h, w]", new long[] { 2, 3, 2, 5 })]
    [InlineData("narrow(x, -1, 0, w - 2)", "[c, h, w]", new long[] { 2, 3, 4, 3 })]
    [InlineData("stack(x, 2 * x, sin(x))", "[d]", new long[] { 2, 3, 4 })]
    [InlineData("x |> pad(2, mode: reflect) |> logsumexp", "[c, h, w]", new long[] { 2, 8, 9 })]
    [InlineData("clamp(cos(x), -0.5, 0.25)", "[d]", new long[] { 2, 4 })]
    public void SmallFunctions_ComputeWhatTorchDoes(string call, string data, long[] shape)
    {
        using Tensor x = data == "[d]" ? CompiledNet.Normal(2, 4) : CompiledNet.Normal(2, 3, 4, 5);
        var net = new CompiledNet($"net N(x: {data}) where {(data == "[d]" ? "d >= 1" : "h >= 3, w >= 3")} {{ {call} }}");
        Tensor wanted = call[..4] switch
        {
            "narr" when call.Contains("-1", StringComparison.Ordinal) => x[.., .., .., ..3],
            "narr" => x[.., .., 1..3],
            "stac" => torch.stack([x, x * 2, x.sin()], 1),
            "x |>" => nn.functional.pad(x, [2, 2, 2, 2], PaddingModes.Reflect, 0).logsumexp(1),
            _ => x.cos().clamp(-0.5, 0.25),
        };
        using Tensor y = net.Run(x);
        Assert.Equal(shape, y.shape);
        TensorAssert.Close(wanted, y.detach(), 1e-14);
        if (call.StartsWith("clamp", StringComparison.Ordinal))
        {
            Assert.Equal(new Interval(-0.5, 0.25), net.Op.Outputs[0].Type.Range);
        }
    }

    // The rows of the batch, in its order, from what is known of them within rounding.
    private static Tensor Order(Tensor all, Tensor near)
    {
        Tensor apart = near.reshape(64, 1, -1).sub(all.reshape(1, 64, -1)).abs().amax([2L]);
        return all.index_select(0, apart.argmin(1));
    }
}
