using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Shapes;
using Xunit;
using static GenDsl.Dsl.Tests.Judgements.GraphBuilder;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>The published architectures, with the leads that the papers' arguments give.</summary>
public sealed class HorizonExampleTests
{
    private readonly GraphBuilder _graph = new();

    [Fact]
    public void GatedPixelCnn_TwoStacks()
    {
        IrValue x = Parameter(1, 28, 28);
        IrValue v = Down(_graph.Shift(x, 1, 0), 8);
        Assert.Equal("(-1, +1)", _graph.HorizonOf(x, v).ToString());
        IrValue s = DownRight(_graph.Shift(x, 0, 1), 8);
        Assert.Equal("(0, -1)", _graph.HorizonOf(x, s).ToString());
        ImmutableArray<IrValue> stacks = _graph.Loop(0, Depth, [v, s], (round, _) =>
        {
            IrValue a = Down(round[0], 16);
            IrValue b = _graph.Pointwise(DownRight(round[1], 16), _graph.Conv(a, 16, Taps(1, 0), Taps(1, 0)));
            return [_graph.Chunk(a, 2)[0], _graph.Pointwise(round[1], _graph.Conv(_graph.Chunk(b, 2)[0], 8, Taps(1, 0), Taps(1, 0)))];
        });
        Assert.Equal("(-1, any)", _graph.HorizonOf(x, stacks[0]).ToString());
        IrValue logits = _graph.Conv(stacks[1], 256, Taps(1, 0), Taps(1, 0));
        Horizon law = _graph.Law(x, logits);
        Assert.Equal("(0, -1)", law.ToString());
        Assert.True(law.IsPast);
        Assert.Equal(new Grain(GrainKind.Pixels, 1), Law.GrainOf(law));
    }

