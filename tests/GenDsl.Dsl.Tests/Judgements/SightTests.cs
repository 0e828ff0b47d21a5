using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Shapes;
using Xunit;
using static GenDsl.Dsl.Tests.Judgements.GraphBuilder;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>What a pixel sees of the pixels before it.</summary>
public sealed class SightTests
{
    private readonly GraphBuilder _graph = new();

    [Theory]
    [InlineData(11, 3, 5, 5, 50, 60)]
    [InlineData(28, 7, 14, 14, 351, 406)]
    public void MaskedStack_HasABlindSpot(int size, int kernel, int row, int column, int seen, int earlier)
    {
        IrValue x = Parameter(1, size, size);
        IrValue first = _graph.MaskedConv(x, 4, 1, true, Taps((kernel / 2) + 1, kernel / 2), Taps(kernel, kernel / 2));
        IrValue s = _graph.Loop(0, 3, [first], (round, _) => [_graph.Pointwise(round[0], _graph.MaskedConv(round[0], 4, 1, false, Taps(2, 1), Taps(3, 1)))])[0];
        Sight sight = Of(x, s, SightDepth.AnyRounds, row, column)!;
        Assert.Equal((seen, earlier), (sight.Seen, sight.Earlier));
        Assert.True(Of(x, s, SightDepth.AnyDepth, row, column)!.HasHoles);
        Assert.True(Of(x, s, SightDepth.AsWritten, row, column)!.Seen < seen);
        if (size == 11)
        {
            Assert.Equal("######.\n#####..\n####...\n###....\n#o", sight.Picture);
        }
    }

    [Fact]
    public void WrittenOutStack_IsJudgedAtAnyDepth()
    {
        IrValue x = Parameter(1, 11, 11);
        IrValue s = _graph.MaskedConv(x, 4, 1, true, Taps(3, 1), Taps(3, 1));
        s = _graph.MaskedConv(s, 4, 1, false, Taps(3, 1), Taps(3, 1));
        Assert.Equal(50, Of(x, s, SightDepth.AnyDepth, 5, 5)!.Seen);
        Assert.Equal("(-2, 0) (-2, 2)", string.Join(" ", Of(x, s, SightDepth.AsWritten, 5, 5)!.Box!.Value));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(28)]
    public void TwoStacks_SeeAll(int size)
    {
        IrValue x = Parameter(1, size, size);
        IrValue v = Down(_graph.Shift(x, 1, 0));
        IrValue s = _graph.Conv(_graph.Shift(x, 0, 1), 4, Taps(1, 0), Taps(2, 1));
        ImmutableArray<IrValue> stacks = _graph.Loop(0, 2, [v, s], (round, _) =>
        {
            IrValue a = Down(round[0]);
            return [a, _graph.Pointwise(round[1], _graph.Conv(round[1], 4, Taps(1, 0), Taps(2, 1)), _graph.Conv(a, 4, Taps(1, 0), Taps(1, 0)))];
        });
        for (int row = 0; row < size; row += 3)
        {
            for (int column = 0; column < size; column += 4)
            {
                Sight sight = Of(x, stacks[1], SightDepth.AnyRounds, row, column)!;
                Assert.Equal(sight.Earlier, sight.Seen);
            }
        }
    }

    [Fact]
    public void Dilated_SeesABoundedPast_ThatIsNoBlindSpot()
    {
        IrValue x = Parameter(1, 200);
        IrValue h = _graph.Loop(0, 4, [_graph.Shift(x, 1)], (round, i) => [_graph.Pointwise(round[0], _graph.Conv(round[0], 4, Taps(2, Dim.Power(2, i)!, dilation: Dim.Power(2, i))))])[0];
        Assert.Equal("(-16, -1)", string.Join(" ", Of(x, h, SightDepth.AsWritten, 100)!.Box!.Value));
        Assert.Equal(100, Of(x, h, SightDepth.AnyRounds, 100)!.Seen);
        Assert.False(Of(x, _graph.Shift(x, 1), SightDepth.AnyDepth, 100)!.HasHoles);
    }

