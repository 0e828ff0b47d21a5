using System.Collections.Generic;

namespace GenDsl.Generators.Models;

/// <summary>Paths reach a generator as projects write them, with <c>..</c> in the middle.</summary>
internal static class NormalPath
{
    /// <summary>Takes <c>.</c> and <c>..</c> out of a path without looking at the disk.</summary>
    public static string Of(string path)
    {
        var parts = new List<string>();
        foreach (string part in path.Split('/', '\\'))
        {
            if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] is not ("" or ".."))
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join(path.IndexOf('\\') >= 0 ? "\\" : "/", parts);
    }
}
