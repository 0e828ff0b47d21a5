using System;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>Members written before the class around them, because what they need decides its fields.</summary>
internal static class Members
{
    /// <summary>The access of a member of a module's type: the library's classes are every assembly's own.</summary>
    public static string Access(IrModule module) => module.IsLibrary ? "internal" : "public";

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
