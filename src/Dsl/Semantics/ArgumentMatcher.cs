using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>Assigns arguments to parameters: what is piped in first, then by position, then by name.</summary>
internal static class ArgumentMatcher
{
    /// <summary>Arguments by parameter; null where something does not fit, which is reported.</summary>
    /// <param name="callee">Its name, for messages.</param>
    /// <param name="parameters">Names in order, with whether one takes all that is left.</param>
    /// <param name="first">Values that come before the arguments; they go to <paramref name="receivers"/> only.</param>
    /// <param name="receivers">The parameters that receive what is piped in.</param>
    /// <param name="constructs">True where data given by position is the likely mistake.</param>
    public static Dictionary<string, List<RawArgument>>? Match(
        string callee,
        IReadOnlyList<(string Name, bool TakesRest)> parameters,
        IReadOnlyList<RawArgument> first,
        IReadOnlyCollection<string> receivers,
        ImmutableArray<ArgumentSyntax> arguments,
        TextSpan span,
        Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report,
        bool constructs = false)
    {
        var matched = new Dictionary<string, List<RawArgument>>(StringComparer.Ordinal);
        bool Assign(RawArgument argument, Func<string, bool> allowed, int most, int given)
        {
            foreach ((string name, bool takesRest) in parameters)
            {
                if (allowed(name) && (takesRest || !matched.ContainsKey(name)))
                {
                    if (!matched.TryGetValue(name, out List<RawArgument>? list))
                    {
                        matched[name] = list = [];
                    }

                    list.Add(argument);
                    return true;
                }
            }

            report(argument.Span, b => b.TooManyArguments(callee, most, given, constructs));
            return false;
        }

        bool ok = true;
        HashSet<string> named = [.. arguments.Where(a => a.Name is not null).Select(a => a.Name!.Text)];
        foreach (RawArgument value in first)
        {
            ok &= Assign(value, receivers.Contains, receivers.Count, first.Count);
        }

        foreach (ArgumentSyntax argument in arguments)
        {
            if (argument.Name is null)
            {
                ok &= Assign(RawArgument.Of(argument), n => !named.Contains(n), parameters.Count, first.Count + arguments.Length);
            }
            else if (parameters.All(p => p.Name != argument.Name.Text))
            {
                report(argument.Name.Span, b => b.UnknownArgument(callee, argument.Name.Text, parameters.Select(p => p.Name).Where(n => first.Count == 0 || !receivers.Contains(n))));
                ok = false;
            }
            else if (matched.ContainsKey(argument.Name.Text))
            {
                report(argument.Name.Span, b => b.DuplicateArgument(callee, argument.Name.Text));
                ok = false;
            }
            else
            {
                matched[argument.Name.Text] = [RawArgument.Of(argument)];
            }
        }

        return ok ? matched : null;
    }
}
