using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Semantics;

/// <summary>Binds the data parameters of a trainer or evaluation: each is an independent source, braces hold its row-aligned columns.</summary>
internal static class SourceBinder
{
    public static IEnumerable<IrSource> Bind(FileContext file, BodyElaborator body, HeaderSyntax header)
    {
        var all = new List<IrSource>();
        foreach (ParameterSyntax parameter in header.Data.Where(p => !p.Name.IsMissing))
        {
            var rows = new Rows(parameter.Name.Text);
            var columns = new List<IrColumn>();
            foreach (ParameterSyntax column in parameter.Type is ColumnsTypeSyntax record ? record.Columns : [parameter])
            {
                if (Column(file, body, column, rows) is { } bound)
                {
                    columns.Add(bound);
                }
            }

            if (parameter.Type is ColumnsTypeSyntax && !body.Scope.Has(parameter.Name.Text))
            {
                body.Scope.Set(parameter.Name.Text, new SourceValue(parameter.Name.Text, [.. columns.Select(c => c.Name)]), parameter.Name.Span, isParameter: true);
            }

            if (columns.Count > 0)
            {
                all.Add(new IrSource(parameter.Name.Text, [.. columns], parameter.Doc, parameter.Name.Span));
            }
        }

        foreach (ParameterSyntax condition in header.Conditions)
        {
            body.Report(condition.Span, b => b.NotAllowedHere("A condition behind a bar", "a trainer: every source is data"));
        }

        return all;
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

        var batch = new IrValue(name, space.TypeOf(rows), parameter.Name.Span) { IsNamed = true };
        body.Scope.Set(name, new TensorValue(batch), parameter.Name.Span, isParameter: true);
        return new IrColumn(name, space, batch);
    }
}
