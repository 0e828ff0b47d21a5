using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Binds space declarations.</summary>
internal static class SpaceBinder
{
    private static readonly ImmutableDictionary<string, Element> Elements = new Dictionary<string, Element>
    {
        ["f32"] = Element.Real, ["u8"] = Element.Level, ["bit"] = Element.Bit, ["level"] = Element.Level,
        ["class"] = Element.Class, ["code"] = Element.Code, ["mulaw"] = Element.MuLaw,
    }.ToImmutableDictionary();

    // A law is given by numbers; a single one for the logits of a choice makes all values alike.
    private static IEnumerable<Distribution> Laws => DistributionEntries.All.Where(d => d.Layout == ParameterLayout.PerNumber || IsChoice(d));

    private static bool IsChoice(Distribution distribution) => distribution is { UniformDrawOperation: not null, IsOneHot: false };

    public static SpaceSymbol? Bind(FileContext file, GenSource source, SpaceSyntax syntax)
    {
        var report = new HostEvaluator(file, source);
        if (syntax.Type.Element.Text == Words.AnyElement)
        {
            report.Report(syntax.Type.Element.Span, b => b.NotAllowedHere($"'{Words.AnyElement}', which stands for several elements,", "a space; say what its values are: level, class, code or mulaw"));
            return null;
        }

        if (!Elements.TryGetValue(syntax.Type.Element.Text, out Element element))
        {
            if (!syntax.Type.Element.IsMissing)
            {
                report.Report(syntax.Type.Element.Span, b => b.UnknownName(syntax.Type.Element.Text, Elements.Keys.OrderBy(k => k)));
            }

            return null;
        }

        Dim count = element switch { Element.Bit => 2, Element.Real => 0, _ => 256 };
        if (syntax.Type.Count is { } countSyntax)
        {
            // How many words there are, or labels, the data may know; of levels the count is what they mean.
            bool mayBeFree = element is Element.Class or Element.Code;
            if (report.Size(countSyntax, mayBeFree ? name => HostValue.Of(Dim.Of(new DimVariable(name, DimVariableKind.Free, 2))) : null) is not { } given
                || (given.Value is null ? given.AsVariable is null : given.Value < 2))
            {
                report.Report(countSyntax.Span, b => b.NumberOutOfRange($"The count of '{syntax.Type.Element.Text}'", mayBeFree ? "a constant, 2 or more, or a name for a count that only the data knows" : "a constant, 2 or more"));
                return null;
            }

            count = given;
        }
        else if (syntax.Type.Element.Text is "level" or "class" or "code" or "mulaw")
        {
            // The parser has asked for the count.
            return null;
        }

        var shape = new List<Dim>();
        foreach (ExpressionSyntax dim in syntax.Type.Shape.Dims)
        {
            if (report.Size(dim, name => HostValue.Of(Dim.Of(new DimVariable(name, DimVariableKind.Free)))) is not { } size)
            {
                return null;
            }

            if (size.Value is <= 0)
            {
                report.Report(dim.Span, b => b.BelowMinimum("A size", "1", new HostValueHolder(HostValue.Of(size)).Description));
                return null;
            }

            if (size.Value is null && size.AsVariable is null)
            {
                report.Report(dim.Span, b => b.NotSupportedYet($"A space with the size '{size}'", "Give a number, or a name for a size that only the data knows."));
                return null;
            }

            shape.Add(size);
        }

        Interval range = element == Element.Real ? Interval.All : count.Value is { } values ? new Interval(0, values - 1) : Interval.NonNegative;
        if (syntax.Type.Range is { } interval)
        {
            if (report.Number(interval.Low) is not { } least || report.Number(interval.High) is not { } most)
            {
                return null;
            }

            (double low, double high) = (least.Constant ?? double.NaN, most.Constant ?? double.NaN);
            if (element != Element.Real || !(low < high))
            {
                report.Report(interval.Span, b => b.NumberOutOfRange("An interval", element == Element.Real ? "[low, high] with low < high" : "left out here: only 'f32' has one; the count gives the values of the other elements"));
                return null;
            }

            range = new Interval(low, high);
        }

        if (syntax.Law is not null && shape.Append(count).FirstOrDefault(d => d.Value is null) is { } open)
        {
            report.Report(syntax.Law.Span, b => b.NotSupportedYet($"A law on a space with the free size '{open}'", "Give the size as a number."));
            return null;
        }

        SpaceLaw? law = syntax.Law is null ? null : Law(report, syntax.Law, new TensorType(element, count, null, [.. shape], range));
        return new SpaceSymbol(syntax.Name.Text, element, count, [.. shape], range, law, syntax.Doc, syntax.Name.Span);
    }

    private static SpaceLaw? Law(HostEvaluator report, ExpressionSyntax syntax, TensorType type)
    {
        if (syntax is not CallSyntax { Callee: IdentifierSyntax { Name: { } name } } call || Laws.FirstOrDefault(d => d.Name == name.Text) is not { } distribution)
        {
            if (syntax is not MissingExpression)
            {
                var callee = (syntax as CallSyntax)?.Callee as IdentifierSyntax;
                report.Report(callee?.Span ?? syntax.Span, b => callee is null
                    ? b.WrongKind("A law", "a distribution such as 'normal(0, 1)'", "something else")
                    : b.WrongWord("law", callee.Name.Text, Laws.Select(d => d.Name)));
            }

            return null;
        }

        if (ArgumentMatcher.Match(distribution.Name, [.. distribution.Parameters.Select(p => (p.Name, false))], [], [], call.Arguments, syntax.Span, report.Report) is not { } matched)
        {
            return null;
        }

        var arguments = new List<(string, HostValue)>();
        foreach (DistributionParameter parameter in distribution.Parameters)
        {
            if (!matched.TryGetValue(parameter.Name, out List<RawArgument>? argument))
            {
                report.Report(syntax.Span, b => b.MissingArgument(distribution.Name, parameter.Name, ""));
                return null;
            }

            if (report.Number(argument[0].Syntax!) is not { } number)
            {
                return null;
            }

            if (!parameter.Range.Contains(number.Range))
            {
                report.Report(argument[0].Span, b => b.ParameterRange(distribution.Name, parameter.Name, parameter.Range, number.Range));
                return null;
            }

            arguments.Add((parameter.Name, number));
        }

        // A bounded space needs a law that stays inside; the uniform law is the one whose ends are its arguments.
        Interval drawn = IsChoice(distribution) ? type.Range : distribution.Support;
        if (distribution.Name == "uniform" && arguments[0].Item2.Constant is { } low && arguments[1].Item2.Constant is { } high)
        {
            if (low >= high)
            {
                report.Report(syntax.Span, b => b.NumberOutOfRange("'low' of 'uniform'", "less than 'high'"));
                return null;
            }

            drawn = new Interval(low, high);
        }

        if (!distribution.Elements.Contains(type.Element))
        {
            report.Report(syntax.Span, b => b.OutsideSupport(distribution.Name, distribution.About, type));
            return null;
        }

        if (!type.Range.Contains(drawn))
        {
            report.Report(syntax.Span, b => b.LawOutsideRange(distribution.Name, type.Range, drawn));
            return null;
        }

        return new SpaceLaw(distribution.Name, [.. arguments]);
    }
}
