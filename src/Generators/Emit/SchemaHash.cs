using System.Linq;
using System.Security.Cryptography;
using System.Text;
using GenDsl.Dsl.Text;

namespace GenDsl.Generators.Emit;

/// <summary>A fingerprint of a program: blanks and comments do not change it, anything else does.</summary>
internal static class SchemaHash
{
    public static string Of(GenSource source)
    {
        string code = string.Join("\n", source.Text.Split('\n').Select(WithoutComment).Select(l => string.Join(" ", l.Split([' ', '\t', '\r'], System.StringSplitOptions.RemoveEmptyEntries))).Where(l => l.Length > 0));
        using SHA256 hash = SHA256.Create();
        return string.Concat(hash.ComputeHash(Encoding.UTF8.GetBytes(code)).Take(8).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string WithoutComment(string line)
    {
        bool inString = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && (i == 0 || line[i - 1] != '\\'))
            {
                inString = !inString;
            }
            else if (!inString && line[i] == '/' && i + 1 < line.Length && line[i + 1] == '/')
            {
                return line.Substring(0, i);
            }
        }

        return line;
    }
}
