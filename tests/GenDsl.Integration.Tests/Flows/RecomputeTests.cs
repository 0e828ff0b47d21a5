using System;
using System.IO;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Models.Maf;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>Loops of flows that are computed again in the backward pass: the same numbers, less memory.</summary>
public sealed class RecomputeTests
{
    // One compilation for all: most of its time is its start.
    private static readonly Lazy<CompiledPrograms> Compiled = new(() => CompiledPrograms.Of(RecomputePrograms.Eligible.Concat(RecomputePrograms.Others).Select(Check)));

    public static TheoryData<string> Names => [.. RecomputePrograms.Eligible.Select(p => p.Name)];

    public static TheoryData<string> OtherNames => [.. RecomputePrograms.Others.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void LossGradientsAndStatistics_AreThoseOfTheLoopThatIsKept(string name)
    {
        RecomputeProgram program = RecomputePrograms.Eligible.Single(p => p.Name == name);
        using CompiledModel stored = Create(program, Memory.Stored);
        using CompiledModel invertible = Create(program, Memory.Invertible);
        using Tensor x = FlowTensors.Normal("x", [6, .. program.Shape]);
        using var scope = NewDisposeScope();
        Tensor wanted = stored.Loss(x);
        Tensor found = invertible.Loss(x);
        TensorAssert.Same(wanted, found);
        Tensor weights = FlowTensors.Normal("weights", 6);
        Tensor?[] slopes = Gradients.Of((wanted * weights).sum(), [.. stored.State.Learned.Select(s => s.Tensor)]);
        Tensor?[] again = Gradients.Of((found * weights).sum(), [.. invertible.State.Learned.Select(s => s.Tensor)]);
        foreach ((StateTensor parameter, Tensor? slope, Tensor? other) in stored.State.Learned.Zip(slopes, again))
        {
            Assert.True(slope is not null == other is not null, parameter.Name);
            if (slope is not null)
            {
                TensorAssert.Close(slope, other!, 1e-10);
                Assert.True(slope.abs().max().ToDouble() > 0, parameter.Name);
            }
        }

        TensorAssert.Same(stored.State, invertible.State);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABackwardPass_ThroughTheArgumentToo_AndTwice(string name)
    {
        RecomputeProgram program = RecomputePrograms.Eligible.Single(p => p.Name == name);
        using CompiledModel stored = Create(program, Memory.Stored);
        using CompiledModel invertible = Create(program, Memory.Invertible);
        using var scope = NewDisposeScope();
        Tensor x = FlowTensors.Normal("x", [6, .. program.Shape]).requires_grad_();
        Tensor wanted = Gradients.Of(stored.Loss(x).sum(), [x])[0]!;
        Tensor loss = invertible.Loss(x).sum();
        TensorAssert.Close(wanted, Gradients.Of(loss, [x], keepGraph: true)[0]!, 1e-10);
        TensorAssert.Close(wanted, Gradients.Of(loss, [x])[0]!, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStep_LeavesNoTensors(string name)
    {
        RecomputeProgram program = RecomputePrograms.Eligible.Single(p => p.Name == name);
        using CompiledModel model = Create(program, Memory.Invertible);
        using Tensor x = FlowTensors.Normal("x", [6, .. program.Shape]);
        Tensor[] at = [.. model.State.Learned.Select(s => s.Tensor)];
        Step(model, x, at);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        Step(model, x, at);
        Assert.InRange(Tensor.TotalCount, 0, before);
    }

    [Fact]
    public void Memory_DoesNotGrowWithTheRounds()
    {
        // 32 rounds keep some 30 MB each where they are kept.
        RecomputeProgram program = RecomputePrograms.Eligible.Single(p => p.Name == "couplings");
        using Tensor x = FlowTensors.Normal("x", [8192, .. program.Shape]);
        double Grown(Memory memory, int rounds)
        {
            using CompiledModel model = Create(program, memory, rounds);
            double before = Resident();
            using Tensor loss = model.Loss(x);
            using Tensor mean = loss.mean();
            return Resident() - before;
        }

        Grown(Memory.Invertible, 2);
        double few = Grown(Memory.Invertible, 4);
        double many = Grown(Memory.Invertible, 32);
        double stored = Grown(Memory.Stored, 32);
        Assert.True(many < few + 100 && stored > 400, $"4 rounds: {few:F0} MB, 32 rounds: {many:F0} MB, kept: {stored:F0} MB");
    }

    [Theory]
    [MemberData(nameof(OtherNames))]
    public void OtherLoops_AreKept_AndHaveNoOption(string name)
    {
        RecomputeProgram program = RecomputePrograms.Others.Single(p => p.Name == name);
        Assert.Null(Find(program).GetNestedType("Options")!.GetProperty("Memory"));
    }

    [Fact]
    public void GradientsOfGradients_SayWhatToDo()
    {
        RecomputeProgram program = RecomputePrograms.Eligible.Single(p => p.Name == "couplings");
        using CompiledModel model = Create(program, Memory.Invertible);
        using var scope = NewDisposeScope();
        Tensor x = FlowTensors.Normal("x", [6, .. program.Shape]).requires_grad_();
        Tensor loss = model.Loss(x).sum();
        var error = Assert.Throws<GenDslException>(() => Gradients.Of(loss, [x], differentiable: true));
        Assert.Contains("Memory = Stored", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATrainer_PassesItOn_AndACheckpointKeepsIt()
    {
        using var folder = new TemporaryFolder();
        using Source data = new("x", [new Column("x", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, Draws.Root(5, CPU).At("x").Normal(128, 2))]);
        using ITrainer stored = Create("stored");
        using ITrainer invertible = Create("invertible");
        for (int i = 0; i < 3; i++)
        {
            ((MafTrainer)stored).Step(new MafTrainer.Data(data));
            ((MafTrainer)invertible).Step(new MafTrainer.Data(data));
        }

        foreach ((StateTensor one, StateTensor other) in stored.Nets[0].State.Learned.Zip(invertible.Nets[0].State.Learned))
        {
            TensorAssert.Close(one.Tensor, other.Tensor, 1e-4);
        }

        invertible.Save(folder.Path);
        using ITrainer resumed = MafTrainer.Descriptor.Load(folder.Path, new OptionBag());
        Assert.Equal("invertible", resumed.Options.ToBag().Text("memory"));
        Assert.Equal(Memory.Invertible, ((MafTrainer.Options)resumed.Options).Memory);
    }

    private static ITrainer Create(string memory)
    {
        var bag = new OptionBag();
        bag.Set("memory", memory);
        bag.Set("batch", 64);
        return MafTrainer.Descriptor.Create(bag);
    }

    private static void Step(CompiledModel model, Tensor x, Tensor[] at)
    {
        using Tensor loss = model.Loss(x);
        using Tensor mean = loss.mean();
        foreach (Tensor? gradient in Gradients.Of(mean, at))
        {
            gradient?.Dispose();
        }
    }

    private static double Resident()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }

    private static CompiledModel Create(RecomputeProgram program, Memory memory, int rounds = 3) => new(Find(program), memory, ("n", rounds));

    private static Type Find(RecomputeProgram program)
    {
        CheckedFile file = Check(program);
        Assert.False(Compiled.Value.Failures.TryGetValue(file.Source.Name, out string? why), why);
        return Compiled.Value.Find(file.Source.Name, "M");
    }

    private static CheckedFile Check(RecomputeProgram program)
    {
        CheckedFile file = ProgramTrial.Check("recompute_" + string.Concat(program.Name.Where(char.IsLetterOrDigit)), "gen 1\n" + program.Text + "\n");
        Assert.False(file.HasErrors, string.Join("\n", file.Diagnostics));
        return file;
    }
}
