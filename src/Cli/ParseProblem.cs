using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace GenDsl.Cli;

/// <summary>Says in one sentence what is wrong with a command line.</summary>
internal static class ParseProblem
{
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return null;
        }

        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "gendsl" : $"gendsl {command.Name}";
        var problem = (parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) ?? parsed.UnmatchedTokens.FirstOrDefault()) is { } unknown
            ? Unknown(path, command, unknown)
            : parsed.Errors[0].Message.TrimEnd();
        return $"{problem} See '{path} --help'.";
    }

    private static string Unknown(string path, Command command, string token)
    {
        var isOption = token.StartsWith('-');
        var known = isOption ? OptionsOf(command) : command.Subcommands.Select(sub => sub.Name);
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "place for the argument";
        return $"'{path}' has no {what} '{token}'.{Meant.Of(token, known)}";
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Append("--help").Append("--verbose");
}
