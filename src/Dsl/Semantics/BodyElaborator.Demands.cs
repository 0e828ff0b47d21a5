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

    // The callee's demands are the caller's where they hang on what is given; all its facts are asked of numbers that are known here.
    private bool Demands(string callee, IrModule module, System.Collections.Generic.IReadOnlyDictionary<string, HostValue> given, System.Func<string, TextSpan> place)
    {
        foreach (Fact fact in module.Facts)
        {
            System.Collections.Immutable.ImmutableArray<string> read = [.. fact.Conditions.SelectMany(c => HostReading.Hyperparameters(c.Expression)).Distinct()];
            if (read.FirstOrDefault(given.ContainsKey) is not { } named)
            {
                // Its defaults are its own affair.
                continue;
            }

            HostValue? Given(string name) => given.TryGetValue(name, out HostValue? value) ? value : module.Hyperparameters.FirstOrDefault(h => h.Name == name)?.Default;
            if (fact.Demand is { } demand)
            {
                var number = new HostValue(demand.Number.Kind, HostReading.Substitute(demand.Number.Expression, Given), null, Passed(demand.Number, Given));
                if (!Demand(demand with { Number = number, What = demand.What ?? $"'{named}' of '{callee}'" }, place(named)))
                {
                    return false;
                }
            }
            else if (fact.Conditions.Any(c => HostReading.Number(HostReading.Substitute(c.Expression, Given), _ => null) is 0))
            {
                string values = string.Join(", ", read.Where(n => Given(n) is not null).Select(n => $"{n} = {HostReading.Text(Given(n)!.Expression)}"));
                Report(place(named), b => b.FactFails(fact.Text, values));
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

        bool isKnown = demand.Legal is { } all ? all.Contains(number.Range) : !number.Range.ContainsZero;
        if (isKnown || _isUnsure || IsTrial || !HostReading.IsSettled(number.Expression))
        {
            return true;
        }

        string text = $"{HostReading.Text(number.Expression)} to be {demand.Wanted}, as {demand.What}";
        IrModule owner = _construction.Owner;
        Fact fact = new([.. NumberDemands.Conditions(demand)], text, span) { Demand = demand };
        if (NumberDemands.AtDefaults(owner, fact) is { } defaults)
        {
            Report(span, b => b.NumberOutOfRange(Capital(demand.What!), $"{demand.Wanted}, which it is not at the default {defaults}"));
            return false;
        }

        if (!owner.Facts.Any(f => f.Text == text))
        {
            owner.Facts = owner.Facts.Add(fact);
        }

        return true;
    }

    private static string Capital(string what) => char.ToUpperInvariant(what[0]) + what.Substring(1);

    // What is known of a number once others stand in it.
    private static Interval Passed(HostValue number, System.Func<string, HostValue?> given) =>
        number.Expression is HostHyperparameter { Name: { } name } && given(name) is { } bare ? bare.Range
        : HostReading.Number(HostReading.Substitute(number.Expression, given), _ => null) is { } constant ? Interval.Point(constant)
        : Interval.All;
}
