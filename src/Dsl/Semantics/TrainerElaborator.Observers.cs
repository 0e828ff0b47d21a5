using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Samples and evaluations: they see the nets of the trainer, not the values of its step.</summary>
internal sealed partial class TrainerElaborator
{
    // As many rows as whoever asks for a sample wants.
    private static readonly Rows s_count = new("count", Rows.AtHand);

    private void Sample(SampleSyntax syntax)
    {
        if (!Unique(syntax.Name))
        {
            return;
        }

        var block = new IrBlock();
        BodyElaborator body = _body.Inner(block, new Scope(_scope) { IsObserver = true }, kind: BodyKind.Observer, drawRows: s_count);
        body.SiteStem = "sample " + syntax.Name.Text;
        if (Arguments(body, syntax.Header) is not { } arguments)
        {
            return;
        }

        if (body.Tensor(syntax.Value, "A sample") is not { } value)
        {
            return;
        }

        if (value.Type.Rows?.IsBatch("count") != true || value.Type.Space is null)
        {
            body.Report(syntax.Value.Span, b => b.WrongKind("A sample", "rows of a space that are drawn here, such as 'G(draw(Latent))' for a G that returns a space", new TensorValue(value).Description));
            return;
        }

        _trainer.Samples.Add(new IrSample(syntax.Name.Text, syntax.Doc, new IrFunction(arguments.Conditions, block, [value]), syntax.Span) { Sizes = arguments.Sizes, Numbers = arguments.Numbers });
    }

    // Spaces are conditions, a row for each row drawn; integers are sizes; what else is a number is what it is.
    private (ImmutableArray<IrValue> Conditions, ImmutableArray<(DimVariable, long)> Sizes, ImmutableArray<(string, double)> Numbers)? Arguments(BodyElaborator body, HeaderSyntax? header)
    {
        if (header is null)
        {
            return ([], [], []);
        }

        var conditions = new List<IrValue>();
        var sizes = new List<(DimVariable, long)>();
        var numbers = new List<(string, double)>();
        foreach (ParameterSyntax parameter in header.Data.Concat(header.Conditions).Where(p => !p.Name.IsMissing))
        {
            if (parameter.Type is HostTypeSyntax or null && parameter.Default is { } text)
            {
                Value given = body.Evaluate(text);
                if (parameter.Type is HostTypeSyntax { Keyword.Text: "float" } || (parameter.Type is null && given is HostValueHolder { Host.Kind: HostKind.Float }))
                {
                    if (given is not HostValueHolder { Host.Constant: { } number })
                    {
                        body.Report(text.Span, b => b.NumberOutOfRange($"The default of '{parameter.Name.Text}'", "a constant number"));
                        return null;
                    }

                    numbers.Add((parameter.Name.Text, number));
                    body.Scope.Set(parameter.Name.Text, new HostValueHolder(new HostValue(HostKind.Float, new HostArgument(parameter.Name.Text), null, Interval.All)), parameter.Name.Span, isParameter: true);
                    continue;
                }

                if (given is not HostValueHolder { Host.Size.Value: { } size } || size < 1)
                {
                    body.Report(text.Span, b => b.NumberOutOfRange($"The default of '{parameter.Name.Text}'", "a constant integer, 1 or above"));
                    return null;
                }

                var variable = new DimVariable(parameter.Name.Text, DimVariableKind.Free);
                sizes.Add((variable, size));
                body.Scope.Set(parameter.Name.Text, new HostValueHolder(HostValue.Of(Dim.Of(variable))), parameter.Name.Span, isParameter: true);
            }
            else if (SourceBinder.Column(_file, body, parameter, s_count) is { } column)
            {
                conditions.Add(column.Batch);
            }
            else
            {
                return null;
            }
        }

        return ([.. conditions], [.. sizes], [.. numbers]);
    }

    private bool Unique(NameSyntax name)
    {
        string member = MemberName.Pascal(name.Text);
        if (name.IsMissing || !_observers.TryGetValue(member, out string? other))
        {
            _observers[member] = name.Text;
            return !name.IsMissing;
        }

        _body.Report(name.Span, b => other == name.Text ? b.Duplicate(name.Text, "another sample or evaluation") : b.MemberClash(name.Text, member, $"'{other}' becomes too"));
        return false;
    }

