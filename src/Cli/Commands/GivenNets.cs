using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary>The option <c>--given net=run</c>: where nets that arrive trained come from.</summary>
internal static class GivenNets
{
    public static Option<string[]> Option() => new("--given")
    {
        Description = "Where a net of the program that arrives trained comes from, as NET=RUN or NET=RUN:NAME for a net of another name; may be repeated.",
        HelpName = "NET=RUN[:NAME]",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The same as options of the trainer.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parse(IEnumerable<string> given)
    {
        foreach (var one in given)
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == one.Length - 1)
            {
                throw new GenDslException($"--given takes NET=RUN, but it is '{one}'.");
            }

            yield return KeyValuePair.Create("given." + one[..equals].Trim(), Place(one[(equals + 1)..].Trim()));
        }
    }

    // A run by its name becomes its folder; a checkpoint stays what it is.
    private static string Place(string text)
    {
        if (Directory.Exists(text))
        {
            return text;
        }

        var colon = text.LastIndexOf(':');
        return colon <= 0 ? RunFolder.Open(text).Path
            : Directory.Exists(text[..colon]) ? text
            : RunFolder.Open(text[..colon]).Path + text[colon..];
    }
}
