using System;
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

/// <summary>Binds the types of a signature: spaces, and shapes whose new names are free sizes.</summary>
internal sealed class TypeBinder(FileContext file, BodyElaborator body, SizeFacts facts)
{
    // The rows that the header counts; null where it counts none.
    private Rows? _counted;

    /// <summary>The rows of the parameters where the header names their number: a block for each term of a sum, <c>[refs + n; ...]</c>.</summary>
    /// <param name="otherwise">Those where it does not.</param>
    public Rows Batch(ImmutableArray<ParameterSyntax> parameters, Rows otherwise)
    {
        if (parameters.Select(p => p.Type).OfType<ShapeSyntax>().Select(s => s.Rows).FirstOrDefault(r => r is not (null or MissingExpression)) is not { } count)
        {
            return otherwise;
        }

        ImmutableArray<ExpressionSyntax> terms = [.. Terms(count)];
        if (Sizes(terms, mayIntroduce: true, least: 1) is not { } counts)
        {
            return otherwise;
        }

        string NameOf(int i) => terms.Length == 1 ? "batch" : body.Source.Text.Substring(terms[i].Span.Start, terms[i].Span.Length);
        return _counted = Rows.Join(counts.Select((c, i) => new Rows(NameOf(i), c)));
    }

    private static IEnumerable<ExpressionSyntax> Terms(ExpressionSyntax count) => count is BinarySyntax { Operator: "+" } sum ? Terms(sum.Left).Concat(Terms(sum.Right)) : [count];

    // What stands behind the ';': a lone name that is no space is a size.
    public TypeSyntax Sample(ShapeSyntax counted) => counted.RowType switch
    {
        null => counted with { Rows = null },
        NamedTypeSyntax { Name: { } name } when file.Find(name.Text) is not { Syntax: SpaceSyntax } => new ShapeSyntax(null, [new IdentifierSyntax(name, name.Span)], null, counted.Span),
        var type => type,
    };

    /// <summary>The parameters as values, also put into the scope; null where one has no usable type.</summary>
    public ImmutableArray<IrValue>? Parameters(ImmutableArray<ParameterSyntax> parameters, Rows rows)
    {
        var all = new List<IrValue>();
        bool ok = true;
        foreach (ParameterSyntax parameter in parameters.Where(p => !p.Name.IsMissing))
        {
            string name = parameter.Name.Text;
            if (body.Scope.Has(name))
            {
                body.Report(parameter.Name.Span, b => b.Duplicate(name, "another parameter"));
                ok = false;
                continue;
            }

            if (parameter.Type is null)
            {
                body.Report(parameter.Name.Span, b => b.DataNeedsSpace(name));
            }

            if (parameter.Type is null || Type(parameter.Type, rows, mayIntroduce: true) is not { } type)
            {
                body.Scope.Set(name, ErrorValue.Instance, parameter.Name.Span, isParameter: true);
                ok = false;
                continue;
            }

            var value = new IrValue(name, type, parameter.Name.Span) { IsNamed = true };
            all.Add(value);
            body.Scope.Set(name, BodyElaborator.ValueOf(value), parameter.Name.Span, isParameter: true);
        }

        return ok && AllSolved(all) ? [.. all] : null;
    }

    // Every free size must follow from the tensors of a call: a name by itself, or the only unknown of a sum or multiple.
    private bool AllSolved(List<IrValue> parameters)
    {
        List<(Dim Size, TextSpan Span)> open = [.. parameters.SelectMany(p => p.Type.KnownFromData.Append(p.Type.Count).Concat(p.Type.Rows?.Count is { } rows ? [rows] : []).Select(d => (d, p.Span)))];
        var solved = new HashSet<string>(StringComparer.Ordinal);
        bool progress = true;
        while (progress)
        {
            progress = false;
            foreach ((Dim size, TextSpan _) in open)
            {
                if (size.Variables.Where(v => v.Kind == DimVariableKind.Free && !solved.Contains(v.Name)).ToList() is [{ } only])
                {
                    progress |= solved.Add(only.Name);
                }
            }
        }

        (Dim Size, TextSpan Span) stuck = open.FirstOrDefault(d => d.Size.Variables.Any(v => v.Kind == DimVariableKind.Free && !solved.Contains(v.Name)));
        if (stuck.Size is not null)
        {
            body.Report(stuck.Span, b => b.SizeNeverSolved(stuck.Size.ToString()));
        }

        return stuck.Size is null;
    }

