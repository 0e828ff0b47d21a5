using System;
using System.Linq;

namespace GenDsl.Generators.Emit;

/// <summary>Members written before the class around them, because what they need decides its fields.</summary>
internal static class Members
{
    public static void Copy(CodeWriter from, CodeWriter to)
    {
        to.Blank();
        foreach (string line in from.ToString().TrimEnd('\n').Split('\n'))
        {
            if (line.Length == 0)
            {
                to.Blank();
            }
            else if (line.StartsWith("#", StringComparison.Ordinal))
            {
                to.Directive(line);
            }
            else
            {
                to.Line(line);
            }
        }
    }
}
