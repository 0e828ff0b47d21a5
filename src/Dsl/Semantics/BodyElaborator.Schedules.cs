using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Schedules: <c>linear(2e-4, 0)</c>, <c>cosine(0.1)</c>, <c>ramp(75.0, 0.25)</c>.</summary>
internal sealed partial class BodyElaborator
{
    private Value Schedule(string word, CallSyntax call)
    {
        ImmutableArray<(string Name, HostValue? Default)> parameters = Schedules.Parameters(word);
        if (ArgumentMatcher.Match(word, [.. parameters.Select(p => (p.Name, false))], [], [], call.Arguments, call.Span, Report) is not { } matched)
        {
            return ErrorValue.Instance;
        }

        var numbers = new List<HostValue>();
        foreach ((string name, HostValue? fallback) in parameters)
        {
            if (!matched.TryGetValue(name, out List<RawArgument>? given))
            {
                if (fallback is null)
                {
                    return Error(call.Span, b => b.MissingArgument(word, name, ""));
                }

                numbers.Add(fallback);
                continue;
            }

            Value value = Evaluate(given[0].Syntax!);
            if (value is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } number })
            {
                return value is ErrorValue ? value : Error(given[0].Span, b => b.WrongKind($"'{name}' of '{word}'", "a number known before the step", value.Description));
            }

            // Where in the run: parts of it.
            if (name is "from" or "to" or "warmup" or "over" && !Demand(number, Interval.Unit with { LowOpen = name is "to" or "over" }, $"'{name}' of '{word}' (a part of the run)", given[0].Span))
            {
                return ErrorValue.Instance;
            }

            numbers.Add(number);
        }

        if (word == Schedules.Linear && numbers[2].Constant >= numbers[3].Constant)
        {
            return Error(call.Span, b => b.NumberOutOfRange("'from' of 'linear'", "below 'to'"));
        }

        if (word == Schedules.Linear && numbers[2].Constant is not 0 && !DemandOrder(numbers[2], numbers[3], "what lies between 'from' and 'to' of 'linear'", call.Span))
        {
            return ErrorValue.Instance;
        }

        return new HostValueHolder(Schedules.Of(word, [.. numbers]));
    }
}
