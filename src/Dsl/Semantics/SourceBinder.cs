using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Binds the data parameters of a trainer or evaluation: each is an independent source, braces hold its row-aligned columns.</summary>
internal static class SourceBinder
{
    /// <param name="facts">Of a trainer, whose batch has a size that '[N; Image]' names; null for an evaluation.</param>
    public static IEnumerable<IrSource> Bind(FileContext file, BodyElaborator body, HeaderSyntax header, SizeFacts? facts)
    {
        var all = new List<IrSource>();
        Dim batch = facts is null ? Rows.AtHand : Batch(body, header, facts);
        foreach (ParameterSyntax parameter in header.Data.Where(p => !p.Name.IsMissing))
        {
            Dim? taken = null;
            TypeSyntax? type = parameter.Type;
            if (parameter.Type is ShapeSyntax { Rows: { } syntax } counted)
            {
                type = counted.RowType;
                if (facts is null)
                {
                    body.Report(syntax.Span, b => b.NotSupportedYet("A number of rows of an evaluation", "It reads its source in batches of any size."));
                }
                else if (Count(body, parameter, syntax) is { } count)
                {
                    taken = count;
                }
            }

            var rows = new Rows(parameter.Name.Text, taken ?? batch);
            var columns = new List<IrColumn>();
            foreach (ParameterSyntax column in type is ColumnsTypeSyntax record ? record.Columns : [parameter with { Type = type }])
            {
                if (Column(file, body, column, rows) is { } bound)
                {
                    columns.Add(bound);
                }
            }

            if (type is ColumnsTypeSyntax && !body.Scope.Has(parameter.Name.Text))
            {
                body.Scope.Set(parameter.Name.Text, new SourceValue(parameter.Name.Text, [.. columns.Select(c => c.Name)]), parameter.Name.Span, isParameter: true);
            }

            if (columns.Count > 0)
            {
                all.Add(new IrSource(parameter.Name.Text, [.. columns], parameter.Doc, parameter.Name.Span) { Taken = taken });
            }
        }

        foreach (ParameterSyntax condition in header.Conditions)
        {
            body.Report(condition.Span, b => b.NotAllowedHere("A condition behind a bar", "a trainer: every source is data"));
        }

        return all;
    }

    // The name that stands for the batch in front of some ';', now in scope; without one it is the option.
    private static Dim Batch(BodyElaborator body, HeaderSyntax header, SizeFacts facts)
    {
        NameSyntax? name = header.Data.Select(p => p.Type).OfType<ShapeSyntax>().Select(s => s.Rows).OfType<ExpressionSyntax>().SelectMany(Names).FirstOrDefault(n => !n.IsMissing && body.Scope.Find(n.Text) is null);
        Dim batch = Dim.Of(facts.Variable(name?.Text ?? "batch", DimVariableKind.Batch, 1));
        if (name is not null)
        {
            body.Scope.Set(name.Text, new HostValueHolder(HostValue.Of(batch)), name.Span, isParameter: true);
        }

        return batch;
    }

    private static IEnumerable<NameSyntax> Names(ExpressionSyntax count) => count switch
    {
        IdentifierSyntax name => [name.Name],
        BinarySyntax binary => Names(binary.Left).Concat(Names(binary.Right)),
        _ => [],
    };

    private static Dim? Count(BodyElaborator body, ParameterSyntax parameter, ExpressionSyntax syntax)
    {
        Value value = body.Evaluate(syntax);
        if (value is HostValueHolder { Host.Size: { LowerBound: >= 1 } count })
        {
            return count;
        }

        if (value is not ErrorValue)
        {
            body.Report(syntax.Span, b => b.BatchOfSource(parameter.Name.Text, value.Description));
        }

        return null;
    }

    public static IrColumn? Column(FileContext file, BodyElaborator body, ParameterSyntax parameter, Rows rows)
    {
        string name = parameter.Name.Text;
        if (body.Scope.Has(name))
        {
            body.Report(parameter.Name.Span, b => b.Duplicate(name, "another parameter"));
            return null;
        }

        if (parameter.Type is not NamedTypeSyntax { Name.Text: { } spaceName })
        {
            if (parameter.Type is not MissingTypeSyntax)
            {
                body.Report(parameter.Span, b => b.DataNeedsSpace(name));
            }

            body.Scope.Set(name, ErrorValue.Instance, parameter.Name.Span, isParameter: true);
            return null;
        }

        if (file.Space(spaceName) is not { } space)
        {
            if (file.Find(spaceName) is not { Syntax: SpaceSyntax })
            {
                body.Report(parameter.Type.Span, b => b.UnknownName(spaceName, file.Symbols.Where(s => s.Syntax is SpaceSyntax).Select(s => s.Name)));
            }

            body.Scope.Set(name, ErrorValue.Instance, parameter.Name.Span, isParameter: true);
            return null;
        }

        // One size in the whole file: a hyperparameter of its name would be another.
        if (space.FreeSizes.FirstOrDefault(v => body.Scope.Find(v.Name) is { Value: not HostValueHolder { Host.Size.AsVariable.Kind: DimVariableKind.Free } }) is { } taken)
        {
            body.Report(parameter.Type.Span, b => b.Duplicate(taken.Name, $"a size of the space '{space.Name}'"));
            body.Scope.Set(name, ErrorValue.Instance, parameter.Name.Span, isParameter: true);
            return null;
        }

        foreach (DimVariable size in space.FreeSizes.Where(v => body.Scope.Find(v.Name) is null))
        {
            body.Scope.Set(size.Name, new HostValueHolder(HostValue.Of(Dim.Of(size))), parameter.Type.Span, isParameter: true);
        }

        var batch = new IrValue(name, space.TypeOf(rows), parameter.Name.Span) { IsNamed = true };
        body.Scope.Set(name, new TensorValue(batch), parameter.Name.Span, isParameter: true);
        return new IrColumn(name, space, batch);
    }
}
