using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>The known name within a third of its length in edits, null if there is none.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => known
        .Select(candidate => (Candidate: candidate, Distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
        .Where(pair => pair.Distance <= Math.Max(1, (pair.Candidate.Length + 1) / 3))
        .OrderBy(pair => pair.Distance)
        .Select(pair => pair.Candidate)
        .FirstOrDefault();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
