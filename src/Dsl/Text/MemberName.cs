using System;
using System.Text;

namespace GenDsl.Dsl.Text;

/// <summary>The C# names of what is declared, in one place: the compiler looks for clashes among the names that the emitter writes.</summary>
public static class MemberName
{
    /// <summary>The name of a type or member: <c>log_std</c> is <c>LogStd</c>, <c>G_avg</c> is <c>GAvg</c>; empty for a name of underscores.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder();
        foreach (string part in name.Split(['_'], StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(char.ToUpperInvariant(part[0])).Append(part, 1, part.Length - 1);
        }

        return text.ToString();
    }
}
