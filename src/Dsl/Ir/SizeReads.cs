using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>The sizes that a body needs to know as numbers, beside those that its tensors have.</summary>
public static class SizeReads
{
    /// <summary>The sizes of a body.</summary>
    /// <param name="block">The body.</param>
    /// <param name="inSites">True for a trace, which takes the site forms of operations; else only their tensor forms count.</param>
    public static IEnumerable<Dim> Of(IrBlock block, bool inSites = false) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: CatalogOp call } => call.Attributes.Where(a => IsMentioned(call, a.Key, inSites)).SelectMany(a => Of(a.Value)),
        IrOpStatement { Op: ModelOp query } => query.Sizes,
        IrOpStatement { Op: DrawPositionsOp draw } => draw.Sampler.FreeSizes.Select(Dim.Of),
        IrOpStatement { Op: DrawOp draw } => draw.Shape.Concat(draw.Arguments.SelectMany(Of)),
        IrFor loop => new[] { loop.Index.From, loop.Index.To }.Concat(Of(loop.Body, inSites)),
        IrRepeat repeat => Of(repeat.Count).Concat(Of(repeat.Body, inSites)),
        IrEvery every => Of(every.Count).Concat(Of(every.Body, inSites)),
        { Inner: { } inner } => Of(inner, inSites),
        IrMinimize minimize => minimize.Moves.SelectMany(m => m.Scales.OfType<HostValue>().Append(m.Optimizer.LearningRate).Concat(m.Optimizer.Limits.Select(l => l.Value))).SelectMany(Of),
        IrOpStatement { Op: FamilyOp family } => [family.Count],
        IrOpStatement { Op: FamilyWriteOp write } => [write.Index],
        IrOpStatement { Op: FamilyReadOp read } => [read.Index],
        IrOpStatement { Op: FamilySliceOp slice } => [slice.From, slice.To],
        _ => [],
    });

    private static bool IsMentioned(CatalogOp call, string attribute, bool inSites)
    {
        string placeholder = "{" + attribute + "}";
        return new[] { call.Operation.Call, call.Operation.InPlace ?? "", inSites ? call.Operation.Site ?? "" : "" }
            .Concat(call.Attributes.Values.OfType<TemplateAttribute>().Select(t => t.Text))
            .Any(template => template.Contains(placeholder));
    }

    private static IEnumerable<Dim> Of(OperationAttribute attribute) => attribute switch
    {
        SizeAttribute size => [size.Size],
        SizesAttribute sizes => sizes.Sizes,
        SizeListAttribute list => list.Sizes,
        RowShapeAttribute shape => shape.Sizes,
        NumberAttribute number => Of(number.Value),
        ScalarAttribute scalar => Of(scalar.Value),
        _ => [],
    };

    private static IEnumerable<Dim> Of(HostValue value) => HostReading.Leaves(value.Expression).OfType<HostSize>().Select(s => s.Size);
}
