using GenDsl.Dsl.Text;

namespace GenDsl.Generators.Emit;

/// <summary>Writes <c>#line</c> directives, so that errors, breakpoints and stack traces land in the <c>.gen</c> file.</summary>
internal static class LineMapping
{
    /// <summary>Maps the next line to a place of the source.</summary>
    public static void Write(CodeWriter writer, FunctionContext context, TextSpan span)
    {
        if (!context.Emit.LineDirectives)
        {
            return;
        }

        LinePosition start = context.Source.Lines.PositionOf(span.Start);
        LinePosition end = context.Source.Lines.PositionOf(span.End > span.Start ? span.End : span.Start + 1);
        string path = CSharpNames.Literal(context.Emit.LinePath ?? context.Source.Path).Replace("\\\\", "\\");
        writer.Directive($"#line ({Number(start.Line)}, {Number(start.Column)}) - ({Number(end.Line)}, {Number(end.Column)}) {path}");
    }

    /// <summary>What follows stands for itself again.</summary>
    public static void End(CodeWriter writer, EmitOptions options)
    {
        if (options.LineDirectives)
        {
            writer.Directive("#line default");
        }
    }

    private static string Number(int zeroBased) => CSharpNames.Number(zeroBased + 1L);
}
