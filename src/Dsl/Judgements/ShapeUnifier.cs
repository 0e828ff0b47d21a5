using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Judgements;

/// <summary>Matches the tensors of a call with the parameters of a net, model or loss, and solves its free sizes.</summary>
internal sealed class ShapeUnifier
{
    private readonly Dictionary<string, Dim> _sizes = new(StringComparer.Ordinal);

    /// <summary>Sizes known before the tensors are looked at: hyperparameters and sizes fixed by earlier calls.</summary>
    public ShapeUnifier(IEnumerable<KeyValuePair<string, Dim>> known)
    {
        foreach (KeyValuePair<string, Dim> size in known)
        {
            _sizes[size.Key] = size.Value;
        }
    }

    /// <summary>All sizes solved so far.</summary>
    public IReadOnlyDictionary<string, Dim> Sizes => _sizes;

    /// <summary>The batch of the arguments; null where none has one.</summary>
    public Rows? Rows { get; private set; }

    /// <summary>A size of the callee in the sizes of the caller.</summary>
    public Dim Substitute(Dim size) => size.Substitute(v => v.Kind != DimVariableKind.Index && _sizes.TryGetValue(v.Name, out Dim? known) ? known : null);

    /// <summary>A type of the callee in the sizes and rows of the caller.</summary>
    public TensorType Substitute(TensorType type) => type with { Members = type.Members is null ? null : Substitute(type.Members), Count = Substitute(type.Count), Shape = [.. type.Shape.Select(Substitute)], Rows = type.Rows is null ? null : Rows, Order = type.Order is null ? null : Substitute(type.Order), Classes = type.Classes is null ? null : Substitute(type.Classes) };

    /// <summary>False, reported, where the arguments do not fit.</summary>
    public bool Unify(string callee, IReadOnlyList<(string Name, TensorType Type)> parameters, IReadOnlyList<(TensorType Type, TextSpan Span)> arguments, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        bool ok = true;
        for (int i = 0; i < parameters.Count; i++)
        {
            ok &= Kind(callee, parameters[i].Name, parameters[i].Type, arguments[i].Type, d => report(arguments[i].Span, d));
        }

        if (!ok)
        {
            return false;
        }

        // A size such as 2 * c is solved once c is known from a plain [c] elsewhere: plain names first.
        foreach (bool onlyNames in new[] { true, false })
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                foreach ((Dim pattern, Dim found) in Patterns(parameters[i].Type).Zip(Patterns(arguments[i].Type), (p, f) => (p, f)).Concat(Counts(parameters[i].Type, arguments[i].Type)))
                {
                    if (pattern.AsVariable is { Kind: DimVariableKind.Free } variable)
                    {
                        if (!_sizes.ContainsKey(variable.Name))
                        {
                            _sizes[variable.Name] = found;
                        }
                    }
                    else if (!onlyNames && Unknowns(pattern).Any() && !Solve(pattern, found))
                    {
                        TensorType type = arguments[i].Type;
                        report(arguments[i].Span, b => b.CannotSolve(callee, pattern.ToString(), type.ShapeText));
                        return false;
                    }
                }
            }
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            ImmutableArray<Dim> wanted = [.. parameters[i].Type.Shape.Select(Wanted)];
            TensorType found = arguments[i].Type;
            if (parameters[i].Type.Members is { } members && !Wanted(members).Equals(found.Members))
            {
                (string name, Dim count) = (parameters[i].Name, Wanted(members));
                report(arguments[i].Span, b => b.WrongMemberCount(callee, name, members, count, found.Members!));
                ok = false;
                continue;
            }

            if (parameters[i].Type.Rows is { Count: { } rows })
            {
                (string name, Dim count) = (parameters[i].Name, Wanted(rows));
                if (found.Rows!.Count is null)
                {
                    report(arguments[i].Span, b => b.RowsWithoutName($"'{callee}' depends on the number of its rows, which has no name here"));
                    return false;
                }

                if (!count.Equals(found.Rows.Count) || rows.Variables.Any(v => v.Kind == DimVariableKind.Free && !(Wanted(Dim.Of(v)).LowerBound >= 1)))
                {
                    report(arguments[i].Span, b => b.WrongRowCount(callee, name, rows, found.Rows));
                    return false;
                }
            }

