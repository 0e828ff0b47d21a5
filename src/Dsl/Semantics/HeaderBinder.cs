using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Binds the hyperparameters and facts of a declaration and puts them into its scope.</summary>
internal static class HeaderBinder
{
    /// <summary>Fills in what the head of a net, flow or model says before its tensors.</summary>
    /// <returns>The facts that proofs may use.</returns>
    public static SizeFacts Bind(FileContext file, GenSource source, BodyDeclarationSyntax syntax, Ir.IrModule module, Scope scope, Template? template)
    {
        SizeFacts facts = SizeFacts.Of(source, syntax);
        module.SizeFacts = facts.All;
        module.Hyperparameters = Hyperparameters(file, source, syntax.Header, scope, facts, template);
        module.Facts = Facts(file, source, syntax.Header, facts.Others, scope, template);
        CheckDefaults(file, source, module);
        return facts;
    }

    public static ImmutableArray<Ir.Hyperparameter> Hyperparameters(FileContext file, GenSource source, HeaderSyntax header, Scope scope, SizeFacts facts, Template? template = null)
    {
        var all = new List<Ir.Hyperparameter>();
        var evaluator = new HostEvaluator(file, source, name => scope.Find(name)?.Value is HostValueHolder { Host: { } host } ? host : null);
        foreach (ParameterSyntax parameter in header.Hyperparameters.Where(p => !p.Name.IsMissing))
        {
            string name = parameter.Name.Text;
            if (scope.Has(name))
            {
                evaluator.Report(parameter.Name.Span, b => b.Duplicate(name, "another parameter"));
                continue;
            }

            if (template is not null && Template.IsShaping(parameter) && parameter.Default is { } standard && (Template.Literal(standard, parameter) is not { } written || Template.Mismatch(parameter, written) is not null))
            {
                string expected = Template.Literal(standard, parameter) is { } wrong ? Template.Mismatch(parameter, wrong)! : "written out";
                evaluator.Report(standard.Span, b => b.WrongKind($"The default of '{name}'", expected, "something else"));
                scope.Set(name, ErrorValue.Instance, parameter.Name.Span, isParameter: true);
                continue;
            }

            if (template is not null && template.Values.TryGetValue(name, out Value? known))
            {
                scope.Set(name, known, parameter.Name.Span, isParameter: true);
                continue;
            }

            HostValue? given = parameter.Default is null ? null : evaluator.Evaluate(parameter.Default, null);
            HostKind? kind = Kind(evaluator, parameter, given, file.Diagnostics.HasErrorIn(header.Span));
            if (kind is null)
            {
                scope.Set(name, ErrorValue.Instance, parameter.Name.Span, isParameter: true);
                continue;
            }

            long? minimum = kind == HostKind.Int ? (parameter.Type as HostTypeSyntax)?.Minimum ?? 1 : null;
            if (given is not null && (given.Kind == kind || (given.Kind == HostKind.Int && kind == HostKind.Float)))
            {
                if (given.Constant < minimum)
                {
                    evaluator.Report(parameter.Default!.Span, b => b.BelowMinimum($"'{name}'", minimum!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), new HostValueHolder(given).Description, name));
                }
            }
            else if (given is not null)
            {
                evaluator.Report(parameter.Default!.Span, b => b.WrongKind($"The default of '{name}'", kind switch { HostKind.Int => "an integer", HostKind.Float => "a number", _ => "true or false" }, new HostValueHolder(given).Description));
                given = null;
            }

            all.Add(new Ir.Hyperparameter(name, kind.Value, given, minimum, parameter.Doc, parameter.Name.Span));
            scope.Set(name, new HostValueHolder(ValueOf(name, kind.Value, minimum, facts)), parameter.Name.Span, isParameter: true);
        }

