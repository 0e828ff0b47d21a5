using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Trains a generated trainer for some steps on random data of its spaces, samples and evaluates.</summary>
internal sealed class TrainerTrial(CompiledPrograms programs, string program, IrTrainer trainer, Random random)
{
    private readonly Dictionary<string, long> _free = new(StringComparer.Ordinal);

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

        foreach (DimVariable size in trainer.DataSizes)
        {
            _free[size.Name] = (int)sizes.Hyperparameters[size.Name];
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
        // Only classes can be named as the condition of a sample.
        foreach (SampleInfo sample in descriptor.Samples.Where(s => s.Conditions.All(c => c.Space.IsIndex && c.Space.Shape.Length == 0)))
        {
            using torch.Tensor drawn = running.Sample(sample.Name, new SampleRequest(3) { Sizes = sample.Sizes.ToDictionary(name => name, _ => 8L) }, out SpaceInfo space);
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

    // A free size is what the trainer was constructed with, or else one size throughout.
    private long[] Shape(SpaceInfo space)
    {
        var names = new Queue<string>(space.FreeSizes);
        return [.. space.Shape.Select(d => d >= 0 ? d : _free.GetValueOrDefault(names.Dequeue(), 8))];
    }

    private torch.Tensor Values(SpaceInfo space, long rows)
    {
        bool isReal = space.Element == ElementKind.Real;
        long[] shape = Shape(space);
        var type = new TensorType(isReal ? Element.Real : Element.Level, 0, new Rows("data"), [.. shape.Select(d => Dim.Constant(d))], new Interval(space.Low, space.High));
        using torch.Tensor values = TestTensors.Of(type, shape, rows, random, Feeding.Random);
        return values.to(isReal ? torch.ScalarType.Float32 : torch.ScalarType.Byte);
    }
}