    /// <summary>Checks results against their declared types, which they then take.</summary>
    public bool Declared(string name, ImmutableArray<TypeSyntax> declared, List<IrValue> results, TextSpan at, Rows rows)
    {
        if (declared.IsEmpty)
        {
            return true;
        }

        ImmutableArray<TypeSyntax> flat = declared is [TupleTypeSyntax tuple] ? tuple.Items : declared;
        if (flat.Length != results.Count)
        {
            body.Report(at, b => b.WrongResult(name, flat.Length == 1 ? "1 value" : $"{flat.Length} values", $"{results.Count}", null));
            return false;
        }

        bool ok = true;
        for (int i = 0; i < flat.Length; i++)
        {
            if (Type(flat[i], rows, mayIntroduce: false) is not { } wanted)
            {
                ok = false;
                continue;
            }

            TensorType found = results[i].Type;
            if (!Equals(wanted.Members, found.Members) || wanted.Element != found.Element || !wanted.Count.Equals(found.Count) || !wanted.SameShape(found) || (wanted.Rows is null) != (found.Rows is null))
            {
                string? example = wanted.Shape.Length == found.Shape.Length
                    ? wanted.Shape.Zip(found.Shape, (a, b) => a.Equals(b) ? null : DimExample.Differing(a, b)).FirstOrDefault(e => e is not null)
                    : null;
                body.Report(at, b => b.WrongResult(name, wanted.ToString(), found.ToString(), example));
                ok = false;
            }
            else if (wanted.Space is { } space && found.Space is { } other && !ReferenceEquals(space, other))
            {
                body.Report(at, b => b.WrongResultSpace(name, space.Name, other.Name));
                ok = false;
            }
            else if (!wanted.Range.Contains(found.Range))
            {
                body.Report(at, b => b.OutsideRange($"The result of '{name}'", wanted.Space?.Name ?? "as declared", wanted.Range, found.Range));
                ok = false;
            }
            else if (!ReferenceEquals(wanted.Space, found.Space) || !wanted.Range.Equals(found.Range))
            {
                // A parameter that is returned as it came in keeps its own type; what the body computed takes the declared one.
                if (results[i].Producer is not null)
                {
                    results[i].Type = found with { Space = wanted.Space, Range = wanted.Space is null ? found.Range : wanted.Range };
                }
            }
        }

        return ok;
    }

    /// <summary>A type; null, reported, where it is none.</summary>
    public TensorType? Type(TypeSyntax syntax, Rows? rows, bool mayIntroduce)
    {
        switch (syntax)
        {
            case NamedTypeSyntax named:
                if (file.Space(named.Name.Text) is { } space)
                {
                    return OfSpace(space, rows, named.Span);
                }

                // A space whose own declaration has errors has reported them.
                if (file.Find(named.Name.Text) is not { Syntax: SpaceSyntax })
                {
                    body.Report(named.Span, b => b.UnknownName(named.Name.Text, file.Symbols.Where(s => s.Syntax is SpaceSyntax).Select(s => s.Name)));
                }

                return null;
            case ShapeSyntax { Rows: null } shape:
                return Shape(shape, mayIntroduce) is { } dims ? TensorType.Real(rows, dims) : null;
            case ShapeSyntax { Rows: { } count } counted when _counted is not null && rows is not null:
                if (Sizes([count], mayIntroduce, least: 1) is not [{ } number])
                {
                    return null;
                }

                if (!number.Equals(_counted.Count))
                {
                    body.Report(count.Span, b => b.WrongKind("The number of rows", $"{_counted.Count}, as of the first parameter that names it", number.ToString()));
                    return null;
                }

                return Type(Sample(counted), rows, mayIntroduce);
            case ElementTypeSyntax { Element.Text: Words.AnyElement } discrete:
                return Discrete(discrete, rows, mayIntroduce);
            case FamilyTypeSyntax { Member: not FamilyTypeSyntax } family:
                return Sizes([family.Count], mayIntroduce, least: 0) is [{ } members] && Type(family.Member, rows, mayIntroduce) is { } member ? member with { Members = members } : null;
            case MissingTypeSyntax:
                return null;
            default:
                body.Report(syntax.Span, b => b.NotSupportedYet("A parameter of this type", "Use a space or a shape such as '[c, h, w]'."));
                return null;
        }
    }

