using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary><c>nearest(book, e)</c>, and what a codebook looks up by the codes that it has chosen.</summary>
internal sealed partial class BodyElaborator
{
    private Value Nearest(CallSyntax call)
    {
        const string Name = SpecialForms.Nearest;
        if (call.Arguments.Any(a => a.Name?.Text == "among"))
        {
            return NearestRow(call);
        }

        if (ArgumentMatcher.Match(Name, [("book", false), ("e", false)], [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        foreach ((string name, string what) in new[] { ("book", "a codebook"), ("e", "the vectors that codes are chosen for") })
        {
            if (!matched.ContainsKey(name))
            {
                return Error(call.Span, b => b.MissingArgument(Name, name, what));
            }
        }

        RawArgument book = matched["book"][0];
        Value layer = Evaluate(book.Syntax!);
        if (layer is not LayerValue { Wrapping: null } codebook || codebook.Operation != CodebookEntries.Codebook)
        {
            return layer is ErrorValue ? layer : Error(book.Span, b => b.WrongKind($"The first argument of '{Name}'", "a codebook that has a name, such as 'book = codebook(512, 64)'", layer.Description));
        }

        RawArgument vectors = matched["e"][0];
        Value e = Evaluate(vectors.Syntax!);
        return e is ErrorValue ? e
            : ApplyLayer(CodebookEntries.Nearest, codebook.Arguments, codebook, codebook.Loops, call.Span, [RawArgument.Of(e, vectors.Span)], codebook.BoundName) is TupleValue { Items: [var code, _] } ? code
            : ErrorValue.Instance;
    }

    /// <summary>What was looked up by some of these codes, which had been chosen.</summary>
    public IEnumerable<IrValue> LookedUp(ISet<IrValue> codes) =>
        [.. StraightThroughs().Where(o => codes.Contains(o.Inputs[1].Producer!.Outputs[0])).Select(o => o.Outputs[0])];

    private IEnumerable<CatalogOp> StraightThroughs() =>
        Block.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>().Where(o => o.Operation == CodebookEntries.StraightThrough);

    // The book has moved since it chose, so that the vectors are those that were found then; their gradient goes to what they stand for.
    private Value? Chosen(IrValue code, LayerInstance book, TextSpan span)
    {
        if (code.Producer is not CatalogOp { Outputs: [_, { } vectors] } nearest || nearest.Operation != CodebookEntries.Nearest || nearest.Layer != book)
        {
            return null;
        }

        return StraightThroughs().FirstOrDefault(o => ReferenceEquals(o.Inputs[1], vectors)) is { } known
            ? new TensorValue(known.Outputs[0])
            : ApplyFormula(CodebookEntries.StraightThrough, [nearest.Inputs[0], vectors], span);
    }
}