    private void Evaluate(EvaluateSyntax syntax)
    {
        if (!Unique(syntax.Name))
        {
            return;
        }

        var block = new IrBlock();
        var scope = new Scope(_scope) { IsObserver = true };
        BodyElaborator probe = _body.Inner(block, scope, kind: BodyKind.Observer);
        ImmutableArray<IrSource> sources = [.. SourceBinder.Bind(_file, probe, syntax.Header, null)];
        if (syntax.Header.Data.IsEmpty && !_file.Diagnostics.HasErrors)
        {
            _body.Report(syntax.Name.Span, b => b.NoData($"The evaluation '{syntax.Name.Text}'"));
        }

        BodyElaborator body = _body.Inner(block, scope, kind: BodyKind.Observer, drawRows: sources.Length > 0 ? sources[0].Rows : new Rows("data"));
        var results = new List<IrEvaluationResult>();
        foreach (StatementSyntax statement in syntax.Body.Statements)
        {
            if (statement is ReportSyntax report)
            {
                body.SiteStem = syntax.Name.Text + " " + (report.Name?.Text ?? "report");
                if (body.Tensor(report.Value, "A reported figure") is not { } value)
                {
                    continue;
                }

                if ((report.Name ?? (report.Value as IdentifierSyntax)?.Name) is not { } name)
                {
                    body.Report(report.Span, b => b.WrongKind("A reported figure", "one number with a name: 'report name = mean(...)'", new TensorValue(value).Description));
                    continue;
                }

                if (results.Any(r => MemberName.Pascal(r.Name) == MemberName.Pascal(name.Text)))
                {
                    body.Report(name.Span, b => b.Duplicate(name.Text, "another figure"));
                    continue;
                }

                if (!value.Type.IsScalar || !(IsRowMean(value) || value.Producer is CatalogOp { Operation.Metric: not null }))
                {
                    body.Report(report.Value.Span, b => b.EvaluationResultShape(value.Type.IsScalar ? "a function of such means, which is not the same on the whole as on its batches" : new TensorValue(value).Description));
                    continue;
                }

                if (LooksAtAllRows(value, []))
                {
                    body.Report(report.Value.Span, b => b.EvaluationOfCoupledRows(name.Text));
                }

                var result = new IrEvaluationResult(name.Text, report.Doc, value);
                ImmutableArray<int>[] read = [.. result.Read.Select(v => SourcesOf(v, sources))];
                if (read.FirstOrDefault(r => r.Length > 1) is { IsDefault: false } mixed)
                {
                    body.Report(report.Value.Span, b => b.EvaluationResultShape($"computed from '{sources[mixed[0]].Name}' and from '{sources[mixed[1]].Name}', which are read one after the other: report a figure of each"));
                    continue;
                }

                results.Add(result with { Sources = [.. read.Select(r => r.FirstOrDefault())] });
            }
            else if (!body.RunShared(statement))
            {
                body.Report(statement.Span, b => b.NotAllowedHere(BodyElaborator.Describe(statement), "an evaluation"));
            }
        }

        UnusedNames.Report(body);
        _trainer.Evaluations.Add(new IrEvaluation(syntax.Name.Text, syntax.Doc, sources, block, [.. results], syntax.Span));
    }

    // Draws alone are rows of the first.
    private static ImmutableArray<int> SourcesOf(IrValue value, ImmutableArray<IrSource> sources)
    {
        HashSet<IrValue> columns = ValueSources.Of([value], v => sources.Any(s => s.Columns.Any(c => ReferenceEquals(c.Batch, v))));
        return [.. Enumerable.Range(0, sources.Length).Where(i => sources[i].Columns.Any(c => columns.Contains(c.Batch)))];
    }

    // What depends on which rows are in one batch.
    private static bool LooksAtAllRows(IrValue value, HashSet<IrValue> seen) => seen.Add(value)
        && (value.Producer is CatalogOp { Operation: { IsOfRows: true, CouplesRows: true } } or { Called.Module.LooksAtAllRows: true } or InvokeOp { ObservesAllRows: true }
            || (value.Producer?.Inputs ?? []).Concat(value.MergedFrom).Any(v => LooksAtAllRows(v, seen)));

    // The mean over all rows is the mean of the batches' means only for what is linear in them.
    private static bool IsRowMean(IrValue value) => value.Producer is CatalogOp { Operation.Name: { } name } op && (name is "mean"
        || (name is "neg" or "+s" or "s-" or "*s" or "/s" && IsRowMean(op.Inputs[0]))
        || (name is "+" or "-" && op.Inputs.All(IsRowMean)));
}
