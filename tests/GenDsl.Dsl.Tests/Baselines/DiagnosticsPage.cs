using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using GenDsl.Testing;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>One section of <c>docs/diagnostics.md</c>: a code with its anchor and its programs, the wrong one first.</summary>
internal sealed record DiagnosticsSection(string Code, string Title, string Anchor, IReadOnlyList<string> Programs, string Text);

/// <summary><c>docs/diagnostics.md</c>, read into its sections.</summary>
internal static partial class DiagnosticsPage
{
    /// <summary>The sections in the order of the page.</summary>
    public static IReadOnlyList<DiagnosticsSection> Sections { get; } = Read(File.ReadAllText(Repository.PathOf("docs", "diagnostics.md")).ReplaceLineEndings("\n"));

    /// <summary>The only section of a code.</summary>
    public static DiagnosticsSection Of(string code) => Sections.Single(s => s.Code == code);

    private static List<DiagnosticsSection> Read(string page)
    {
        List<Match> heads = [.. Head().Matches(page).Cast<Match>()];
        return [.. heads.Select((head, i) =>
        {
            string text = page[(head.Index + head.Length)..(i + 1 < heads.Count ? heads[i + 1].Index : page.Length)];
            return new DiagnosticsSection(
                head.Groups["code"].Value, head.Groups["title"].Value, head.Groups["anchor"].Value, [.. Program().Matches(text).Cast<Match>().Select(m => m.Groups["text"].Value)], text);
        })];
    }

    [GeneratedRegex("""^(<a id="(?<anchor>[^"]*)"></a>\n\n)?## (?<code>GEN\d{4}): (?<title>.+)\n""", RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex("""^```gen\n(?<text>(.*\n)*?)```$""", RegexOptions.Multiline)]
    private static partial Regex Program();
}
