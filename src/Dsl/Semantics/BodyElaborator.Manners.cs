using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Other ways to call a net, <c>still(F)</c>, <c>eval(F)</c> and <c>stop(F)</c>; values taken for those of a space; draws that mix.</summary>
internal sealed partial class BodyElaborator
{
    private bool IsOfTrainer => Within is BodyKind.Trainer or BodyKind.Observer;

    private Value InManner(string word, CallManner manner, CallSyntax call)
    {
        if (call.Arguments.Length != 1)
        {
            return Error(call.Span, b => call.Arguments.IsEmpty ? b.MissingArgument(word, "a net", "") : b.TooManyArguments(word, 1, call.Arguments.Length));
        }

        Value of = Evaluate(call.Arguments[0].Value);
        return of is ErrorValue ? of : InManner(word, manner, of, call.Arguments[0].Span, call.Span);
    }

    private Value InManner(string word, CallManner manner, Value of, TextSpan place, TextSpan span) =>
        !IsOfTrainer ? Error(span, b => b.NotAllowedHere($"'{word}' of a net", "this body; it belongs to trainers and the losses that they call"))
        : of is ModuleValue { Instance.Module: IrNet } net ? new ModuleValue(net.Instance) { IsInverse = net.IsInverse, Manner = net.Manner | manner }
        : Error(place, b => b.WrongKind($"What '{word}' calls", "a net", of.Description));

    private Value TakenFor(AsSyntax syntax)
    {
        Value value = Evaluate(syntax.Value);
        if (value is ErrorValue || syntax.Space.IsMissing)
        {
            return ErrorValue.Instance;
        }

        if (!IsOfTrainer)
        {
            return Error(syntax.Span, b => b.NotAllowedHere("'as'", "this body, which is proved to stay in the ranges that it declares; it belongs to trainers"));
        }

        if (AsTensor(value, syntax.Value.Span, "What stands before 'as'") is not { } tensor)
        {
            return ErrorValue.Instance;
        }

        if (_file.Space(syntax.Space.Text) is not { } space)
        {
            return _file.Find(syntax.Space.Text) is { } other
                ? other.Syntax is SpaceSyntax ? ErrorValue.Instance : Error(syntax.Space.Span, b => b.WrongKind("What stands behind 'as'", "a space", new DeclarationValue(other).Description))
                : Error(syntax.Space.Span, b => b.UnknownName(syntax.Space.Text, _file.Symbols.Where(s => s.Syntax is SpaceSyntax).Select(s => s.Name)));
        }

        TensorType type = space.TypeOf(tensor.Type.Rows);
        if (tensor.Type.Element != type.Element || !tensor.Type.Count.Equals(type.Count) || !tensor.Type.SameShape(type))
        {
            return Error(syntax.Span, b => b.NotTakenFor(space.Name, tensor.Type, type));
        }

        var taken = new IrValue(char.ToLowerInvariant(space.Name[0]) + space.Name.Substring(1), type, _call ?? syntax.Span);
        Emit(new CatalogOp(ArithmeticEntries.As, null, [("a", tensor)], ImmutableDictionary<string, OperationAttribute>.Empty, Access.Pointwise, [taken], _call ?? syntax.Span));
        return new TensorValue(taken);
    }

    // 'beta(0.75, 0.75, per: sample)'.
    private Value Beta(CallSyntax call)
    {
        if (Within != BodyKind.Trainer)
        {
            return Error(call.Span, b => b.NotAllowedHere("'beta'", "this body; it is drawn in the steps of trainers and the losses that they call"));
        }

        string[] names = ["a", "b", "per", "like"];
        if (ArgumentMatcher.Match("beta", [.. names.Select(n => (n, false))], [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        if (new[] { "a", "b" }.FirstOrDefault(n => !matched.ContainsKey(n)) is { } missing)
        {
            return Error(call.Span, b => b.MissingArgument("beta", missing, "a number above 0"));
        }

        if (matched.ContainsKey("per") == matched.ContainsKey("like"))
        {
            return Error(call.Span, b => matched.ContainsKey("per") ? b.TooManyArguments("beta", 3, 4) : b.MissingArgument("beta", "per", "what it is drawn for: 'per: sample', or 'like: x'"));
        }

        HostValue[] shapes = new HostValue[2];
        for (int i = 0; i < shapes.Length; i++)
        {
            RawArgument given = matched[names[i]][0];
            Value value = Evaluate(given.Syntax!);
            if (value is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } number })
            {
                return value is ErrorValue ? value : Error(given.Span, b => b.WrongKind($"'{names[i]}' of 'beta'", "a number", value.Description));
            }

            if (!Demand(number, Interval.Positive, $"'{names[i]}' of 'beta'", given.Span))
            {
                return ErrorValue.Instance;
            }

            shapes[i] = number;
        }

        IrValue? like = null;
        if (matched.TryGetValue("like", out var model) && (like = Tensor(model[0].Syntax!, "'like' of 'beta'")) is null)
        {
            return ErrorValue.Instance;
        }

        if (matched.TryGetValue("per", out var per) && per[0].Syntax is not IdentifierSyntax { Name.Text: "sample" })
        {
            return Error(per[0].Span, b => b.WrongWord("per", Source.Text.Substring(per[0].Span.Start, per[0].Span.Length), ["sample"]));
        }

        ImmutableArray<Shapes.Dim> shape = like?.Type.Shape ?? [];
        var drawn = new IrValue("weight", TensorType.Real(like is null ? FreshRows : like.Type.Rows, shape).With(range: Interval.Unit), _call ?? call.Span);
        Emit(new DrawOp(DrawKind.Beta, Site(SiteStem), shape, [.. shapes], like is null ? [] : [like], drawn, _call ?? call.Span));
        return new TensorValue(drawn);
    }
}