    // A free size of a space is one size in the whole file, with the facts that this declaration states of it.
    private TensorType? OfSpace(SpaceSymbol space, Rows? rows, TextSpan at)
    {
        foreach (DimVariable size in space.FreeSizes)
        {
            if (body.Scope.Find(size.Name) is not { } known)
            {
                body.Scope.Set(size.Name, new HostValueHolder(HostValue.Of(Dim.Of(facts.Variable(size.Name, DimVariableKind.Free, size.Minimum)))), at, isParameter: true);
            }
            else if (known.Value is not HostValueHolder { Host.Size.AsVariable: { Kind: DimVariableKind.Free } })
            {
                body.Report(at, b => b.Duplicate(size.Name, $"a size of the space '{space.Name}'"));
                return null;
            }
        }

        TensorType type = space.TypeOf(rows);
        Dim? Known(DimVariable v) => ((HostValueHolder)body.Scope.Find(v.Name)!.Value).Host.Size;
        return type with { Count = type.Count.Substitute(Known), Shape = [.. type.Shape.Select(d => d.Substitute(Known))] };
    }

    // discrete[n][c, h, w]: n may be a name, which is then the count of whatever is given.
    private TensorType? Discrete(ElementTypeSyntax syntax, Rows? rows, bool mayIntroduce)
    {
        if (syntax.Count is null)
        {
            return null;
        }

        if (mayIntroduce && syntax.Count is IdentifierSyntax { Name: { } name } && body.Scope.Find(name.Text) is null)
        {
            body.Scope.Set(name.Text, new HostValueHolder(HostValue.Of(Dim.Of(facts.Variable(name.Text, DimVariableKind.Free, 2)))), name.Span, isParameter: true);
        }

        Value value = body.Evaluate(syntax.Count);
        if (value is not HostValueHolder { Host.Size: { } count })
        {
            if (value is not ErrorValue)
            {
                body.Report(syntax.Count.Span, b => b.WrongKind("A count", "an integer", value.Description));
            }

            return null;
        }

        if (count.LowerBound is not >= 2)
        {
            body.Report(syntax.Count.Span, b => b.BelowMinimum("A count", 2, count, null));
            return null;
        }

        if (syntax.Range is not null)
        {
            body.Report(syntax.Range.Span, b => b.NumberOutOfRange("An interval", "left out here: only 'f32' has one; the count gives the values of the other elements"));
            return null;
        }

        Interval range = count.Value is { } n ? new Interval(0, n - 1) : Interval.NonNegative;
        return Shape(syntax.Shape, mayIntroduce) is { } shape ? new TensorType(Element.Discrete, count, rows, shape, range) : null;
    }

    private ImmutableArray<Dim>? Shape(ShapeSyntax syntax, bool mayIntroduce) => Sizes(syntax.Dims, mayIntroduce, least: 1);

    private ImmutableArray<Dim>? Sizes(ImmutableArray<ExpressionSyntax> sizes, bool mayIntroduce, long least)
    {
        var dims = new List<Dim>();
        foreach (ExpressionSyntax dim in sizes)
        {
            if (mayIntroduce)
            {
                Introduce(dim);
            }

            Value value = body.Evaluate(dim);
            if (value is not HostValueHolder { Host.Size: { } size })
            {
                if (value is not ErrorValue)
                {
                    body.Report(dim.Span, b => b.WrongKind("A size", "an integer", value.Description));
                }

                return null;
            }

            if (size.Value < least)
            {
                body.Report(dim.Span, b => b.BelowMinimum("A size", least.ToString(System.Globalization.CultureInfo.InvariantCulture), value.Description));
                return null;
            }

            dims.Add(size);
        }

        return [.. dims];
    }

    // A name that nothing declares is a free size, known from the data.
    private void Introduce(ExpressionSyntax dim)
    {
        switch (dim)
        {
            case IdentifierSyntax { Name: { } name } when body.Scope.Find(name.Text) is null:
                body.Scope.Set(name.Text, new HostValueHolder(HostValue.Of(Dim.Of(facts.Variable(name.Text, DimVariableKind.Free, 1)))), name.Span, isParameter: true);
                break;
            case BinarySyntax binary:
                Introduce(binary.Left);
                Introduce(binary.Right);
                break;
        }
    }
}
