using System.Collections.Generic;
using GenDsl.Dsl.Text;

namespace GenDsl.Cli;

/// <summary>What a message says of a name that is not known.</summary>
internal static class Meant
{
    /// <summary><c> Did you mean 'x'?</c>, or nothing where no known name is near.</summary>
    public static string Of(string name, IEnumerable<string> known) => Text(SpellChecker.Nearest(name, known));

    /// <summary>The same of the name that was found near; nothing for null.</summary>
    public static string Text(string? near) => near is null ? "" : $" Did you mean '{near}'?";
}
