using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Cli.Training;
using GenDsl.Dsl;
using GenDsl.Dsl.Ir;

namespace GenDsl.Cli.Inspection;

/// <summary>What a step will cost on two threads of a current CPU, from the text alone; right within a factor of about two.</summary>
/// <param name="SecondsPerStep">Time of one step.</param>
/// <param name="Bytes">Memory of the process at its peak, without the data.</param>
internal sealed record WorkEstimate(double SecondsPerStep, double Bytes)
{
    private const double OperationsPerSecond = 2.5e11;
    private const double BytesPerSecond = 1e10;
    private const double SecondsPerCall = 8e-6;
    private const double BytesOfLibrary = 3.8e8;
    private const int Float = 4;

    /// <summary>Null where a size is not known.</summary>
    public static WorkEstimate? Of(CheckedFile file, string trainerName, IReadOnlyDictionary<string, string> set, int batch)
    {
        var trainer = file.Ir.Trainers.FirstOrDefault(candidate => candidate.Name == trainerName);
        return trainer is null ? null : Of(trainer, SizeScope.Of(trainer, set), batch);
    }

    public static WorkEstimate? Of(IrTrainer trainer, SizeScope scope, int batch)
    {
        if (ParameterCount.Of(trainer, scope) is not { } parameters)
        {
            return null;
        }

        // Of a plan, the phase that costs most.
        return trainer.Steps.Select(step => Of(trainer, step, parameters, scope, batch)).MaxBy(estimate => estimate.SecondsPerStep);
    }

    private static WorkEstimate Of(IrTrainer trainer, IrBlock step, long parameters, SizeScope scope, int batch)
    {
        var work = new WorkCounter();
        work.Count(step, scope);

        // Adam reads and writes a parameter, two moments and reads the gradient; an average touches two more.
        var averages = trainer.Children.Where(child => child.AverageOf is not null).Sum(child => ParameterCount.Of(child, scope) ?? 0);
        var traffic = (2.0 * batch * work.Written + 7.0 * parameters + 3.0 * averages) * Float;
        var seconds = batch * work.Operations / OperationsPerSecond + traffic / BytesPerSecond + work.Calls * SecondsPerCall;
        return new WorkEstimate(seconds, BytesOfLibrary + Float * (4.0 * parameters + averages + 1.5 * batch * work.Kept));
    }

    public string Text(long stepsPerEpoch)
    {
        var epoch = stepsPerEpoch > 0 ? $", {FigureText.Time(SecondsPerStep * stepsPerEpoch)} per epoch of {FigureText.Count(stepsPerEpoch)} steps" : "";
        return $"estimate for two cores: about {FigureText.Time(SecondsPerStep)} per step{epoch}, {FigureText.Bytes(Bytes)} of memory besides the data";
    }
}
