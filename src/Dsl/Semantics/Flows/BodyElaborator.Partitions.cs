using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Partitions of places.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary><c>(a, b) = checkerboard(x, 0)</c> of a place; false for another binding.</summary>
    private bool Partition(BindingSyntax binding)
    {
        if (Chart is null || Data is null || !binding.IsTuple || binding.Value is not (CallSyntax or PipeSyntax)
            || PartitionOf(binding.Value) is not var (entry, whole, parity, at) || whole is not IdentifierSyntax { Name.Text: { } name } || Scope.Find(name) is not { Value: PlaceValue { Place: { } place } } read)
        {
            return false;
        }

        read.IsRead = true;
        if (binding.Names.Length != 2)
        {
            Report(binding.Span, b => b.WrongTupleSize(binding.Names.Length, "a partition, which has 2 parts"));
            return Spoil(binding);
        }

        HostValue? turn = null;
        if (entry != "halves")
        {
            Value given = parity is null ? new HostValueHolder(HostValue.Of(Dim.Zero)) : Evaluate(parity);
            if (given is not HostValueHolder { Host: { Size: { } size } number })
            {
                if (given is not ErrorValue)
                {
                    Report(parity!.Span, b => b.WrongKind($"The parity of '{entry}'", "an integer", given.Description));
                }

                return Spoil(binding);
            }

            if (!AtLeast(size, 0, $"The parity of '{entry}'", null, parity?.Span ?? at))
            {
                return Spoil(binding);
            }

            turn = number;
        }
        else if (parity is not null)
        {
            Report(parity.Span, b => b.TooManyArguments("halves", 1, 2));
            return Spoil(binding);
        }

        if (IsEnded(place, read.Span, whole.Span))
        {
            return Spoil(binding);
        }

        IrValue version = Collapse(place);
        int axes = version.Type.Shape.Length;
        if (version.Type.Element != Element.Real)
        {
            Report(at, b => b.NeedsReal(entry, version.Type));
            return Spoil(binding);
        }

        if (entry is "checkerboard" or "top_bottom" or "left_right" ? axes != 3 : axes == 0)
        {
            Report(at, b => b.WrongRank(entry, version.Type, entry == "channels" || entry == "halves" ? "at least one axis" : "[channels, height, width]"));
            return Spoil(binding);
        }

        if (entry == "halves" && version.Type.Shape[0].TryDivide(2) is null)
        {
            Report(at, b => b.NotDivisible("halves", version.Type, 2));
            return Spoil(binding);
        }

        var split = new PlaceSplit(place, entry, turn);
        split.First = new Place(binding.Names[0].Text, binding.Names[0].Span) { Of = split };
        split.Second = new Place(binding.Names[1].Text, binding.Names[1].Span) { Of = split };
        place.Parts.AddRange([split.First, split.Second]);
        Part(split);
        foreach ((NameSyntax part, Place its) in binding.Names.Zip(new[] { split.First, split.Second }, (n, p) => (n, p)))
        {
            if (!part.IsMissing)
            {
                Scope.Set(part.Text, new PlaceValue(its), part.Span);
            }
        }

        return true;
    }

    private bool Spoil(BindingSyntax binding)
    {
        foreach (NameSyntax name in binding.Names.Where(n => !n.IsMissing))
        {
            Scope.Set(name.Text, ErrorValue.Instance, name.Span, isParameter: true);
        }

        return true;
    }

    // The partition, what it parts, and the parity.
    private (string Entry, ExpressionSyntax Whole, ExpressionSyntax? Parity, TextSpan Span)? PartitionOf(ExpressionSyntax value)
    {
        (ExpressionSyntax callee, ImmutableArray<ExpressionSyntax> arguments) = value switch
        {
            CallSyntax call => (call.Callee, [.. call.Arguments.Select(a => a.Value)]),
            PipeSyntax { Function: CallSyntax call } pipe => (call.Callee, [pipe.Input, .. call.Arguments.Select(a => a.Value)]),
            PipeSyntax pipe => (pipe.Function, [pipe.Input]),
            _ => (value, ImmutableArray<ExpressionSyntax>.Empty),
        };
        if (callee is not IdentifierSyntax { Name.Text: { } word } || arguments.IsEmpty || arguments.Length > 2)
        {
            return null;
        }

        string? entry = Scope.Find(word) is { } bound
            ? bound.Value is HostValueHolder { Host: { Kind: HostKind.Word, Expression: HostLiteral { Lexeme: { } given } } } ? given : null
            : Declared(word) is null ? word : null;
        if (entry is null || !(entry == "halves" || FlowEntries.Partitions.Contains(entry)))
        {
            return null;
        }

        if (Scope.Find(word) is { } read)
        {
            read.IsRead = true;
        }

        return (entry, arguments[0], arguments.Length == 2 ? arguments[1] : null, value.Span);
    }

    private (IrValue First, IrValue Second) MasksFor(IrValue whole, string entry, HostValue parity, TextSpan span)
    {
        ImmutableArray<Dim> shape = whole.Type.Shape;
        ImmutableArray<Dim> own = [.. shape.Select((size, axis) => entry switch
        {
            "channels" => axis == 0 ? size : Dim.One,
            "checkerboard" => axis == 0 ? Dim.One : size,
            "top_bottom" => axis == 1 ? size : Dim.One,
            _ => axis == 2 ? size : Dim.One,
        })];
        var mask = new IrValue("mask", TensorType.Real(null, own).With(range: Interval.Unit), span) { IsNamed = true };
        var attributes = new Dictionary<string, OperationAttribute>
        {
            ["kind"] = new CodeAttribute(MemberName.Pascal(entry)),
            ["parity"] = new SizeAttribute(parity.Size!),
            ["sizes"] = new SizesAttribute(shape),
        };
        Emit(new CatalogOp(FlowEntries.Mask, null, [("x", whole)], attributes, new NothingAccess(), [mask], span));
        var other = (TensorValue)Combine("-", new HostValueHolder(HostValue.Float(1.0)), new TensorValue(mask), span);
        return (mask, Named(other, "rest"));
    }
}