            if (!wanted.SequenceEqual(found.Shape))
            {
                string? example = wanted.Zip(found.Shape, (a, b) => a.Equals(b) ? null : DimExample.Differing(a, b)).FirstOrDefault(e => e is not null);
                string declared = parameters[i].Type.ShapeText;
                string text = TensorType.ShapeOf(wanted);
                string name = parameters[i].Name;
                report(arguments[i].Span, b => b.WrongArgumentShape(callee, name, declared == text ? text : $"{declared} = {text}", found, example));
                ok = false;
            }
        }

        return ok;
    }

    private static IEnumerable<(Dim Pattern, Dim Found)> Counts(TensorType parameter, TensorType argument) =>
        parameter.Rows?.Count is { } pattern && argument.Rows?.Count is { } found ? [(pattern, found)] : [];

    private static IEnumerable<Dim> Patterns(TensorType type) => type.Members is { } members ? [members, .. type.Shape] : type.Shape;

    // A size that is just a name is what it was solved to, whatever its facts say: whether they hold is asked separately.
    private Dim Wanted(Dim size) => size.AsVariable is { } variable && _sizes.TryGetValue(variable.Name, out Dim? known) ? known : Substitute(size);

    private bool Kind(string callee, string name, TensorType wanted, TensorType found, Action<Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        if (wanted.Space is { } space && found.Space is { } other && !ReferenceEquals(space, other))
        {
            report(b => b.WrongSpace(callee, name, space.Name, other.Name));
            return false;
        }

        if (!Fits(wanted, found))
        {
            report(b => wanted.Element == Element.Real ? b.NeedsReal(callee, found) : b.OutsideSupport(callee, wanted.ToString(), found));
            return false;
        }

        if (wanted.Shape.Length != found.Shape.Length)
        {
            report(b => b.WrongArgumentShape(callee, name, wanted.ShapeText, found, null));
            return false;
        }

        if (!wanted.Range.Contains(found.Range))
        {
            report(b => b.OutsideRange($"'{name}' of '{callee}'", wanted.Space?.Name ?? "as declared", wanted.Range, found.Range));
            return false;
        }

        if (found.Rows is { } rows)
        {
            if (Rows is { } known && !Types.Rows.Agree(known, rows))
            {
                report(b => b.RowsMix(callee, known, rows));
                return false;
            }

            Rows = rows;
        }
        else if (wanted.Rows is not null)
        {
            report(b => b.NeedsRows(callee));
            return false;
        }

        return true;
    }

    // A count that is a name is what it is in the first argument that has it.
    private bool Fits(TensorType wanted, TensorType found)
    {
        if (wanted.Element == Element.Discrete ? !found.IsDiscrete : wanted.Element != found.Element)
        {
            return false;
        }

        if (wanted.Count.AsVariable is { Kind: DimVariableKind.Free } variable && !_sizes.ContainsKey(variable.Name))
        {
            _sizes[variable.Name] = found.Count;
        }

        return Wanted(wanted.Count).Equals(found.Count);
    }

    private IEnumerable<DimVariable> Unknowns(Dim pattern) => pattern.Variables.Where(v => v.Kind == DimVariableKind.Free && !_sizes.ContainsKey(v.Name));

    // k · unknown + rest = size, k a number.
    private bool Solve(Dim pattern, Dim size)
    {
        if (Unknowns(pattern).ToList() is not [{ } unknown])
        {
            return false;
        }

        // The values at 0, 1 and 2 of the unknown; the callee's own names are gone from them.
        Dim At(long value) => pattern.Substitute(v => v.Equals(unknown) ? Dim.Constant(value) : _sizes.TryGetValue(v.Name, out Dim? known) ? known : null);
        Dim rest = At(0);
        Dim slope = At(1) - rest;
        if (slope.Value is null or 0 || !(At(2) - rest).Equals(2 * slope) || (size - rest).TryDivide(slope) is not { } solution)
        {
            return false;
        }

        _sizes[unknown.Name] = solution;
        return true;
    }
}
