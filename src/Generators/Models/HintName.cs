using System;
using System.Linq;

namespace GenDsl.Generators.Models;

/// <summary>The name of the generated file, unique within a compilation without regard to case.</summary>
internal static class HintName
{
    /// <summary>The file's name with everything replaced that Roslyn does not allow: <c>models/vae.gen</c> becomes <c>vae.g.cs</c>.</summary>
    public static string Of(string path)
    {
        string file = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        string stem = file.Substring(0, file.LastIndexOf('.'));
        return string.Concat(stem.Select(c => char.IsLetterOrDigit(c) || "_.-".Contains(c) ? c : '_')) + ".g.cs";
    }
}
