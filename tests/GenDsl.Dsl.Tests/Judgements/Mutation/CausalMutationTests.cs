using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Testing;
using Xunit;
using Xunit.Abstractions;

namespace GenDsl.Dsl.Tests.Judgements.Mutation;

/// <summary>
/// Every mask, shift, pad and kernel of the shipped autoregressive models moved by one: rejected as a leak where the
/// reference, which counts numbers, finds one, and nowhere else; and the layer that was changed is named.
/// </summary>
public sealed class CausalMutationTests(ITestOutputHelper output)
{
    public static TheoryData<string> Programs => [.. CausalInstance.All.Select(i => i.Program)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task LeaksAreRejected_AndNothingElse(string program)
    {
        CausalInstance instance = CausalInstance.All.Single(i => i.Program == program);
        CheckedFile original = Check(instance, instance.Text());
        Assert.False(original.HasErrors, string.Join("\n", original.Diagnostics));
        var wrong = new List<string>();
        var leaks = new List<string>();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan reference = TimeSpan.Zero;
        foreach (CausalMutant mutant in CausalMutants.Of(original))
        {
            CheckedFile file = Check(instance, mutant.Text);
            foreach (ModelSyntax model in file.Syntax.Declarations.OfType<ModelSyntax>())
            {
                var declarations = new DeclarationsOf(file.Syntax, model);
                if (!declarations.Differ(new(original.Syntax, original.Syntax.Declarations.OfType<ModelSyntax>().Single(m => m.Name.Text == model.Name.Text)), mutant.Text, original.Source.Text))
                {
                    continue;
                }

                TimeSpan start = watch.Elapsed;
                MutantVerdict verdict = MutantVerdict.Of(file, model, declarations, instance.Sizes);
                reference += watch.Elapsed - start;
                string key = $"{model.Name.Text}, {mutant.Kind}: {verdict.Outcome}";
                counts[key] = counts.GetValueOrDefault(key) + 1;
                string name = $"{program}.gen{mutant.Name}, {model.Name.Text}";
                if (verdict.IsWrong)
                {
                    wrong.Add($"{name}: {verdict.Outcome}\n    {verdict.Leak}");
                }
                else if (verdict.Leak is { } leak)
                {
                    leaks.Add($"{name}\n    {Blamed(leak)}");
                    if (mutant.Layer is { } layer && !Names(leak, layer))
                    {
                        wrong.Add($"{name}: the layer that was changed is not named\n    {leak}\n    {string.Join("\n    ", leak.Related)}");
                    }
                }
            }
        }

        string summary = string.Join("\n", counts.Select(c => $"{c.Value,5} {c.Key}"));
        output.WriteLine($"{program}.gen, in {watch.ElapsedMilliseconds} ms, of which {(int)reference.TotalMilliseconds} for the reference\n{summary}");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));

        // Accepted output, so that no place is lost unnoticed, and a shift that is gone is seen to be missed where it should.
        await Verifier.Verify(string.Join("\n", [summary, .. leaks]) + "\n", program);
    }

    private static CheckedFile Check(CausalInstance instance, string text) => GenCompiler.Check(new GenSource($"{instance.Program}.gen", text));

    // The place itself, or one on the way in from it: a net that is right elsewhere is blamed where it is called.
    private static bool Names(GenDiagnostic leak, TextSpan layer) =>
        leak.Related.SkipLast(1).Select(r => r.Span).Prepend(leak.Span).Contains(layer);

    // Without the law, which is the last place of all.
    private static string Blamed(GenDiagnostic leak)
    {
        string At(TextSpan span) => $"line {(leak.Source.Lines.PositionOf(span.Start).Line + 1).ToString(CultureInfo.InvariantCulture)}: {leak.Source.Text.Substring(span.Start, span.Length)}";
        return string.Join("\n    ", leak.Related.SkipLast(1).Select(r => r.Span).Prepend(leak.Span).Select(At));
    }
}
