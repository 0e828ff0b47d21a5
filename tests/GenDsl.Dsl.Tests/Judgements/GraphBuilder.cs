using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>Writes the statements of a body directly, whatever the catalogue has.</summary>
internal sealed class GraphBuilder
{
    private readonly Stack<IrBlock> _blocks = new([new IrBlock()]);
    private readonly Operation _operation = new("test", OperationKind.Function, [], _ => null, "", "");
    private int _loops;

    public IrBlock Block => _blocks.Peek();

    public static IrValue Parameter(params Dim[] shape) => new("x", TensorType.Real(new Rows("x"), [.. shape]), default);

    public IrValue Op(Access access, ImmutableArray<Dim> shape, params IrValue[] inputs) => Ops(access, [shape], inputs)[0];

    public ImmutableArray<IrValue> Ops(Access access, ImmutableArray<ImmutableArray<Dim>> shapes, params IrValue[] inputs)
    {
        ImmutableArray<IrValue> outputs = [.. shapes.Select(s => new IrValue("v", TensorType.Real(new Rows("x"), s), default))];
        (Dim? variables, Dim? classes) = access is ClassesAccess masked
            ? (masked.Order, masked.IsStrict ? masked.Order : Dim.Max(masked.Order - 1, 1))
            : (inputs[0].Type.Order, inputs[0].Type.Classes);
        foreach (IrValue output in outputs)
        {
            output.Type = output.Type with { Order = variables, Classes = classes };
        }

        var op = new CatalogOp(_operation, null, [.. inputs.Select(i => ("x", i))], new Dictionary<string, OperationAttribute>(), access, outputs, default);
        foreach (IrValue output in outputs)
        {
            output.Producer = op;
        }

        Block.Statements.Add(new IrOpStatement(op));
        return outputs;
    }

    /// <summary>A loop whose rounds map the carried values to as many.</summary>
    public ImmutableArray<IrValue> Loop(Dim from, Dim to, ImmutableArray<IrValue> initial, System.Func<ImmutableArray<IrValue>, Dim, ImmutableArray<IrValue>> round)
    {
        var variable = new DimVariable("i" + (_loops++).ToString(CultureInfo.InvariantCulture), DimVariableKind.Index, from.Value ?? 0);
        ImmutableArray<IrValue> carried = [.. initial.Select(v => new IrValue("round", v.Type, default))];
        var body = new IrBlock();
        _blocks.Push(body);
        ImmutableArray<IrValue> next = round(carried, Dim.Of(variable));
        _blocks.Pop();
        ImmutableArray<IrValue> results = [.. initial.Select(v => new IrValue("result", v.Type, default))];
        Block.Statements.Add(new IrFor(new LoopIndex(variable, from, to), body, [.. initial.Select((v, i) => new LoopCarried(v, carried[i], next[i], results[i]))], default));
        return results;
    }

    /// <summary>What the law of a root sees through an argument.</summary>
    public Horizon Law(IrValue root, IrValue argument, bool channelsAreEvent = false, IrValue? data = null)
    {
        DrawOrder order = DrawOrder.Of(root.Type.Shape, channelsAreEvent);
        RootChart chart = RootChart.Of(root)!;
        return Dsl.Judgements.Horizons.Law.Of(HorizonOf(root, argument, channelsAreEvent), argument.Type.Shape, order, chart.Root.Type.Shape);
    }

    /// <summary>What a value sees of a root.</summary>
    public Horizon HorizonOf(IrValue root, IrValue value, bool channelsAreEvent = false)
    {
        DrawOrder order = DrawOrder.Of(root.Type.Shape, channelsAreEvent);
        return HorizonAnalysis.Of(order, Block, RootChart.Of(root)!.Known(order, SizeFrame.Symbolic), SizeFrame.Symbolic)[value];
    }

    public static AxisTaps Taps(Dim kernel, Dim before, long stride = 1, bool transposed = false, Dim? dilation = null) => new(stride, transposed, kernel, dilation ?? Dim.One, before);

    public IrValue Conv(IrValue x, Dim channels, params AxisTaps[] axes) => Op(new TapsAccess([.. axes]), Sites(x, channels, axes), x);

    public IrValue MaskedConv(IrValue x, Dim channels, Dim classes, bool strict, params AxisTaps[] axes) =>
        Op(new TapsAccess([.. axes]) { Mask = new TapMask(strict, classes) }, Sites(x, channels, axes), x);

    public IrValue Shift(IrValue x, params long[] offset) =>
        Op(new TapsAccess([.. offset.Select(o => Taps(1, o))]) { IsPerFeature = true }, x.Type.Shape, x);

    public IrValue Pointwise(params IrValue[] inputs) => Op(Access.Pointwise, inputs.OrderByDescending(i => i.Type.Shape[0].Value ?? 2).First().Type.Shape, inputs);

    public IrValue Embed(IrValue x, Dim features) => Op(
        new RearrangeAccess(Rearrangement.Embed), x.Type.Shape.Length == 1 ? x.Type.Shape.Insert(0, features) : x.Type.Shape.SetItem(0, features * x.Type.Shape[0]), x);

    public IrValue Reshape(IrValue x, params Dim[] shape) => Op(new RearrangeAccess(Rearrangement.Reshape), [.. shape], x);

    public IrValue Raster(IrValue x) => Op(new RearrangeAccess(Rearrangement.Raster), [x.Type.Shape[0], x.Type.Shape[1] * x.Type.Shape[2]], x);

    public IrValue Concat(params IrValue[] inputs) =>
        Op(new RearrangeAccess(Rearrangement.Concat), inputs[0].Type.Shape.SetItem(0, inputs.Aggregate(Dim.Zero, (sum, i) => sum + i.Type.Shape[0])), inputs);

    public ImmutableArray<IrValue> Chunk(IrValue x, int parts) => Ops(
        new RearrangeAccess(Rearrangement.Chunk), [.. Enumerable.Repeat(x.Type.Shape.SetItem(0, x.Type.Shape[0].TryDivide(parts)!), parts)], x);

    public IrValue Masked(IrValue x, Dim outputs, Dim variables, bool strict) => Op(new ClassesAccess(variables, strict), [outputs], x);

    private static ImmutableArray<Dim> Sites(IrValue x, Dim channels, AxisTaps[] axes) =>
        [channels, .. x.Type.Shape.Skip(1).Zip(axes, (size, a) => a.IsTransposed ? size * a.Stride : Dim.FloorDivide(size + a.Stride - 1, a.Stride))];
}
