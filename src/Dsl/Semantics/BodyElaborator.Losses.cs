using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Losses are templates: their bodies are elaborated in place, with the arguments' own types.</summary>
internal sealed partial class BodyElaborator
{
    private Value Inline(DeclarationSymbol symbol, LossSyntax loss, IReadOnlyList<RawArgument> first, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        ImmutableArray<ParameterSyntax> parameters = [.. loss.Header.Hyperparameters, .. loss.Header.Data, .. loss.Header.Conditions];
        List<string> names = [.. parameters.Select(p => p.Name.Text)];
        if (ArgumentMatcher.Match(symbol.Name, [.. names.Select(n => (n, false))], first, names, arguments, span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        var values = new Dictionary<string, (Value Value, TextSpan Span)>(StringComparer.Ordinal);
        foreach (ParameterSyntax parameter in parameters)
        {
            if (matched.TryGetValue(parameter.Name.Text, out List<RawArgument>? given))
            {
                values[parameter.Name.Text] = (given[0].Piped ?? Evaluate(given[0].Syntax!), given[0].Span);
            }
            else if (parameter.Default is null)
            {
                return Error(span, b => b.MissingArgument(symbol.Name, parameter.Name.Text, parameter.Doc));
            }
        }

        return values.Values.Any(v => v.Value is ErrorValue) ? ErrorValue.Instance : Inline(symbol, loss, parameters, values, span);
    }

    /// <summary>A loss of the library on values at hand.</summary>
    public Value InlineLibrary(string name, IReadOnlyList<Value> arguments, TextSpan span)
    {
        DeclarationSymbol symbol = _file.Catalogue.Declared(name)!;
        var loss = (LossSyntax)symbol.Syntax;
        var values = new Dictionary<string, (Value Value, TextSpan Span)>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++)
        {
            values[loss.Header.Data[i].Name.Text] = (arguments[i], span);
        }

        return Inline(symbol, loss, loss.Header.Data, values, span);
    }

    private Value Inline(DeclarationSymbol symbol, LossSyntax loss, ImmutableArray<ParameterSyntax> parameters, Dictionary<string, (Value Value, TextSpan Span)> values, TextSpan span)
    {
        if (_inlined.Contains(symbol))
        {
            return Error(span, b => b.Recursive(symbol.Name));
        }

        // A mistake inside the body is shown at the call, with the place in the body beside it.
        GenDiagnostic Locate(TextSpan at, Func<DiagnosticBuilder, GenDiagnostic> diagnostic)
        {
            GenDiagnostic inner = diagnostic(new DiagnosticBuilder(symbol.Source, at));
            return _locate(span, _ => inner with
            {
                Source = Source,
                Span = span,
                Message = $"In '{symbol.Name}' ({symbol.Source.Name}.gen, line {symbol.Source.Lines.PositionOf(at.Start).Line + 1}): {inner.Message}",
                Fixes = [],
            });
        }

        var scope = new Scope(null);
        var body = new BodyElaborator(_file, symbol.Source, BodyKind.Loss, _construction, Block, scope, DrawRows, Loops, _inlined.Add(symbol), _call ?? span, Locate)
        {
            _trial = _trial, _isUnsure = _isUnsure, Within = Within, _sites = _sites, SiteStem = SiteStem,
        };
        if (!BindLossParameters(symbol, parameters, values, scope, body) || !body.MeetsFacts(symbol, loss))
        {
            return ErrorValue.Instance;
        }

        Value? result = body.Run(loss.Body);
        UnusedNames.Report(body);
        return result ?? Error(span, b => b.NoResult($"'{symbol.Name}'"));
    }

    // What stands behind 'where' is owed by the call: sizes by proof, numbers as everywhere.
    private bool MeetsFacts(DeclarationSymbol symbol, LossSyntax loss)
    {
        SizeFacts facts = SizeFacts.Of(symbol.Source, loss);
        bool ok = true;
        foreach (SizeFact fact in facts.All)
        {
            if (Scope.Find(fact.Name)?.Value is not HostValueHolder { Host.Size: { } size })
            {
                Report(fact.Span, b => b.UnknownName(fact.Name, Scope.Names));
                ok = false;
            }
            else if (!fact.IsProvedFor(size))
            {
                Report(fact.Span, b => b.FactNotMet(symbol.Name, fact.Text, size, null));
                ok = false;
            }
        }

        foreach (ExpressionSyntax fact in facts.Others)
        {
            string text = symbol.Source.Text.Substring(fact.Span.Start, fact.Span.Length);
            Value value = Evaluate(fact);
            if (value is not HostValueHolder { Host: { Kind: HostKind.Bool } condition })
            {
                ok = false;
                if (value is not ErrorValue)
                {
                    Report(fact.Span, b => b.WrongKind("A fact", "a comparison such as 'width % 2 == 0'", value.Description));
                }
            }
            else if (HostArithmetic.Truth(condition.Expression) is false)
            {
                Report(fact.Span, b => b.FactFails(text, "what is given"));
                ok = false;
            }
            else
            {
                ok &= Owe(new Fact([condition], $"{HostReading.Text(condition.Expression)}, by '{symbol.Name}'", fact.Span), (b, defaults) => b.FactFails(text, "the default " + defaults), fact.Span);
            }
        }

        return ok;
    }

    private bool BindLossParameters(
        DeclarationSymbol symbol, ImmutableArray<ParameterSyntax> parameters, Dictionary<string, (Value Value, TextSpan Span)> values, Scope scope, BodyElaborator body)
    {
        var shapes = new Dictionary<string, (string Name, TensorType Type)>(StringComparer.Ordinal);

        // The library knows no space of the file: a space named S is not the S of its signatures.
        SpaceSymbol? SpaceOf(string name) => symbol.IsLibrary ? null : _file.Space(name);
        foreach (ParameterSyntax parameter in parameters)
        {
            string name = parameter.Name.Text;
            (Value value, TextSpan at) = values.TryGetValue(name, out (Value, TextSpan) given) ? given : (body.Evaluate(parameter.Default!), parameter.Span);
            switch (parameter.Type)
            {
                // A name that is no space stands for any shape, the same wherever it occurs; plain numbers fit all.
                case NamedTypeSyntax { Name.Text: { } variable } when SpaceOf(variable) is null && value is TensorValue { Tensor.Type: { } type }:
                    if (shapes.TryGetValue(variable, out (string Name, TensorType Type) other) && !type.IsScalar && !other.Type.IsScalar && !other.Type.SameShape(type))
                    {
                        Report(at, b => b.ShapesDiffer(symbol.Name, $"'{other.Name}'", other.Type, $"'{name}'", type));
                        return false;
                    }

                    shapes[variable] = (name, type);
                    break;
                case NamedTypeSyntax { Name.Text: { } spaceName } when SpaceOf(spaceName) is { } space:
                    if (AsTensor(value, at, $"'{name}' of '{symbol.Name}'") is not { } tensor
                        || !new ShapeUnifier([]).Unify(symbol.Name, [(name, space.TypeOf(tensor.Type.Rows))], [(tensor.Type, at)], Report))
                    {
                        return false;
                    }

                    break;
                case HostTypeSyntax host:
                    if (value is not HostValueHolder { Host.Kind: { } kind } || !Accepts(host.Keyword.Text, kind))
                    {
                        Report(at, b => b.WrongKind($"'{name}' of '{symbol.Name}'", host.Keyword.Text switch { "int" => "an integer", "float" => "a number", "bool" => "true or false", var word => "a " + word }, value.Description));
                        return false;
                    }

                    break;
                case ShapeSyntax { Rows: { } count } counted:
                    if (AsTensor(value, at, $"'{name}' of '{symbol.Name}'") is not { } many || !BindRows(symbol, name, count, many, at, scope, body))
                    {
                        return false;
                    }

                    ShapeSyntax ofSample = counted.RowType is NamedTypeSyntax { Name: { } lone } ? new ShapeSyntax(null, [new IdentifierSyntax(lone, lone.Span)], null, counted.Span) : counted with { Rows = null };
                    if (!BindShape(symbol, name, ofSample, many, at, scope, body))
                    {
                        return false;
                    }

                    break;
                case ShapeSyntax { Rows: null } shape:
                    if (AsTensor(value, at, $"'{name}' of '{symbol.Name}'") is not { } shaped || !BindShape(symbol, name, shape, shaped, at, scope, body))
                    {
                        return false;
                    }

                    break;
                case NetTypeSyntax when value is not (ModuleValue or FunctionValue):
                    Report(at, b => b.WrongKind($"'{name}' of '{symbol.Name}'", "a net", value.Description));
                    return false;
            }

            scope.Set(name, value, parameter.Span, isParameter: true);
        }

        return true;
    }

    private static bool Accepts(string keyword, HostKind kind) => keyword switch
    {
        "int" => kind == HostKind.Int,
        "float" => kind is HostKind.Int or HostKind.Float,
        "bool" => kind == HostKind.Bool,
        _ => true,
    };

    private bool BindRows(DeclarationSymbol symbol, string name, ExpressionSyntax count, IrValue value, TextSpan at, Scope scope, BodyElaborator body)
    {
        if (value.Type.Rows is not { } rows)
        {
            Report(at, b => b.NeedsRows(symbol.Name));
            return false;
        }

        if (rows.Count is not { } number)
        {
            Report(at, b => b.RowsWithoutName($"'{symbol.Name}' depends on the number of rows of '{name}', which has no name here"));
            return false;
        }

        if (count is IdentifierSyntax { Name.Text: { } free } && scope.Find(free) is null)
        {
            scope.Set(free, new HostValueHolder(HostValue.Of(number)), at, isParameter: true);
            return true;
        }

        if (body.Evaluate(count) is not HostValueHolder { Host.Size: { } wanted })
        {
            return false;
        }

        if (!wanted.Equals(number))
        {
            Report(at, b => b.WrongRowCount(symbol.Name, name, wanted, rows));
            return false;
        }

        return true;
    }

    private bool BindShape(DeclarationSymbol symbol, string name, ShapeSyntax shape, IrValue value, TextSpan at, Scope scope, BodyElaborator body)
    {
        TensorType found = value.Type;
        if (shape.Dims.Length != found.Shape.Length)
        {
            Report(at, b => b.WrongArgumentShape(symbol.Name, name, symbol.Source.Text.Substring(shape.Span.Start, shape.Span.Length), found, null));
            return false;
        }

        for (int i = 0; i < shape.Dims.Length; i++)
        {
            if (shape.Dims[i] is IdentifierSyntax { Name.Text: { } free } && scope.Find(free) is null)
            {
                scope.Set(free, new HostValueHolder(HostValue.Of(found.Shape[i])), at, isParameter: true);
            }
            else if (body.Evaluate(shape.Dims[i]) is not HostValueHolder { Host.Size: { } size } || !size.Equals(found.Shape[i]))
            {
                string wanted = symbol.Source.Text.Substring(shape.Span.Start, shape.Span.Length);
                Report(at, b => b.WrongArgumentShape(symbol.Name, name, wanted, found, null));
                return false;
            }
        }

        return true;
    }
}
