using System.Collections.Generic;
using System.Threading.Tasks;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Runs whose reports nobody reads.</summary>
internal static class Reports
{
    public static async Task MoveNextToEnd<T>(this IAsyncEnumerator<T> reports)
    {
        await using (reports)
        {
            while (await reports.MoveNextAsync())
            {
            }
        }
    }
}
