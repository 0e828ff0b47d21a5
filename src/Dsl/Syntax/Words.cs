using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Dsl.Syntax;

/// <summary>The words that mean something where the grammar asks for them.</summary>
internal static class Words
{
    public const string Edition = "1";

    public static readonly string[] Declarations = ["space", "net", "flow", "loss", "model", "trainer"];
    public static readonly string[] LaterDeclarations = ["import"];

    /// <summary>Statements that begin with their word and go on with an operand.</summary>
    public static readonly string[] Statements = ["param", "for", "repeat", "guide", "cost", "minimize", "report", "sample", "evaluate", "phase", "solve", "collect", "accumulate", "every", "constrain", "state", "given"];
    public static readonly string[] LaterStatements = ["expose"];

    public static readonly string[] PlainElements = ["f32", "u8", "bit"];
    /// <summary>The element that stands for all that have a count, which may then be a name.</summary>
    public const string AnyElement = "discrete";

    public static readonly string[] CountedElements = ["level", "class", "code", "mulaw", AnyElement];
    public static readonly string[] Elements = [.. PlainElements, .. CountedElements];
    public static readonly string[] HostTypes = ["int", "float", "bool", "padding", "partition"];

    private static readonly HashSet<string> s_declarations = new(Declarations.Concat(LaterDeclarations), StringComparer.Ordinal);

    public static bool BeginsDeclaration(string word) => s_declarations.Contains(word);

    /// <summary>Words that in a type are never the name of a space.</summary>
    public static bool BeginsType(string word) => word == "net" || Elements.Has(word) || HostTypes.Has(word);

    public static bool Has(this string[] words, string word) => Array.IndexOf(words, word) >= 0;

    /// <summary><c>a, b and c</c>.</summary>
    public static string Listed(this IReadOnlyList<string> words, string last = "and") =>
        words.Count < 2
            ? string.Concat(words)
            : string.Join(", ", words.Take(words.Count - 1)) + " " + last + " " + words[words.Count - 1];
}
