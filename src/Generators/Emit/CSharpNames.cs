using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using GenDsl.Dsl.Text;

namespace GenDsl.Generators.Emit;

/// <summary>Names of the language as C# names.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false "
        + "finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private "
        + "protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked "
        + "unsafe ushort using virtual void volatile while").Split(' '),
        StringComparer.Ordinal);

    /// <summary>The name of a type or member; one that would be no C# name gets an underscore in front, for file names and locals.</summary>
    public static string Pascal(string name) =>
        MemberName.Pascal(name) is { Length: > 0 } text ? (char.IsDigit(text[0]) ? "_" + text : text) : "_";

    /// <summary><c>log_std</c> as <c>logStd</c>; <c>G</c> as <c>g</c>.</summary>
    public static string Camel(string name)
    {
        string pascal = Pascal(name);
        return char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }

    /// <summary>A file name as a part of a namespace.</summary>
    public static string NamespacePart(string file)
    {
        var text = new StringBuilder();
        foreach (char c in file)
        {
            text.Append(char.IsLetterOrDigit(c) ? c : '_');
        }

        return Pascal(text.ToString());
    }

    /// <summary>A local or parameter name, escaped where it is a keyword.</summary>
    public static string Escape(string name) => Keywords.Contains(name) ? "@" + name : name;

    /// <summary>A string literal.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            literal.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return literal.Append('"').ToString();
    }

    /// <summary>Text inside XML documentation.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>A number as a C# literal of type double.</summary>
    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>An integer as a C# literal.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Hands out local names of one function, each once.</summary>
internal sealed class LocalNames
{
    // Aliases and members that generated bodies mention.
    private static readonly string[] Reserved = ["torch", "options", "mode", "draws", "build", "training", "graphFree", "solution"];

    private readonly HashSet<string> _taken = new(Reserved, StringComparer.Ordinal);

    /// <summary>The name, or the name with the first number that makes it new.</summary>
    public string New(string name)
    {
        // In a deconstruction C# reads an underscore as nothing at all.
        string camel = CSharpNames.Camel(name) is var local && local == "_" ? "unnamed" : local;
        string candidate = camel;
        for (int i = 2; !_taken.Add(candidate); i++)
        {
            candidate = camel + i.ToString(CultureInfo.InvariantCulture);
        }

        return CSharpNames.Escape(candidate);
    }

    /// <summary>Reserves names that are already there.</summary>
    public void Take(params string[] names) => _taken.UnionWith(names.Select(n => n.TrimStart('@')));
}
