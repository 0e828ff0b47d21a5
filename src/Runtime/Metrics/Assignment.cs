using System;

namespace GenDsl.Runtime;

/// <summary>The assignment problem: one column for each row, each at most once, of the greatest sum (Kuhn 1955 in the form of Jonker and Volgenant 1987, cubic).</summary>
internal static class Assignment
{
    /// <summary>The greatest sum; what is left over in a table that is not square counts nothing.</summary>
    /// <param name="gains">Not negative.</param>
    public static long Best(long[,] gains)
    {
        int rows = gains.GetLength(0), columns = gains.GetLength(1), n = Math.Max(rows, columns);
        long Cost(int i, int j) => i <= rows && j <= columns ? -gains[i - 1, j - 1] : 0;

        // Shortest augmenting paths with potentials, from 1; row 0 is the one that is about to be assigned.
        var (u, v, assigned, way) = (new long[n + 1], new long[n + 1], new int[n + 1], new int[n + 1]);
        for (int row = 1; row <= n; row++)
        {
            assigned[0] = row;
            int at = 0;
            var (least, seen) = (new long[n + 1], new bool[n + 1]);
            Array.Fill(least, long.MaxValue);
            do
            {
                seen[at] = true;
                int next = 0;
                long step = long.MaxValue;
                for (int j = 1; j <= n; j++)
                {
                    if (seen[j])
                    {
                        continue;
                    }

                    long reduced = Cost(assigned[at], j) - u[assigned[at]] - v[j];
                    if (reduced < least[j])
                    {
                        (least[j], way[j]) = (reduced, at);
                    }

                    if (least[j] < step)
                    {
                        (step, next) = (least[j], j);
                    }
                }

                for (int j = 0; j <= n; j++)
                {
                    if (seen[j])
                    {
                        u[assigned[j]] += step;
                        v[j] -= step;
                    }
                    else
                    {
                        least[j] -= step;
                    }
                }

                at = next;
            }
            while (assigned[at] != 0);

            for (; at != 0; at = way[at])
            {
                assigned[at] = assigned[way[at]];
            }
        }

        long best = 0;
        for (int j = 1; j <= n; j++)
        {
            best -= Cost(assigned[j], j);
        }

        return best;
    }
}