    [Theory]
    [InlineData(true, "(0, +1)")]
    [InlineData(false, "(0, 0)")]
    public void SymmetricKernels_LeakBehindAShift(bool isRow, string expected)
    {
        IrValue x = Parameter(1, 28, 28);
        IrValue v = isRow ? _graph.Conv(_graph.Shift(x, 1, 0), 8, Taps(3, 1), Taps(3, 1)) : _graph.Conv(_graph.Shift(x, 0, 1), 8, Taps(1, 0), Taps(3, 1));
        Horizon law = _graph.Law(x, _graph.Conv(v, 256, Taps(1, 0), Taps(1, 0)));
        Assert.Equal(expected, law.ToString());
        Assert.False(law.IsPast);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rgb_MaskedByGroups(bool isKnown)
    {
        Dim c = isKnown ? 3 : Free("c");
        IrValue x = Parameter(c, Free("h"), Free("w"));
        IrValue s = _graph.MaskedConv(_graph.Embed(x, 16), 4 * c, c, strict: true, Taps(7, 3), Taps(7, 3));
        Assert.Equal("(0, 0, -1)", _graph.HorizonOf(x, s).ToString());
        s = _graph.Loop(0, Depth, [s], (round, _) => [_graph.Pointwise(round[0], _graph.MaskedConv(round[0], 4 * c, c, strict: false, Taps(3, 1), Taps(3, 1)))])[0];
        Assert.Equal("(0, 0, -1)", _graph.HorizonOf(x, s).ToString());
        IrValue logits = _graph.MaskedConv(s, 256 * c, c, strict: false, Taps(1, 0), Taps(1, 0));
        Horizon law = _graph.Law(x, logits);
        Assert.True(law.IsPast);
        Assert.Equal(new Grain(GrainKind.SubPixels, 1), Law.GrainOf(law));

        // An unmasked 1x1 mixes the channels.
        Horizon mixed = _graph.Law(x, _graph.Conv(s, 256 * c, Taps(1, 0), Taps(1, 0)));
        Assert.Equal("(0, 0, any)", mixed.ToString());
        Assert.False(mixed.IsPast);
    }

    [Fact]
    public void Rgb_GatedHalves_KeepTheClasses_AndContiguousOnesDoNot()
    {
        IrValue x = Parameter(3, 8, 8);
        IrValue s = _graph.MaskedConv(x, 12, 3, strict: true, Taps(3, 1), Taps(3, 1));
        Assert.Equal("(0, 0, -1)", _graph.Law(x, _graph.Chunk(s, 2)[1]).ToString());
        IrValue odd = _graph.MaskedConv(x, 10, 3, strict: true, Taps(3, 1), Taps(3, 1));
        Assert.Equal("(0, 0, any)", _graph.Law(x, _graph.Chunk(odd, 2)[1]).ToString());
        IrValue split = _graph.Reshape(s, 4, 3, 8, 8);
        Assert.Equal("(0, 0, -1)", _graph.Law(x, split).ToString());
    }

    [Fact]
    public void PixelCnnPlusPlus_StridesAndShortcuts()
    {
        IrValue x = Parameter(3, 4 * Free("h"), 4 * Free("w"));
        IrValue u = _graph.Shift(Down(x, 8), 1, 0);
        IrValue l = _graph.Pointwise(_graph.Shift(_graph.Conv(x, 8, Taps(1, 0), Taps(3, 1)), 1, 0), _graph.Shift(_graph.Conv(x, 8, Taps(2, 1), Taps(1, 0)), 0, 1));
        Assert.Equal("(-1, +1)", _graph.HorizonOf(x, u, true).ToString());
        Assert.Equal("(0, -1)", _graph.HorizonOf(x, l, true).ToString());
        (u, l) = Stage(u, l);
        (IrValue ua, IrValue la) = (u, l);
        (u, l) = Stage(Strided(u, 3, 1), Strided(l, 2, 1));
        (IrValue ub, IrValue lb) = (u, l);
        Assert.Equal("(-1, any)", _graph.HorizonOf(x, u, true).ToString());
        Assert.Equal("axis 1 at rate 2", _graph.HorizonOf(x, l, true).Carriers[0]!.ToString());
        (u, l) = Stage(Strided(u, 3, 1), Strided(l, 2, 1));
        Assert.Equal("axis 2 at rate 4", _graph.HorizonOf(x, l, true).Carriers[1]!.ToString());
        (u, l) = (Bigger(u, 3, 1), Bigger(l, 2, 0));
        (u, l) = Stage(_graph.Pointwise(u, ub), _graph.Pointwise(l, lb));
        (u, l) = (Bigger(u, 3, 1), Bigger(l, 2, 0));
        (u, l) = Stage(_graph.Pointwise(u, ua), _graph.Pointwise(l, la));
        Assert.Equal("(-1, any)", _graph.HorizonOf(x, u, true).ToString());
        Horizon law = _graph.Law(x, _graph.Conv(l, 100, Taps(1, 0), Taps(1, 0)), channelsAreEvent: true);
        Assert.Equal("(0, -1)", law.ToString());
        Assert.Equal(new Grain(GrainKind.Pixels, 1), Law.GrainOf(law));
    }

    [Theory]
    [InlineData(7, 16, false)]
    [InlineData(7, 16, true)]
    [InlineData(784, 500, false)]
    [InlineData(1, 4, false)]
    public void Made_ReadsEarlierVariables(int variables, int hidden, bool two)
    {
        IrValue x = Parameter(variables);
        IrValue h = _graph.Pointwise(_graph.Masked(x, hidden, variables, strict: false));
        Assert.Equal("(0)", _graph.HorizonOf(x, h).ToString());
        h = _graph.Masked(h, hidden, variables, strict: false);
        IrValue y = _graph.Masked(h, (two ? 2 : 1) * variables, variables, strict: true);
        Horizon law = _graph.Law(x, two ? _graph.Chunk(y, 2)[1] : y);
        Assert.Equal("(-1)", law.ToString());
        Assert.True(law.IsPast);
        Assert.False(_graph.Law(x, _graph.Masked(h, variables, variables, strict: false)).IsPast);
    }

    [Fact]
    public void Made_OfSymbolicSize()
    {
        Dim d = Free("d");
        IrValue x = Parameter(d);
        IrValue h = _graph.Masked(_graph.Masked(x, 64, d, strict: false), 64, d, strict: false);
        IrValue y = _graph.Masked(h, 3 * d, d, strict: true);
        Assert.Equal("(-1)", _graph.Law(x, _graph.Reshape(y, 3, d)).ToString());
    }

    [Fact]
    public void WaveNet_DilatedAndDelayed()
    {
        IrValue x = Parameter(Free("t"));
        IrValue h = _graph.Shift(_graph.Embed(x, 8), 1);
        IrValue skip = _graph.Conv(h, 8, Taps(1, 0));
        ImmutableArray<IrValue> out2 = _graph.Loop(0, Depth, [h, skip], (round, i) =>
        {
            Dim dilation = Dim.Power(2, i)!;
            IrValue g = _graph.Conv(round[0], 8, Taps(2, dilation, dilation: dilation));
            return [_graph.Pointwise(round[0], g), _graph.Pointwise(round[1], g)];
        });
        Horizon law = _graph.Law(x, _graph.Conv(out2[1], 256, Taps(1, 0)));
        Assert.Equal("(-1)", law.ToString());
        Assert.Equal(new Grain(GrainKind.Blocks, 1), Law.GrainOf(law));
    }

    [Fact]
    public void WaveNet_WithoutPaddingInFront_HasNoLimit()
    {
        // The taps reach forward by the dilation: at most 2^(depth - 1) in the last round, and more with every round.
        IrValue x = Parameter(Free("t"));
        IrValue h = _graph.Loop(0, Depth, [_graph.Embed(x, 8)], (round, i) => [_graph.Conv(round[0], 8, Taps(2, 0, dilation: Dim.Power(2, i)))])[0];
        Assert.Equal("(any)", _graph.HorizonOf(x, h).ToString());
    }

    [Fact]
    public void PixelRnn_OnTheRaster()
    {
        IrValue x = Parameter(1, 28, 28);
        IrValue t = _graph.Raster(x);
        IrValue h = _graph.Op(new ScanAccess(), [16, 784], _graph.Shift(t, 1));
        Horizon law = _graph.Law(t, _graph.Conv(h, 1, Taps(1, 0)));
        Assert.Equal("(-1)", law.ToString());
        Assert.False(_graph.Law(t, _graph.Conv(_graph.Op(new ScanAccess(), [16, 784], t), 1, Taps(1, 0))).IsPast);
    }

    [Theory]
    [InlineData(-1, 40, "(-1)")] // a row up and far right is the pixel before the row at most
    [InlineData(0, -1, "(-1)")]
    [InlineData(-1, 3, "(-25)")]
    [InlineData(-2, -1, "(-57)")]
    [InlineData(0, 2, "(+2)")]
    public void RasterOfAGrid(int row, int column, string expected)
    {
        IrValue x = Parameter(1, 28, 28);
        IrValue v = _graph.Shift(x, -row, -column);
        Assert.Equal(expected, _graph.HorizonOf(x, _graph.Raster(v)).ToString());
    }

    [Theory]
    [InlineData(1, "(0, -1)")]
    [InlineData(28, "(-1, 0)")]
    [InlineData(30, "(-1, -2)")]
    [InlineData(57, "(-2, -1)")]
    [InlineData(-3, "(+1, -25)")]
    public void GridOfALine(int delay, string expected)
    {
        IrValue x = Parameter(1, 784);
        IrValue v = _graph.Shift(x, delay);
        Assert.Equal(expected, _graph.HorizonOf(x, _graph.Reshape(v, 1, 28, 28)).ToString());
    }

    [Fact]
    public void GridOfALine_OfUnknownWidth()
    {
        (Dim h, Dim w) = (Free("h"), Free("w"));
        IrValue x = Parameter(1, h * w);
        string At(Dim delay) => _graph.HorizonOf(x, _graph.Reshape(_graph.Op(new TapsAccess([Taps(1, delay)]) { IsPerFeature = true }, x.Type.Shape, x), 1, h, w)).ToString();
        Assert.Equal("(0, 0)", At(0));
        Assert.Equal("(-1, 0)", At(w));
        Assert.Equal("(0, -1)", At(2));
        Assert.Equal("(-2, 0)", At(2 * w));
    }

    [Fact]
    public void Raster_OfUnknownWidth_KeepsTheOrder()
    {
        IrValue x = Parameter(3, Free("h"), Free("w"));
        IrValue t = _graph.Raster(x);

        // The image behind its own raster: a two-dimensional mask sees only what the line has drawn.
        IrValue masked = _graph.MaskedConv(x, 6, 3, strict: true, Taps(5, 2), Taps(5, 2));
        Assert.Equal("(0, 0, -1)", _graph.HorizonOf(t, masked).ToString());
        Assert.True(_graph.Law(t, _graph.Raster(masked)).IsPast);
        IrValue above = _graph.Conv(_graph.Shift(x, 1, 0), 6, Taps(1, 0), Taps(5, 2));
        Assert.True(_graph.Law(t, _graph.Raster(above)).IsPast);
        Assert.False(_graph.Law(t, _graph.Raster(_graph.Conv(above, 6, Taps(2, 0), Taps(1, 0)))).IsPast);
    }

    [Fact]
    public void AShuffle_LeavesNoOrderOfTheImage()
    {
        IrValue x = Parameter(1, 4, 4);
        IrValue t = _graph.Op(new RearrangeAccess(Rearrangement.Shuffle), [16], _graph.Reshape(x, 16));
        Assert.Equal("(-1)", _graph.Law(t, _graph.Masked(_graph.Masked(t, 32, 16, false), 16, 16, true)).ToString());
        IrValue aside = _graph.Reshape(_graph.MaskedConv(x, 1, 1, strict: true, Taps(3, 1), Taps(3, 1)), 16);
        Assert.False(_graph.Law(t, aside).IsPast);
    }

    [Fact]
    public void Blocks_AreDrawnAtOnce()
    {
        IrValue x = Parameter(1, Free("t"));
        Assert.Equal(new Grain(GrainKind.Blocks, 4), Law.GrainOf(_graph.Law(x, _graph.Shift(x, 4))));
        IrValue image = Parameter(3, 8, 8);
        Horizon rows = _graph.Law(image, _graph.Conv(_graph.Shift(image, 2, 0), 3, Taps(1, 0), Taps(3, 1)));
        Assert.Equal("(-2, +1, any)", rows.ToString());
        Assert.Equal(new Grain(GrainKind.Rows, 2), Law.GrainOf(rows));
    }

    [Fact]
    public void BatchStatistics_AndWholeSamples_SeeAll()
    {
        IrValue x = Parameter(1, 8, 8);
        IrValue past = _graph.Shift(x, 1, 0);
        Assert.Equal("(any, any)", _graph.Law(x, _graph.Op(Access.BatchStatistics, past.Type.Shape, past)).ToString());
        Assert.Equal("(any, any)", _graph.HorizonOf(x, _graph.Op(Access.Everything, [], past)).ToString());
    }

    private static Dim Depth => Dim.Of(new DimVariable("depth", DimVariableKind.Hyperparameter));

    private static Dim Free(string name) => Dim.Of(new DimVariable(name, DimVariableKind.Free));

    private IrValue Down(IrValue x, Dim channels) => _graph.Conv(x, channels, Taps(2, 1), Taps(3, 1));

    private IrValue DownRight(IrValue x, Dim channels) => _graph.Conv(x, channels, Taps(1, 0), Taps(2, 1));

    private IrValue Strided(IrValue x, int width, int left) => _graph.Conv(x, 8, Taps(2, 1, 2), Taps(width, left, 2));

    private IrValue Bigger(IrValue x, int width, int crop) => _graph.Conv(x, 8, Taps(2, 0, 2, true), Taps(width, crop, 2, true));

    private (IrValue U, IrValue L) Stage(IrValue u, IrValue l)
    {
        ImmutableArray<IrValue> stacks = _graph.Loop(0, Depth, [u, l], (round, _) =>
        {
            IrValue up = _graph.Pointwise(round[0], Down(round[0], 8));
            IrValue left = _graph.Conv(round[1], 8, Taps(2, 1), Taps(2, 1));
            return [up, _graph.Pointwise(left, _graph.Conv(up, 8, Taps(1, 0), Taps(1, 0)))];
        });
        return (stacks[0], stacks[1]);
    }
}
