using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>How nets move, and averages of what they have been.</summary>
internal sealed partial class BodyElaborator
{
    private Value Optimizer(OptimizerEntry entry, CallSyntax call)
    {
        List<(string, bool)> parameters = [("lr", false), .. entry.Settings.Select(s => (s.Name, false))];
        if (ArgumentMatcher.Match(entry.Name, parameters, [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        HostValue? rate = entry.DefaultRate is { } text ? HostValue.Float(text) : null;
        var settings = new List<(string, HostValue)>();
        var limits = new List<(string, HostValue)>();
        foreach (KeyValuePair<string, List<RawArgument>> argument in matched)
        {
            OptimizerSetting? setting = entry.Settings.FirstOrDefault(s => s.Name == argument.Key);
            Value value = Evaluate(argument.Value[0].Syntax!);
            bool wantsSwitch = setting is { IsSwitch: true };
            if (value is not HostValueHolder { Host: { } host } || (host.Kind == HostKind.Bool) != wantsSwitch || host.Kind == HostKind.Word)
            {
                if (value is not ErrorValue)
                {
                    Report(argument.Value[0].Span, b => b.WrongKind($"'{argument.Key}' of '{entry.Name}'", wantsSwitch ? "true or false" : "a number", value.Description));
                }

                return ErrorValue.Instance;
            }

            // What hyperparameters decide may also be no limit.
            bool mayBeNone = setting is { IsLimit: true } && host.Constant is null;
            string what = $"'{argument.Key}' of '{entry.Name}'{(mayBeNone ? " (0 for no limit)" : "")}";
            if (!wantsSwitch && !Demand(host, mayBeNone ? Interval.NonNegative : setting?.Range ?? Interval.NonNegative, what, argument.Value[0].Span))
            {
                return ErrorValue.Instance;
            }

            if (setting is null)
            {
                rate = host;
            }
            else if (ReadsStep(host.Expression))
            {
                return Error(argument.Value[0].Span, b => b.NotSupportedYet($"A schedule for '{argument.Key}'", "Only the learning rate may depend on 'step'."));
            }
            else if (SizeOfData(host.Expression) is { } size)
            {
                return Error(argument.Value[0].Span, b => b.NotSupportedYet($"'{argument.Key}' of '{entry.Name}' that depends on '{size}', a size of the data,", "Make it a hyperparameter: only the learning rate is read in each step."));
            }
            else
            {
                (setting.IsLimit ? limits : settings).Add((setting.CSharpName, host));
            }
        }

        if (settings.Any(s => s.Item1 == "nesterov" && s.Item2.Is("true")) && settings.All(s => s.Item1 != "momentum"))
        {
            return Error(call.Span, b => b.MissingArgument(entry.Name, "momentum", "what 'nesterov' looks ahead with"));
        }

        return rate is null
            ? Error(call.Span, b => b.MissingArgument(entry.Name, "lr", "the learning rate"))
            : new OptimizerValue(entry, rate, [.. settings], [.. limits]);
    }

    // A size that only the data know.
    private static string? SizeOfData(HostExpr expression) =>
        HostReading.Leaves(expression).OfType<HostSize>().SelectMany(s => s.Size.Variables).FirstOrDefault(v => v.Kind == DimVariableKind.Free)?.Name;

    public static bool ReadsStep(HostExpr expression) => HostReading.Leaves(expression).Any(leaf => leaf is HostStep or HostProgress or HostEpoch);

    private Value Average(string word, Value of, CallSyntax call)
    {
        if (!MayConstruct)
        {
            return Error(call.Span, b => b.NotAllowedHere($"'{word}'", "an expression: give the average a name at the top of the trainer"));
        }

        if (of is not ModuleValue { Instance: { AverageOf: null, PartOf: null, IsGiven: false, Module: IrNet } source })
        {
            return Error(call.Arguments[0].Span, b => b.AverageOfWhat(word, of is ModuleValue { Instance.AverageOf: not null } ? "an average itself" : of is ModuleValue { Instance.PartOf: not null } ? "a part of a net" : of is ModuleValue { Instance.IsGiven: true } ? "a net that arrives trained and never moves" : of.Description));
        }

        if (word == SpecialForms.RunningMean)
        {
            return Average(source, null, call);
        }

        Value decay = Evaluate(call.Arguments[1].Value);
        if (decay is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host })
        {
            return decay is ErrorValue ? decay : Error(call.Arguments[1].Span, b => b.WrongKind("The decay of an average", "a number", decay.Description));
        }

        if (SizeOfData(host.Expression) is { } size)
        {
            return Error(call.Arguments[1].Span, b => b.NotSupportedYet($"A decay that depends on '{size}', a size of the data,", "Make it a hyperparameter."));
        }

        return Demand(host, Interval.Unit, "the decay of an average", call.Arguments[1].Span) ? Average(source, host, call) : ErrorValue.Instance;
    }

    private ModuleValue Average(ModuleInstance source, HostValue? decay, CallSyntax call)
    {
        var average = new ModuleInstance(source.Name, source.Module, source.Hyperparameters, [], call.Span) { AverageOf = source, Decay = decay };
        _construction.AddModule(call, average);
        return new ModuleValue(average);
    }
}
