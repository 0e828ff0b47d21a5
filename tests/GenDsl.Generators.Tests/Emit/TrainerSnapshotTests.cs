using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Generators.Tests.Emit;

/// <summary>What trainers say with more than one step, with parts of nets and with limits of gradients, as C#.</summary>
public sealed class TrainerSnapshotTests
{
    [Fact]
    public Task Phases() => Verifier.Verify(Emitted("phases"), "phases", "cs");

    [Fact]
    public Task RowsAndStates() => Verifier.Verify(Emitted("rows"), "rows", "cs");

    [Fact]
    public Task GivenNets() => Verifier.Verify(Emitted("given"), "given", "cs");

    [Fact]
    public void Parts_AreNamedAsInCheckpoints()
    {
        string code = Emitted("parts");
        Assert.Contains("""Own(new Adam("S_left", S.State.LearnedIn("left")));""", code, StringComparison.Ordinal);
        Assert.Contains("""Own(new Adam("M_prior_M_block", [.. M.State.LearnedIn("prior"), .. M.State.LearnedIn("block.*.round.*", "block.*.round.*.hidden")]));""", code, StringComparison.Ordinal);
        Assert.Contains("""Own(new Sgd("M", M.State.LearnedIn("", "prior", "block.*.round.*.linear1")));""", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_StandAtTheStatement()
    {
        string code = Emitted("clipping");
        Assert.Contains("_dAdam.Minimize(mean, 1e-3, clip: 10.0);", code, StringComparison.Ordinal);
        Assert.Contains("_eSgd.Minimize(mean2, 1e-3, clipValue: 0.5, clip: 2 * _options.Limit);", code, StringComparison.Ordinal);
        Assert.Contains("_fAdamW.Minimize(mean3, (GlobalStep < 10) ? 1e-3 : 1e-4, clipValue: _options.Limit);", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_AreGatheredWhereAStatementReadsThem()
    {
        string[] steps = Emitted("unread_columns").Split("_pairsFeed.Pull();");
        Assert.Equal(3, steps.Length);
        Assert.Equal((true, false, false), (steps[1].Contains(".Gather(0)", StringComparison.Ordinal), steps[1].Contains(".Gather(1)", StringComparison.Ordinal), steps[1].Contains(".Gather(2)", StringComparison.Ordinal)));

        // The pictures for their size.
        Assert.Equal((true, true, true), (steps[2].Contains(".Gather(0)", StringComparison.Ordinal), steps[2].Contains(".Gather(1)", StringComparison.Ordinal), steps[2].Contains(".Gather(2)", StringComparison.Ordinal)));
    }

    private static string Emitted(string program)
    {
        string text = File.ReadAllText(Repository.PathOf("tests", "baselines", "valid", program + ".gen"));
        CheckedFile file = GenCompiler.Check(new GenSource(program + ".gen", text));
        Assert.Empty(file.Diagnostics.Select(d => d.ToString()));
        return CSharpEmitter.Emit(file, new EmitOptions("GenDsl.Models", LineDirectives: false)).Replace(CSharpEmitter.Version, "VERSION", StringComparison.Ordinal);
    }
}