    [Fact]
    public void EvenSteps_LeaveHoles()
    {
        IrValue x = Parameter(1, 20);
        IrValue h = _graph.Loop(0, 4, [_graph.Shift(x, 2)], (round, _) => [_graph.Conv(round[0], 4, Taps(2, 2, dilation: 2))])[0];
        Sight sight = Of(x, h, SightDepth.AnyDepth, 10)!;
        Assert.Equal(5, sight.Seen);
        Assert.True(sight.HasHoles);
        Assert.Equal("#.#.#.#.#.o", sight.Picture);
    }

    [Theory]
    [InlineData(14, 14, 0)]
    [InlineData(1, 0, 5)]
    [InlineData(27, 27, 5)]
    [InlineData(12, 3, 0)]
    public void PixelCnnPlusPlus_OfThePaper(int row, int column, int unseen)
    {
        IrValue x = Parameter(3, 28, 28);
        IrValue u = _graph.Shift(Down(x), 1, 0);
        IrValue l = _graph.Pointwise(_graph.Shift(_graph.Conv(x, 4, Taps(1, 0), Taps(3, 1)), 1, 0), _graph.Shift(_graph.Conv(x, 4, Taps(2, 1), Taps(1, 0)), 0, 1));
        (List<IrValue> ua, List<IrValue> la) = Up(u, l, 5);
        (List<IrValue> ub, List<IrValue> lb) = Up(Smaller(ua[5], 3), Smaller(la[5], 2), 5);
        (List<IrValue> uc, List<IrValue> lc) = Up(Smaller(ub[5], 3), Smaller(lb[5], 2), 5);
        (u, l) = Lower(uc[5], lc[5], uc, lc, 5);
        (u, l) = Lower(Bigger(u, 3), Bigger(l, 2), ub, lb, 6);
        (u, l) = Lower(Bigger(u, 3), Bigger(l, 2), ua, la, 6);
        Sight sight = Of(x, l, SightDepth.AsWritten, row, column)!;
        Assert.Equal(unseen, sight.Earlier - sight.Seen);
    }

    private Sight? Of(IrValue root, IrValue argument, SightDepth depth, params long[] site)
    {
        var line = new Autoregression(
            root, root, [], null!, [new IrOperand(argument, null)], DrawOrder.Of(root.Type.Shape, root.Type.Shape[0].Value > 1), _graph.Law(root, argument, true), new Grain(GrainKind.Pixels, 1), default);
        return Sight.Of(_graph.Block, line, new Dictionary<string, long>(), site, depth);
    }

    private IrValue Down(IrValue x) => _graph.Conv(x, 4, Taps(2, 1), Taps(3, 1));

    private IrValue DownRight(IrValue x) => _graph.Conv(x, 4, Taps(2, 1), Taps(2, 1));

    private IrValue Smaller(IrValue x, int width) => _graph.Conv(x, 4, Taps(2, 1, 2), Taps(width, 1, 2));

    private IrValue Bigger(IrValue x, int width) => _graph.Conv(x, 4, Taps(2, 0, 2, true), Taps(width, width - 2, 2, true));

    private IrValue Alone(IrValue x) => _graph.Pointwise(x, Down(Down(x)));

    private IrValue Gate(IrValue x, IrValue side, bool isDown)
    {
        IrValue Layer(IrValue v) => isDown ? Down(v) : DownRight(v);
        return _graph.Pointwise(x, Layer(_graph.Pointwise(Layer(x), _graph.Conv(side, 4, Taps(1, 0), Taps(1, 0)))));
    }

    private (List<IrValue> U, List<IrValue> L) Up(IrValue u, IrValue l, int n)
    {
        List<IrValue> us = [u];
        List<IrValue> ls = [l];
        for (int i = 0; i < n; i++)
        {
            us.Add(Alone(us[i]));
            ls.Add(Gate(ls[i], us[i + 1], false));
        }

        return (us, ls);
    }

    private (IrValue U, IrValue L) Lower(IrValue u, IrValue l, List<IrValue> us, List<IrValue> ls, int n)
    {
        for (int i = 0; i < n; i++)
        {
            u = Gate(u, us[n - 1 - i], true);
            l = Gate(l, _graph.Concat(u, ls[n - 1 - i]), false);
        }

        return (u, l);
    }
}