        return [.. all];
    }

    /// <summary>Reports parameters of one name.</summary>
    public static void Distinct(FileContext file, HeaderSyntax header)
    {
        var names = new HashSet<string>(System.StringComparer.Ordinal);
        foreach (ParameterSyntax parameter in header.Hyperparameters.Concat(header.Data).Concat(header.Conditions).Where(p => !p.Name.IsMissing && !names.Add(p.Name.Text)))
        {
            file.Diagnostics.Add(new DiagnosticBuilder(file.Source, parameter.Name.Span).Duplicate(parameter.Name.Text, "another parameter"));
        }
    }

    public static ImmutableArray<Ir.Fact> Facts(FileContext file, GenSource source, HeaderSyntax header, IEnumerable<ExpressionSyntax> facts, Scope scope, Template? template = null)
    {
        var all = new List<Ir.Fact>();
        HashSet<string> free = [.. header.Data.Concat(header.Conditions).SelectMany(p => FreeSizes(file, p.Type)).Where(n => scope.Find(n) is null)];
        HostValue? Find(string name)
        {
            if (free.Contains(name))
            {
                return HostValue.Of(Shapes.Dim.Of(new DimVariable(name, DimVariableKind.Free)));
            }

            return scope.Find(name)?.Value is HostValueHolder { Host: { } host } ? host : null;
        }

        var evaluator = new HostEvaluator(file, source, Find);
        foreach (ExpressionSyntax fact in facts)
        {
            if (evaluator.Evaluate(fact, null) is not { } condition)
            {
                continue;
            }

            if (condition.Kind != HostKind.Bool)
            {
                evaluator.Report(fact.Span, b => b.WrongKind("A fact", "a comparison such as 'width % 2 == 0'", new HostValueHolder(condition).Description));
                continue;
            }

            // Of values that are fixed it is known now.
            if (template is not null && HostArithmetic.Truth(condition.Expression) is { } holds)
            {
                if (!holds)
                {
                    string text = source.Text.Substring(fact.Span.Start, fact.Span.Length);
                    evaluator.Report(fact.Span, b => b.FactFails(text, template.Text));
                }

                continue;
            }

            all.Add(new Ir.Fact([condition], source.Text.Substring(fact.Span.Start, fact.Span.Length), fact.Span)
            {
                Demand = fact is BinarySyntax { Left: IdentifierSyntax { Name.Text: { } of } } && scope.Find(of)?.Value is HostValueHolder { Host: { Kind: HostKind.Float, Expression: HostHyperparameter } number } && SizeFacts.RangeOf(fact) is { } range
                    ? new Ir.NumberDemand(number, range, null)
                    : null,
            });
        }

        return [.. all];
    }

    /// <summary>Reports facts that the defaults break.</summary>
    public static void CheckDefaults(FileContext file, GenSource source, Ir.IrModule module)
    {
        void Broken(TextSpan span, string fact, string defaults) =>
            file.Diagnostics.Add(new DiagnosticBuilder(source, span).FactFails(fact, $"the default {defaults} of '{module.DeclaredName}'"));
        foreach (Ir.Fact fact in module.Facts)
        {
            if (NumberDemands.AtDefaults(module, fact) is { } defaults)
            {
                Broken(fact.Span, fact.Text, defaults);
            }
        }

        foreach (Ir.SizeFact fact in module.SizeFacts)
        {
            if (module.Hyperparameters.FirstOrDefault(h => h.Name == fact.Name)is { Default.Size.Value: { } standard, Minimum: { } least } && standard >= least && !fact.Holds(standard))
            {
                Broken(fact.Span, fact.Text, $"{fact.Name} = {standard.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            }
        }
    }

    /// <summary>
    /// Reports facts that cannot be checked at construction. Hyperparameters and fixed sizes are known then; another size of
    /// the data is not, so only facts that proofs can use may speak of it.
    /// </summary>
    public static void CheckFacts(Ir.IrModule module, ImmutableArray<DimVariable> known, System.Action<TextSpan, System.Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        foreach (Ir.Fact fact in module.Facts)
        {
            if (fact.Conditions.SelectMany(c => Variables(c.Expression)).FirstOrDefault(v => v.Kind == DimVariableKind.Free && known.All(f => f.Name != v.Name)) is { } size)
            {
                report(fact.Span, b => b.NotSupportedYet($"A fact of this form about '{size.Name}', a size of the data,", $"Write '{size.Name} >= 4', '{size.Name} > 3' or '{size.Name} % 4 == 0'."));
            }
        }
    }

    private static IEnumerable<string> FreeSizes(FileContext file, TypeSyntax? type) => type switch
    {
        ShapeSyntax shape => shape.Dims.OfType<IdentifierSyntax>().Select(i => i.Name.Text),
        ElementTypeSyntax element => FreeSizes(file, element.Shape).Concat(element.Count is IdentifierSyntax count ? [count.Name.Text] : []),
        NamedTypeSyntax named => file.Space(named.Name.Text)?.FreeSizes.Select(v => v.Name) ?? [],
        ColumnsTypeSyntax columns => columns.Columns.SelectMany(c => FreeSizes(file, c.Type)),
        _ => [],
    };

    private static IEnumerable<DimVariable> Variables(HostExpr expression) => HostReading.Leaves(expression).OfType<HostSize>().SelectMany(s => s.Size.Variables);

    private static HostValue ValueOf(string name, HostKind kind, long? minimum, SizeFacts facts) => kind switch
    {
        HostKind.Int => HostValue.Of(Dim.Of(facts.Variable(name, DimVariableKind.Hyperparameter, minimum ?? 1))),
        HostKind.Float => new HostValue(kind, new HostHyperparameter(name), null, facts.Range(name)),
        _ => new HostValue(kind, new HostHyperparameter(name), null, Interval.All),
    };

    private static HostKind? Kind(HostEvaluator evaluator, ParameterSyntax parameter, HostValue? given, bool isDamaged)
    {
        switch (parameter.Type)
        {
            case HostTypeSyntax { Keyword.Text: "int" }:
                return HostKind.Int;
            case HostTypeSyntax { Keyword.Text: "float" }:
                return HostKind.Float;
            case HostTypeSyntax { Keyword.Text: "bool" }:
                return HostKind.Bool;
            case null when given is not null:
                return given.Kind;
            case null:
                if (parameter.Default is null)
                {
                    evaluator.Report(parameter.Name.Span, b => b.HyperparameterNeedsKind(parameter.Name.Text));
                }

                return null;
            case MissingTypeSyntax:
                return null;
            default:
                if (isDamaged)
                {
                    // A condition in the wrong list looks like this.
                    return null;
                }

                evaluator.Report(parameter.Type.Span, b => b.NotSupportedYet("A hyperparameter of this type", "Use int, float or bool; nets, flows and models also take tuples '(int, int)', 'padding' and 'partition'."));
                return null;
        }
    }
}
