using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// What places ask of numbers known on the host. A number that never fits is an error here; one that hyperparameters decide is checked
/// when the module is constructed; whoever gives the hyperparameter owes the same.
/// </summary>
internal sealed partial class BodyElaborator
{
    // What stands here may never run: behind 'then' and 'else', and in rounds that there may be none of.
    private bool _isUnsure;

    /// <summary>True unless it is reported that the number is never in the range.</summary>
    /// <param name="what">What the number is, as a message names it: <c>'p' of 'dropout'</c>.</param>
    public bool Demand(HostValue number, Interval legal, string what, TextSpan span) => Demand(new NumberDemand(number, legal, what), span);

    /// <summary>True unless it is reported that a divisor is 0.</summary>
    public bool DemandDivisor(HostValue number, TextSpan span) => Demand(new NumberDemand(number, null, "a divisor"), span);

    /// <summary>True unless it is reported that one number is never below another.</summary>
    /// <param name="what">What lies between them.</param>
    public bool DemandOrder(HostValue low, HostValue high, string what, TextSpan span) =>
        low.Expression is HostNegate { Operand: { } mirrored } && mirrored.Equals(high.Expression)
            ? Demand(high, Interval.Positive, "half of " + what, span)
            : Demand(low.Constant is 0 ? high : HostArithmetic.Binary("-", high, low)!, Interval.Positive, what, span);

    // What a callee needs of the numbers that it is given, its caller needs of what decides them.
    private bool Passes(string callee, IrModule module, IReadOnlyDictionary<string, HostValue> given, Func<string, TextSpan> place)
    {
        HostValue? Given(string name) => given.TryGetValue(name, out HostValue? value) ? value : module.Hyperparameters.FirstOrDefault(h => h.Name == name)?.Default is { } standard ? Passed(standard, Given) : null;

        // The argument that decides a hyperparameter, by a default that reads it too.
        string? Decides(string name) => given.ContainsKey(name) ? name
            : module.Hyperparameters.FirstOrDefault(h => h.Name == name)?.Default is { } standard ? HostReading.Hyperparameters(standard.Expression).Select(Decides).FirstOrDefault(n => n is not null) : null;
        foreach (Fact fact in module.Facts)
        {
            // Of its defaults alone it has been said.
            ImmutableArray<string> read = [.. fact.Conditions.SelectMany(c => HostReading.Hyperparameters(c.Expression)).Distinct()];
            if (read.Select(Decides).FirstOrDefault(n => n is not null) is not { } named)
            {
                continue;
            }

            if (fact.Demand is { } demand)
            {
                if (!Demand(demand with { Number = Passed(demand.Number, Given), What = demand.What ?? $"'{named}' of '{callee}'" }, place(named)))
                {
                    return false;
                }

                continue;
            }

            ImmutableArray<HostValue> conditions = [.. fact.Conditions.Select(c => Passed(c, Given))];
            string values = string.Join(", ", read.Select(n => (Name: n, Value: Given(n))).Where(p => p.Value is not null).Select(p => $"{p.Name} = {HostReading.Text(p.Value!.Expression)}"));
            if (conditions.Any(c => HostReading.Number(c.Expression, _ => null) is 0))
            {
                Report(place(named), b => b.FactFails(fact.Text, values));
                return false;
            }

            string text = $"{fact.Text} of '{callee}' with {values}";
            if (!Owe(new Fact([.. conditions.Where(c => HostReading.Number(c.Expression, _ => null) is null)], text, place(named)), (b, defaults) => b.FactFails($"{fact.Text} of '{callee}'", $"{values} at the default {defaults}"), place(named)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Demand(NumberDemand demand, TextSpan span)
    {
        HostValue number = demand.Number;
        if (demand.Legal is { } legal ? !legal.Meets(number.Range) : number.Range.Single is 0)
        {
            Report(span, b => b.NumberOutOfRange(Capital(demand.What!), demand.Wanted));
            return false;
        }

        // Known, or asked already.
        if (Implies(number.Range, demand) || _construction.Owner.Facts.Any(f => f.Demand is { Legal: { } known, Number: { } same } && same.Expression.Equals(number.Expression) && Implies(known, demand)))
        {
            return true;
        }

        string text = $"{HostReading.Operand(number.Expression)} to be {demand.Wanted}, as {demand.What}";
        return Owe(
            new Fact([.. NumberDemands.Conditions(demand)], text, span) { Demand = demand },
            (b, defaults) => b.NumberOutOfRange(Capital(demand.What!), $"{demand.Wanted}, which it is not at the default {defaults}"),
            span);
    }

    // Checked where this module is constructed; an error where its defaults break it.
    private bool Owe(Fact fact, Func<DiagnosticBuilder, string, GenDiagnostic> broken, TextSpan span)
    {
        IrModule owner = _construction.Owner;
        if (_isUnsure || IsTrial || fact.Conditions.IsEmpty || !fact.Conditions.All(c => HostReading.IsSettled(c.Expression)) || fact.Conditions.All(c => owner.Facts.Any(f => f.Conditions.Any(known => known.Expression.Equals(c.Expression)))))
        {
            return true;
        }

        if (NumberDemands.AtDefaults(owner, fact) is { } defaults)
        {
            Report(span, b => broken(b, $"{defaults} of '{owner.DeclaredName}'"));
            return false;
        }

        owner.Facts = owner.Facts.Add(fact);
        return true;
    }

    private static bool Implies(Interval range, NumberDemand demand) => demand.Legal is { } legal ? legal.Contains(range) : !range.ContainsZero;

    private static string Capital(string what) => char.ToUpperInvariant(what[0]) + what.Substring(1);

    // A number or condition of a callee in the numbers of its caller, with what is known of it then.
    private static HostValue Passed(HostValue number, Func<string, HostValue?> given)
    {
        HostExpr expression = HostReading.Substitute(number.Expression, given);
        return expression is HostSize { Size: { } size } ? HostValue.Of(size)
            : number.Expression is HostHyperparameter { Name: { } name } && given(name) is { } bare ? bare
            : new HostValue(number.Kind, expression, null, HostReading.Number(expression, _ => null) is { } constant ? Interval.Point(constant) : number.Range is { Single: null } known ? known : Interval.All);
    }
}
