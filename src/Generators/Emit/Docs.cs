using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>XML documentation from <c>///</c> comments.</summary>
internal static class Docs
{
    /// <summary>A summary of plain text; nothing for no text.</summary>
    public static void Summary(CodeWriter writer, string text)
    {
        if (text.Length > 0)
        {
            SummaryXml(writer, CSharpNames.Xml(text));
        }
    }

    /// <summary>The documentation of a net or model; every public member has some.</summary>
    public static string Of(IrModule module) => module.Doc.Length > 0 ? module.Doc : $"The {(module is IrModel ? "model" : "net")} {module.Name}.";

    /// <summary>A summary of text that is XML already.</summary>
    public static void SummaryXml(CodeWriter writer, string xml)
    {
        string[] lines = [.. xml.Split('\n').Select(l => l.Trim())];
        if (lines.Length == 1)
        {
            writer.Line($"/// <summary>{lines[0]}</summary>");
            return;
        }

        writer.Line("/// <summary>");
        foreach (string line in lines)
        {
            writer.Line(("/// " + line).TrimEnd());
        }

        writer.Line("/// </summary>");
    }
}
