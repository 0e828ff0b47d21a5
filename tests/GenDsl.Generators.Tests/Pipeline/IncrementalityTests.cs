using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Xunit;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace GenDsl.Generators.Tests.Pipeline;

public sealed class IncrementalityTests
{
    private static readonly string[] s_steps =
        typeof(TrackingNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToArray();

    private readonly GenText _a = new("a.gen", "Alpha // first");
    private readonly GenText _b = new("b.gen", "Beta odd");

    [Fact]
    public void EveryStep_HasRun()
    {
        var run = new GeneratorRun(_a, _b);
        foreach (string step in s_steps)
        {
            Assert.True(run.Reasons(step).Any(), $"{step} is a name that no step of the pipeline has.");
        }
    }

    [Fact]
    public void SecondRun_ComputesNothing()
    {
        var run = new GeneratorRun(_a, _b);
        run.Run();
        AssertNothingRan(run);
    }

    [Fact]
    public void UnrelatedCSharpEdit_ComputesNothing()
    {
        var run = new GeneratorRun(_a, _b);
        run.EditCSharp("class Program { int x; }");
        AssertNothingRan(run);
    }

    [Fact]
    public void NewFileObjectWithEqualText_CompilesNothing()
    {
        var run = new GeneratorRun(_a, _b);
        run.Edit(_a, new GenText("a.gen", "Alpha // first"));
        AssertReasons(run, TrackingNames.Read, Unchanged, Cached);
        AssertReasons(run, TrackingNames.Compile, Cached, Cached);
        Assert.All(run.SourceReasons(), reason => Assert.Equal(Cached, reason));
    }

    [Fact]
    public void EditedComment_DoesNotModifyOutput()
    {
        var run = new GeneratorRun(_a, _b);
        run.Edit(_a, new GenText("a.gen", "Alpha // second"));
        AssertReasons(run, TrackingNames.Read, Modified, Cached);
        AssertReasons(run, TrackingNames.Compile, Unchanged, Cached);
        AssertReasons(run, TrackingNames.Output, Cached, Cached);
        Assert.All(run.SourceReasons(), reason => Assert.Equal(Cached, reason));
    }

    [Fact]
    public void RealEdit_TouchesOnlyThatFile()
    {
        var run = new GeneratorRun(_a, _b);
        run.Edit(_a, new GenText("a.gen", "Gamma"));
        AssertReasons(run, TrackingNames.Read, Modified, Cached);
        AssertReasons(run, TrackingNames.Compile, Modified, Cached);
        AssertReasons(run, TrackingNames.Output, Modified, Cached);
        Assert.Contains("class Gamma", run.Code("a.g.cs"), System.StringComparison.Ordinal);
    }

    [Fact]
    public void MovedDiagnostic_DoesNotModifyOutput()
    {
        var run = new GeneratorRun(_a, _b);
        run.Edit(_b, new GenText("b.gen", "Beta    odd"));
        AssertReasons(run, TrackingNames.Compile, Cached, Modified);
        AssertReasons(run, TrackingNames.Diagnostics, Modified);
        AssertReasons(run, TrackingNames.Output, Cached, Unchanged);
        Assert.Equal(8, Assert.Single(run.Diagnostics).Location.SourceSpan.Start);
    }

    [Fact]
    public void ChangedOption_CompilesEveryFile()
    {
        var run = new GeneratorRun(_a, _b);
        run.EditOptions(new ProjectOptions(("RootNamespace", "Studio.")));
        AssertReasons(run, TrackingNames.Read, Cached, Cached);
        AssertReasons(run, TrackingNames.Compile, Modified, Modified);
    }

    [Fact]
    public void EqualOptions_CompileNothing()
    {
        var run = new GeneratorRun(_a, _b);
        run.EditOptions(new ProjectOptions(("Unrelated", "1")));
        AssertReasons(run, TrackingNames.Options, Unchanged);
        AssertReasons(run, TrackingNames.Compile, Cached, Cached);
    }

    [Fact]
    public void Pipeline_HoldsOnlyValues()
    {
        var run = new GeneratorRun(_a, _b);
        IEnumerable<object> outputs = s_steps
            .SelectMany(step => run.Result.TrackedSteps[step])
            .SelectMany(step => step.Outputs)
            .Select(output => output.Value);
        Assert.Empty(ObjectGraph.CompilerObjectsIn(outputs));
    }

    [Fact]
    public void ObjectGraph_FindsWhatItLooksFor()
    {
        var run = new GeneratorRun(_a);
        Assert.NotEmpty(ObjectGraph.CompilerObjectsIn([new { Hidden = new[] { ("x", (object)run.Output) } }]));
        Assert.NotEmpty(ObjectGraph.CompilerObjectsIn([new { Hidden = run.Output.SyntaxTrees.First().GetRoot() }]));
    }

    private static void AssertNothingRan(GeneratorRun run)
    {
        foreach (string step in s_steps)
        {
            Assert.All(run.Reasons(step), reason => Assert.True(reason is Cached or Unchanged, $"{step}: {reason}"));
        }

        Assert.All(run.SourceReasons(), reason => Assert.Equal(Cached, reason));
    }

    private static void AssertReasons(GeneratorRun run, string step, params IncrementalStepRunReason[] expected) =>
        Assert.Equal(expected, run.Reasons(step));
}
