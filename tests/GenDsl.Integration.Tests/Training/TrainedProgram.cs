using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>A small program compiled and loaded, with data of its own, to be trained for a few steps.</summary>
internal sealed class TrainedProgram
{
    private readonly string _name;
    private readonly CompiledPrograms _programs;

    public TrainedProgram(string name, string text, CatalogueTable? catalogue = null)
    {
        _name = name;
        CheckedFile file = GenCompiler.Check(new GenSource(name + ".gen", text.ReplaceLineEndings("\n")), catalogue ?? CatalogueTable.Standard);
        Assert.Empty(file.Diagnostics.Where(d => d.Severity == Dsl.Diagnostics.Severity.Error).Select(d => d.ToString()));
        _programs = CompiledPrograms.Of([file]);
        Assert.True(_programs.Failures.Count == 0, string.Join("\n", _programs.Failures.Values));
    }

    public TrainerDescriptor Descriptor(string trainer) =>
        (TrainerDescriptor)_programs.Find(_name, trainer + "Trainer").GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    public ITrainer Create(string trainer, params (string Name, string Value)[] options) =>
        Descriptor(trainer).Create(new OptionBag(options.Select(o => KeyValuePair.Create(o.Name, o.Value))));

    /// <summary>Rows of normal numbers.</summary>
    public static Source Numbers(string name, int rows, params long[] shape) => new(
        name, [new Column(name, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, Draws.Root(5, torch.CPU).At(name).Normal([rows, .. shape]))]);

    /// <summary>Does single steps; the reports come back as the generated records.</summary>
    public static List<IReport> Step(ITrainer trainer, int steps, params Source[] data)
    {
        object sources = Activator.CreateInstance(trainer.GetType().GetNestedType("Data")!, data)!;
        MethodInfo step = trainer.GetType().GetMethods().Single(m => m.Name == "Step" && m.GetParameters().Length == 1);
        return [.. Enumerable.Range(0, steps).Select(_ => (IReport)step.Invoke(trainer, BindingFlags.DoNotWrapExceptions, null, [sources], null)!)];
    }

    /// <summary>Copies of the learned tensors of a net, by name.</summary>
    public static Dictionary<string, torch.Tensor> Weights(ITrainer trainer, string net) =>
        trainer.Nets.Single(n => n.Name == net).State.Learned.ToDictionary(s => s.Name, s => s.Tensor.detach().clone());

    /// <summary>Fails where an action leaves tensors behind; it has run before, so that what is kept is there.</summary>
    public static void NoLeak(Action action)
    {
        long before = LiveTensors.Count();
        action();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}
