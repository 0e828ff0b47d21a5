using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>One number of vectors, [1], computed again from what a round computes them of: number by number, as far back as that goes.</summary>
/// <param name="target">The round, where the operations go.</param>
/// <param name="position">Which number.</param>
internal sealed class NumberAtPosition(BodyElaborator target, Dim position, TextSpan span)
{
    private readonly Dictionary<IrValue, IrValue> _known = [];
    private readonly HashSet<IrOp> _round = [.. target.Block.Statements.OfType<IrOpStatement>().Select(s => s.Op)];

    /// <summary>The number of a vector; what is no vector is the same for all numbers.</summary>
    public IrValue Of(IrValue value)
    {
        if (value.Type.Shape.Length == 0 || value.Type.Shape[0].Equals(Dim.One))
        {
            return value;
        }

        return _known.TryGetValue(value, out IrValue? known) ? known : _known[value] = Made(value);
    }

    private IrValue Made(IrValue value) => value.Producer is not { } made || !_round.Contains(made) ? At(value, position, value) : made switch
    {
        CatalogOp { Outputs.Length: 1 } op when IsByNumber(op) => Copy(op),

        // A part of a vector is read from the whole.
        CatalogOp { Operation.Name: "chunk" or "halves" } op when op.Inputs[0].Type is { Rows: not null, Shape.Length: 1 } => At(op.Inputs[0], (value.Type.Shape[0] * op.Outputs.IndexOf(value)) + position, value),
        _ => At(value, position, value),
    };

    // Arithmetic and functions of single numbers; what is told sizes is not.
    private static bool IsByNumber(CatalogOp op) => op is { Access: PointwiseAccess, Layer: null, Operation: { Effect: null, UsesMode: false, UsesDraws: false } }
        && op.Inputs.Any(i => i.Type.Rows is not null) && op.Attributes.Values.All(a => a is ScalarAttribute or NumberAttribute)
        && op.Inputs.All(i => i.Type.Shape.Length == 0 || i.Type.Shape[0].Equals(Dim.One) || i.Type.SameShape(op.Outputs[0].Type));

    private IrValue Copy(CatalogOp op)
    {
        IrValue from = op.Outputs[0];
        ImmutableArray<(string, IrValue)> bindings = [.. op.Bindings.Select(b => (b.Parameter, Of(b.Value)))];
        return Emitted(new CatalogOp(op.Operation, null, bindings, op.Attributes, op.Access, [Number(from)], op.Span));
    }

    private IrValue At(IrValue whole, Dim place, IrValue value)
    {
        var attributes = new Dictionary<string, OperationAttribute> { ["axis"] = new SizeAttribute(whole.Type.Rows is null ? 0 : 1), ["position"] = new SizeAttribute(place) };
        return Emitted(new CatalogOp(FlowEntries.AtPosition, null, [("x", whole)], attributes, Access.Everything, [Number(value)], span));
    }

    private IrValue Emitted(CatalogOp op)
    {
        target.Emit(op);
        return op.Outputs[0];
    }

    private static IrValue Number(IrValue like) => new(like.Name, like.Type.With(shape: [Dim.One]) with { Order = null, Classes = null }, like.Span) { IsNamed = like.IsNamed };
}
