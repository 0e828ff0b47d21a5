using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime.Data.Own;

/// <summary>
/// What is done about damaged files among many: they are left out, and one line says which and why. Where more than half are damaged, something
/// else is wrong; and what nobody is told must not happen silently.
/// </summary>
internal static class Damage
{
    private const int Shown = 5;

    public static void Report(string name, IReadOnlyList<DamagedFileException> damaged, int count, DataOptions options)
    {
        if (damaged.Count == 0)
        {
            return;
        }

        var which = string.Join(" ", damaged.Take(Shown).Select(file => file.Message)) + (damaged.Count > Shown ? $" And {damaged.Count - Shown} more." : "");
        if (damaged.Count * 2 > count)
        {
            throw new GenDslException($"'{name}': {damaged.Count} of {count} files cannot be read. {which}");
        }

        if (options.Progress is null)
        {
            throw new GenDslException(
                $"'{name}': {damaged.Count} of {count} files cannot be read. {which} Repair or remove {(damaged.Count == 1 ? "it" : "them")}, or set DataOptions.Progress to go on without and be told.");
        }

        options.Progress($"'{name}': {damaged.Count} of {count} files {(damaged.Count == 1 ? "is" : "are")} left out. {which} The other {count - damaged.Count} are used.");
    }
}
