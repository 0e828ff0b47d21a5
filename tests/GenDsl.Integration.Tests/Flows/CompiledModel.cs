using System;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>A generated model in f64 with random parameters everywhere, also where they start at 0.</summary>
internal sealed class CompiledModel : IDisposable
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly object _instance;
    private readonly MethodInfo _loss;

    public CompiledModel(Type type, Memory memory, params (string Name, int Value)[] options)
    {
        object record = Activator.CreateInstance(type.GetNestedType("Options")!)!;
        record.GetType().GetProperty("Memory")!.SetValue(record, memory);
        foreach ((string name, int value) in options)
        {
            record.GetType().GetProperty(CompiledPrograms.MemberName(name))!.SetValue(record, value);
        }

        _instance = type.GetConstructors(All).Single(c => c.GetParameters().Length == 2).Invoke([record, new Build(3, CPU, ScalarType.Float64)]);
        _loss = type.GetMethod("LossOf", All)!;
        State = (StateTable)type.GetProperty("State")!.GetValue(_instance)!;
        using var frozen = no_grad();
        Draws draws = Draws.Root(3, CPU, ScalarType.Float64);
        foreach (StateTensor item in State.Learned)
        {
            using Tensor noise = draws.At(item.Name).Normal(item.Tensor.shape);
            using Tensor scaled = noise * 0.3;
            item.Tensor.copy_(scaled);
        }
    }

    public StateTable State { get; }

    /// <summary>What training minimises, of each sample, as the call through which it learns.</summary>
    public Tensor Loss(Tensor x)
    {
        object[] more = [.. _loss.GetParameters().Skip(1).Select(p => p.ParameterType == typeof(Mode) ? (object)Mode.Learn : Draws.Root(5, CPU, ScalarType.Float64))];
        try
        {
            return (Tensor)_loss.Invoke(_instance, [x, .. more])!;
        }
        catch (TargetInvocationException error)
        {
            throw new InvalidOperationException($"{_instance.GetType().FullName}: {error.InnerException}", error.InnerException);
        }
    }

    public void Dispose()
    {
        foreach (StateTensor item in State)
        {
            item.Tensor.Dispose();
        }
    }
}
