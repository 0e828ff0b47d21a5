using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Families of tensors: each index is written once, and proved to be written before it is read.</summary>
internal sealed partial class BodyElaborator
{
    private readonly List<Family> _begun = [];

    /// <summary>Says of every family that this body began what is missing in it.</summary>
    public void CloseFamilies()
    {
        foreach (Family family in _begun.Where(f => !f.IsClosed && f.Close() is null && !_file.Diagnostics.HasErrors))
        {
            Report(family.Span, b => b.FamilyHasGaps(family.Name, [.. family.Written.Select(family.Text)]));
        }
    }

    private void BindElement(ElementBindingSyntax syntax)
    {
        string name = syntax.Name.Text;
        if (Kind is not (BodyKind.Net or BodyKind.Model))
        {
            if (Scope.Find(name)?.Value is not ErrorValue)
            {
                Report(syntax.Span, b => b.NotAllowedHere("A family of tensors", $"{(Kind == BodyKind.Flow ? "a flow" : "this body")}; it belongs to nets and models"));
                Scope.Set(name, ErrorValue.Instance, syntax.Name.Span, isParameter: true);
            }

            return;
        }

        Value index = Evaluate(syntax.Index);
        IrValue? member = Tensor(syntax.Value, $"A tensor of the family '{name}'");
        if (index is not HostValueHolder { Host.Size: { } at } || member is null)
        {
            if (index is not (HostValueHolder { Host.Size: not null } or ErrorValue))
            {
                Report(syntax.Index.Span, b => b.WrongKind("The index of a family", "an integer", index.Description));
            }

            Spoil(name, syntax.Name.Span);
            return;
        }

        switch (Scope.Find(name)?.Value)
        {
            case FamilyValue known:
                Write(known.Family, at, member, syntax);
                break;
            case null:
                Write(Begin(name, member.Type, syntax.Name.Span, at), at, member, syntax);
                break;
            case ErrorValue:
                break;
            case var other:
                Report(syntax.Name.Span, b => b.WrongKind("What is written by index", "a family", other.Description));
                break;
        }
    }

    // What could not be written is not complained about again.
    private void Spoil(string name, TextSpan span)
    {
        if (Scope.Find(name)?.Value is null or FamilyValue)
        {
            Scope.Set(name, ErrorValue.Instance, span);
        }
    }

    // A family that a trial meets first in a loop that counts through it belongs to what is around the loop.
    private Family Begin(string name, TensorType member, TextSpan span, Dim? index = null)
    {
        TensorType type = member.With(range: member.Element == Element.Real ? Interval.All : member.Range) with { Members = Dim.Zero };
        var root = new IrValue(name, type, span) { IsNamed = true };
        bool isAround = _trial is not null && index is not null && Loops.Length > 0 && Counts(index, Loops[Loops.Length - 1]);
        var family = new Family(name, root, isAround ? Loops.RemoveAt(Loops.Length - 1) : Loops, span);
        (isAround ? Scope.Parent! : Scope).Set(name, new FamilyValue(family), span);
        if (_trial is null)
        {
            Emit(new FamilyOp(root, span));
            _begun.Add(family);
        }

        return family;
    }

    private static bool Counts(Dim index, LoopIndex loop) => index.Variables.Any(v => v.Equals(loop.Variable));

    private void Write(Family family, Dim index, IrValue member, ElementBindingSyntax syntax)
    {
        TensorType wanted = family.Member;
        if (!member.Type.SameShape(wanted) || member.Type.Element != wanted.Element || member.Type.Count != wanted.Count || !Equals(member.Type.Rows, wanted.Rows))
        {
            Report(syntax.Value.Span, b => b.ShapesDiffer(family.Name, "its tensors", wanted, "this one", member.Type));
            Spoil(syntax.Name.Text, syntax.Name.Span);
            return;
        }

        if (_trial is not null)
        {
            family.Log.Add((index, Loops.Length, syntax.Index.Span));
        }
        else if (!MayWrite(family, index, syntax))
        {
            Spoil(syntax.Name.Text, syntax.Name.Span);
            return;
        }

        IrValue before = family.Current;
        Emit(new FamilyWriteOp(before, index, member, family.Next(syntax.Span), syntax.Span));
        family.Add(new IndexRange(index, index + 1));
    }

    private bool MayWrite(Family family, Dim index, ElementBindingSyntax syntax)
    {
        if (family.IsClosed)
        {
            Report(syntax.Span, b => b.FamilyClosed(family.Name));
            return false;
        }

        // In a loop around which the family began, the index must count with the rounds.
        ImmutableArray<LoopIndex> inside = Loops.RemoveRange(0, family.Loops.Length);
        if (inside.Length > 1 || (inside is [{ } loop] && IndexProof.Slope(index, loop) is not (1 or -1)))
        {
            Report(syntax.Index.Span, b => b.FamilyIndexForm(family.Name, index, loop: inside[0].Variable.Name));
            return false;
        }

        if (!IndexProof.IsNotNegative(index, Loops))
        {
            Report(syntax.Index.Span, b => b.FamilyIndexNegative(family.Name, index, IndexProof.Least(index, Loops)));
            return false;
        }

        var range = new IndexRange(index, index + 1);
        if (family.Written.FirstOrDefault(r => !IndexProof.AreApart(range, r, Loops)) is { } other)
        {
            Report(syntax.Index.Span, b => b.FamilyWrittenTwice(family.Name, index, family.Text(other), other.To.Equals(other.From + 1)));
            return false;
        }

        return true;
    }

