using System;
using System.Collections.Generic;
using System.CommandLine;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary>The option <c>--set hyper=value</c>.</summary>
internal static class Settings
{
    public static Option<string[]> Option() => new("--set")
    {
        Description = "A hyperparameter, as name=value; may be repeated.",
        HelpName = "name=value",
        DefaultValueFactory = _ => [],
    };

    public static Dictionary<string, string> Parse(IEnumerable<string> given)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in given)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? setting[..equals].Trim() : "";
            var value = setting[(equals + 1)..].Trim();
            if (name.Length == 0 || value.Length == 0)
            {
                throw new GenDslException($"--set takes name=value, but it is '{setting}'.");
            }

            if (set.TryGetValue(name, out var earlier) && earlier != value)
            {
                throw new GenDslException($"--set gives both {earlier} and {value} to '{name}'. Give it one.");
            }

            set[name] = value;
        }

        return set;
    }
}
