using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Trains a generated trainer for some steps on random data of its spaces, samples and evaluates.</summary>
internal sealed class TrainerTrial(CompiledPrograms programs, string program, IrTrainer trainer, Random random)
{
    /// <exception cref="UnsoundException">Something failed, or tensors are left behind.</exception>
    public void Run(bool defaults)
    {
        Type type = programs.Find(program, trainer.Name + "Trainer");
        SizeValues sizes = SizeValues.Of(trainer, [], random, defaults);
        try
        {
            Run(type, sizes);
        }
        catch (TargetInvocationException error)
        {
            throw new UnsoundException($"{trainer.Name} with {sizes}: {error.InnerException!.Message}", error);
        }
        catch (Exception error) when (error is GenDslException or System.Runtime.InteropServices.ExternalException or ObjectDisposedException or InvalidOperationException)
        {
            throw new UnsoundException($"{trainer.Name} with {sizes}: {error.Message}", error);
        }
        catch (UnsoundException error)
        {
            throw new UnsoundException($"{trainer.Name} with {sizes}: {error.Message}", error);
        }
    }

    private void Run(Type type, SizeValues sizes)
    {
        var descriptor = (TrainerDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        var bag = new OptionBag();
        bag.Set("batch", 2 + random.Next(4));
        foreach ((string name, object value) in sizes.Hyperparameters)
        {
            switch (value)
            {
                case int whole:
                    bag.Set(name, whole);
                    break;
                case double real:
                    
                    // Rates at which nothing diverges.
                    bag.Set(name, real / 200);
                    break;
                case bool truth:
                    bag.Set(name, truth);
                    break;
            }
        }

        using ITrainer running = descriptor.Create(bag);
        Dictionary<string, Source> sources = descriptor.Sources.ToDictionary(s => s.Name, Data);
        try
        {
            Type record = type.GetNestedType("Data")!;
            object data = Activator.CreateInstance(record, [.. descriptor.Sources.Select(s => (object)sources[s.Name])])!;
            MethodInfo step = type.GetMethods().Single(m => m.Name == "Step" && m.GetParameters().Length == 1);
            step.Invoke(running, [data]);
            step.Invoke(running, [data]);
            long before = Tensors();
            step.Invoke(running, [data]);
            step.Invoke(running, [data]);
            if (Tensors() > before)
            {
                throw new UnsoundException($"two steps leave {Tensors() - before} tensors behind.");
            }

            Observe(running, descriptor);
            if (Tensors() > before)
            {
                throw new UnsoundException($"the observers leave {Tensors() - before} tensors behind.");
            }
        }
        finally
        {
            foreach (Source source in sources.Values)
            {
                source.Dispose();
            }
        }
    }

    private static long Tensors() => torch.Tensor.TotalCount;

    private void Observe(ITrainer running, TrainerDescriptor descriptor)
    {
        foreach (SampleInfo sample in descriptor.Samples)
        {
            using torch.Tensor drawn = running.Sample(sample.Name, new SampleRequest(3), out SpaceInfo space);
            Spaces.Check(drawn, space);
        }

        foreach (EvaluationInfo evaluation in descriptor.Evaluations)
        {
            Dictionary<string, Source> sources = evaluation.Sources.ToDictionary(s => s.Name, Data);
            foreach (NamedValue value in running.Evaluate(evaluation.Name, sources))
            {
                if (!double.IsFinite(value.Value))
                {
                    throw new UnsoundException($"the evaluation '{evaluation.Name}' reports {value.Name} = {value.Value}.");
                }
            }

            foreach (Source source in sources.Values)
            {
                source.Dispose();
            }
        }
    }

    private Source Data(SourceInfo info)
    {
        long rows = 7 + random.Next(5);
        return new Source(info.Name, [.. info.Columns.Select(c => new Column(c.Name, c.Space.Element, c.Space.Count, c.Space.Low, c.Space.High, Values(c.Space, rows)))]);
    }

    private torch.Tensor Values(SpaceInfo space, long rows)
    {
        bool isReal = space.Element == ElementKind.Real;
        var type = new TensorType(isReal ? Element.Real : Element.Level, 0, new Rows("data"), [.. space.Shape.Select(d => Dim.Constant(d))], new Interval(space.Low, space.High));
        using torch.Tensor values = TestTensors.Of(type, space.Shape, rows, random, Feeding.Random);
        return values.to(isReal ? torch.ScalarType.Float32 : torch.ScalarType.Byte);
    }
}
