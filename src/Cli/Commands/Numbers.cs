using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace GenDsl.Cli.Commands;

/// <summary>Options that take numbers, in the invariant culture, with errors that say what is allowed.</summary>
internal static class Numbers
{
    public static Option<long?> Whole(string name, string description, long least, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= int.MaxValue)
            {
                return value;
            }

            Wrong(result, name, string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {least}"));
            return null;
        },
    };

    public static Option<double?> Positive(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value))
            {
                return value;
            }

            Wrong(result, name, "a number above 0");
            return null;
        },
    };

    public static Option<ulong?> Seed(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            Wrong(result, name, "a whole number of at least 0");
            return null;
        },
    };

    private static void Wrong(ArgumentResult result, string name, string wanted) =>
        result.AddError($"'{name}' takes {wanted}, but it is '{result.Tokens[0].Value}'.");
}
