using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Tests.Judgements.Mutation;

/// <summary>What the compiler says of one model of a mutant, beside what is true.</summary>
/// <param name="Outcome">In words, for the count.</param>
/// <param name="Leak">The compiler's GEN4030.</param>
/// <param name="IsWrong">True where compiler and reference differ.</param>
internal sealed record MutantVerdict(string Outcome, GenDiagnostic? Leak, bool IsWrong)
{
    public static MutantVerdict Of(CheckedFile file, ModelSyntax syntax, DeclarationsOf declarations, IReadOnlyDictionary<string, long> sizes)
    {
        IrModel model = file.Ir.Modules.OfType<IrModel>().Single(m => m.Name == syntax.Name.Text);
        DrawSyntax[] draws = [.. syntax.Body.Statements.OfType<DrawSyntax>()];
        GenDiagnostic? leak = file.Diagnostics.FirstOrDefault(d => d.Code == "GEN4030" && d.Related.Any(r => draws.Any(w => w.Span == r.Span)));
        GenDiagnostic? other = file.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error && d.Code != "GEN4030" && declarations.Hold(d.Span));
        if (model.Judged is not [{ } law])
        {
            return leak is null && other is not null
                ? new($"does not fit ({other.Code})", null, false)
                : new($"was not judged: {string.Join("\n", file.Diagnostics)}", leak, true);
        }

        ReferenceReach reach = new ReferenceReach(sizes).Run(law.Statements, law.Data);
        bool leaks = law.Arguments.Any(a => ReferenceLeak.In(reach, law.Root, a, law.Distribution.EventIsChannels));
        return (leaks, leak, other) switch
        {
            (true, not null, _) => new("a leak, rejected", leak, false),
            (true, null, _) => new("A LEAK, NOT REJECTED AS ONE", null, true),
            (false, not null, _) => new("REJECTED, BUT NO LEAK", leak, true),
            (false, null, not null) => new($"no leak, but wrong otherwise ({other.Code})", null, false),
            _ when file.Diagnostics.Any(d => d.Code == "GEN4510" && d.Span == law.Span) => new("no leak, accepted with a blind spot", null, false),
            _ => new("no leak, accepted", null, false),
        };
    }
}
