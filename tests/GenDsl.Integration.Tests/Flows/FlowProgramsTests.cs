using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Types;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>Every form of a flow is undone by its derived inverse, and its log-determinant is that of its Jacobian.</summary>
public sealed class FlowProgramsTests
{
    private const long Rows = 3;

    // One compilation for all: most of its time is its start.
    private static readonly Lazy<CompiledPrograms> Compiled = new(() => CompiledPrograms.Of(FlowPrograms.All.Select(Check).Where(f => !f.HasErrors)));

    public static TheoryData<string> Names => [.. FlowPrograms.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsUndone_AndItsLogDeterminantIsThatOfItsJacobian(string name)
    {
        FlowProgram program = FlowPrograms.All.Single(p => p.Name == name);
        CheckedFile file = Check(program);
        Assert.False(file.HasErrors, string.Join("\n", file.Diagnostics));
        Assert.False(Compiled.Value.Failures.TryGetValue(file.Source.Name, out string? why), why);
        using var flow = new CompiledFlow(Compiled.Value.Find(file.Source.Name, Subject(program)), 11, program.Options);
        using var scope = NewDisposeScope();
        Tensor x = FlowTensors.Normal("x", [Rows, .. program.Shape]);
        Tensor[] conditions = program.Condition is { } sizes ? [FlowTensors.Normal("k", [Rows, .. sizes])] : [];
        Counts(flow, x, conditions);
        RoundTrip(flow, x, conditions);
        LogDeterminant(flow, x, conditions, program);
        Gradients(flow, x, conditions, program);
        if (program.Untouched is { } untouched)
        {
            Keeps(flow, x, untouched);
        }
    }

    private static void RoundTrip(CompiledFlow flow, Tensor x, Tensor[] conditions)
    {
        (Tensor y, Tensor logDet) = flow.Forward([x, .. conditions]);
        Runtime.TensorAssert.Same(y, flow.Transform([x, .. conditions]));
        Runtime.TensorAssert.Close(x, flow.Invert([y, .. conditions]), 1e-9);
        (Tensor back, Tensor backwards) = flow.Inverse([y, .. conditions]);
        Runtime.TensorAssert.Close(x, back, 1e-9);
        Assert.Equal([Rows], logDet.shape);
        Runtime.TensorAssert.Close(-logDet, backwards, 1e-9);
        Assert.True((x.reshape(Rows, -1)[0] - y.reshape(Rows, -1)[0]).abs().max().ToDouble() > 1e-3, "The flow does nothing.");

        // The other way round, from numbers that no x was made into.
        Tensor other = y * 0.5;
        Runtime.TensorAssert.Close(other, flow.Transform([flow.Invert([other, .. conditions]), .. conditions]), 1e-9);
    }

    private static void LogDeterminant(CompiledFlow flow, Tensor x, Tensor[] conditions, FlowProgram program)
    {
        (_, Tensor logDet) = flow.Forward([x, .. conditions]);
        for (long row = 0; row < Rows; row++)
        {
            Tensor[] given = [.. conditions.Select(c => c.narrow(0, row, 1))];
            double wanted = FlowTensors.LogDets(at => flow.Transform([at, .. given]), x.narrow(0, row, 1))[0];
            Assert.Equal(wanted, logDet[row].ToDouble(), 1e-8);
            Assert.True(program.KeepsVolume == Math.Abs(wanted) < 1e-6, $"The log-determinant is {wanted}.");
        }
    }

    private static void Gradients(CompiledFlow flow, Tensor x, Tensor[] conditions, FlowProgram program)
    {
        Tensor total = flow.Forward([x, .. conditions]).LogDet.sum();
        IReadOnlyList<StateTensor> learned = flow.State.Learned;
        bool flows = learned.Count > 0 && !program.KeepsVolume && !program.HasFixedLogDet;
        Assert.Equal(flows, learned.Count > 0 && total.requires_grad);
        if (!flows)
        {
            return;
        }

        // By finite differences along one direction over all parameters.
        Tensor[] at = [.. learned.Select(s => s.Tensor)];
        Tensor?[] slopes = GenDsl.Runtime.Gradients.Of(total, at);
        Tensor[] directions = [.. learned.Select(s => FlowTensors.Normal(s.Name, s.Tensor.shape))];
        double slope = slopes.Zip(directions, (s, d) => s is null ? 0 : (s * d).sum().ToDouble()).Sum();
        double Moved(double step)
        {
            using var frozen = no_grad();
            void Move(double by)
            {
                foreach ((Tensor tensor, Tensor direction) in at.Zip(directions))
                {
                    tensor.add_(direction * by);
                }
            }

            Move(step);
            double there = flow.Forward([x, .. conditions]).LogDet.sum().ToDouble();
            Move(-step);
            return there;
        }

        double wanted = (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
        Assert.Equal(wanted, slope, 1e-5 * Math.Max(1, Math.Abs(wanted)));
        Assert.True(Math.Abs(slope) > 1e-4, "No gradient flows.");
    }

    private static void Keeps(CompiledFlow flow, Tensor x, Func<long, long, long, bool> untouched)
    {
        Tensor y = flow.Transform(x);
        int changed = 0;
        for (long c = 0; c < x.size(1); c++)
        {
            for (long row = 0; row < x.size(2); row++)
            {
                for (long column = 0; column < x.size(3); column++)
                {
                    (double before, double after) = (x[0, c, row, column].ToDouble(), y[0, c, row, column].ToDouble());
                    Assert.Equal(untouched(c, row, column), BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(after));
                    changed += before != after ? 1 : 0;
                }
            }
        }

        Assert.InRange(changed, 1, (int)x[0].numel() - 1);
    }

    // Live tensors before and after each of the four functions.
    private static void Counts(CompiledFlow flow, Tensor x, Tensor[] conditions)
    {
        using var frozen = no_grad();
        void All()
        {
            (Tensor y, Tensor logDet) = flow.Forward([x, .. conditions]);
            (Tensor back, Tensor backwards) = flow.Inverse([y, .. conditions]);
            foreach (Tensor made in new[] { logDet, back, backwards, flow.Transform([x, .. conditions]), flow.Invert([y, .. conditions]), y })
            {
                made.Dispose();
            }
        }

        All();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        All();
        Assert.InRange(Tensor.TotalCount, 0, before);
    }

    private static CheckedFile Check(FlowProgram program) => ProgramTrial.Check("flow_" + string.Concat(program.Name.Where(char.IsLetterOrDigit)), "gen 1\n" + program.Text + "\n");

    private static string Subject(FlowProgram program) => program.Text.Split('\n').Last(l => l.TrimStart().StartsWith("flow ", StringComparison.Ordinal)).TrimStart()["flow ".Length..].Split('(')[0];
}