    private Value Index(IndexSyntax syntax)
    {
        Value target = Evaluate(syntax.Target);
        Value index = Evaluate(syntax.Index);
        Value? to = syntax.To is null ? null : Evaluate(syntax.To);
        if (target is ErrorValue || index is ErrorValue || to is ErrorValue)
        {
            return ErrorValue.Instance;
        }

        if (target is not (FamilyValue or TupleValue { Items.Length: > 0 }) || (target is TupleValue && to is not null))
        {
            return Error(syntax.Target.Span, b => b.WrongKind("What is read by index", "a family", target.Description));
        }

        if (index is not HostValueHolder { Host.Size: { } at })
        {
            return Error(syntax.Index.Span, b => b.WrongKind("The index of a family", "an integer", index.Description));
        }

        if (to is not (null or HostValueHolder { Host.Size: not null }))
        {
            return Error(syntax.To!.Span, b => b.WrongKind("The end of a slice", "an integer", to!.Description));
        }

        if (target is TupleValue tuple)
        {
            return at.Value is { } i && i >= 0 && i < tuple.Items.Length
                ? tuple.Items[(int)i]
                : Error(syntax.Index.Span, b => b.NumberOutOfRange("The index of a tuple", $"a number written out, 0 to {tuple.Items.Length - 1}"));
        }

        Family family = ((FamilyValue)target).Family;
        return to is HostValueHolder { Host.Size: { } end } ? Slice(family, at, end, syntax) : Read(family, at, syntax);
    }

    private Value Read(Family family, Dim index, IndexSyntax syntax)
    {
        if (_trial is null && !family.Written.Any(r => IndexProof.IsIn(index, r, Loops)))
        {
            return NotThere(family, index, syntax.Index.Span);
        }

        var member = new IrValue(family.Name, family.Member, syntax.Span);
        Emit(new FamilyReadOp(family.Current, index, member, syntax.Span));
        return new TensorValue(member);
    }

    private Value Slice(Family family, Dim from, Dim to, IndexSyntax syntax)
    {
        if (_trial is null)
        {
            if (!IndexProof.IsNotNegative(to - from, Loops))
            {
                return Error(syntax.Span, b => b.FamilyIndexNegative(family.Name, to - from, IndexProof.Least(to - from, Loops)));
            }

            if (!family.Written.Any(r => IndexProof.IsNotNegative(from - r.From, Loops) && IndexProof.IsNotNegative(r.To - to, Loops)))
            {
                return NotThere(family, to - 1, syntax.Index.Span);
            }
        }

        if (family.IsClosed && from.Equals(Dim.Zero) && to.Equals(family.Current.Type.Members))
        {
            return new FamilyValue(family);
        }

        var slice = new IrValue(family.Name, family.Current.Type with { Members = to - from }, syntax.Span);
        Emit(new FamilySliceOp(family.Current, from, to, slice, syntax.Span));
        return new FamilyValue(Family.Whole(family.Name, slice));
    }

    private Value NotThere(Family family, Dim index, TextSpan span)
    {
        if (family is { IsClosed: true, Written: [{ } all] })
        {
            // What would have to be 0 or more, for the fact to add.
            Dim low = IndexProof.Least(index - all.From, Loops);
            Dim high = IndexProof.Least(all.To - 1 - index, Loops);
            return Error(span, b => b.FamilyIndexOutside(family.Name, index, all.To, low.LowerBound >= 0 ? high : low));
        }

        return Error(span, b => b.FamilyNotWritten(family.Name, index, [.. family.Written.Select(family.Text)]));
    }

    /// <summary>A whole family; null, reported, for anything else.</summary>
    public IrValue? AsFamily(Value value, TextSpan span, string what)
    {
        if (value is FamilyValue { Family: { } family })
        {
            // What is complete only after some rounds is not the same in each.
            bool varies = family.Written.Any(r => Loops.Skip(family.Loops.Length).Any(l => Counts(r.To, l) || Counts(r.From, l)));
            if (!family.IsClosed && (varies || family.Close() is null))
            {
                Report(span, b => b.FamilyHasGaps(family.Name, [.. family.Written.Select(family.Text)]));
                return null;
            }

            return family.Current;
        }

        if (value is not ErrorValue)
        {
            Report(span, b => b.WrongKind(what, "a family of tensors", value.Description));
        }

        return null;
    }

    /// <summary>A result of a body: a tensor or a whole family.</summary>
    public IrValue? AsResult(Value value, TextSpan span, string what) => value is FamilyValue ? AsFamily(value, span, what) : AsTensor(value, span, what);

    /// <summary>A value as names are bound to it.</summary>
    public static Value ValueOf(IrValue value) => value.Type.Members is null ? new TensorValue(value) : new FamilyValue(Family.Whole(value.Name, value));
}
