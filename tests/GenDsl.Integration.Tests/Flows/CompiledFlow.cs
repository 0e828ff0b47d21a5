using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>A generated flow in f64 with random parameters everywhere, also where they start at 0.</summary>
internal sealed class CompiledFlow : IDisposable
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly object _instance;

    /// <param name="type">The generated class.</param>
    /// <param name="seed">Of its parameters.</param>
    /// <param name="options">Hyperparameters and sizes, by their names in the text.</param>
    public CompiledFlow(Type type, ulong seed, params (string Name, int Value)[] options)
    {
        object record = Activator.CreateInstance(type.GetNestedType("Options")!)!;
        foreach ((string name, int value) in options)
        {
            // A size that nothing is constructed from is no option.
            record.GetType().GetProperty(CompiledPrograms.MemberName(name))?.SetValue(record, value);
        }

        _instance = type.GetConstructors(All).Single(c => c.GetParameters().Length == 2).Invoke([record, new Build(seed, CPU, ScalarType.Float64)]);
        State = (StateTable)type.GetProperty("State")!.GetValue(_instance)!;
        using var frozen = no_grad();
        Draws draws = Draws.Root(seed, CPU, ScalarType.Float64);
        foreach (StateTensor item in State.Learned)
        {
            using Tensor noise = draws.At(item.Name).Normal(item.Tensor.shape);
            using Tensor scaled = noise * 0.3;
            item.Tensor.copy_(scaled);
        }
    }

    public StateTable State { get; }

    public (Tensor Y, Tensor LogDet) Forward(params Tensor[] inputs) => ((Tensor, Tensor))Call(["Forward", "forward"], inputs);

    public Tensor Transform(params Tensor[] inputs) => (Tensor)Call(["Transform"], inputs);

    public (Tensor X, Tensor LogDet) Inverse(params Tensor[] inputs) => ((Tensor, Tensor))Call(["Inverse"], inputs);

    public Tensor Invert(params Tensor[] inputs) => (Tensor)Call(["Invert"], inputs);

    public void Dispose()
    {
        foreach (StateTensor item in State)
        {
            item.Tensor.Dispose();
        }
    }

    // The form with a mode where there is one: what is tested is evaluation.
    private object Call(IReadOnlyList<string> names, Tensor[] inputs)
    {
        MethodInfo method = _instance.GetType().GetMethods(All)
            .Where(m => names.Contains(m.Name) && m.DeclaringType == _instance.GetType() && m.GetParameters().Count(p => p.ParameterType == typeof(Tensor)) == inputs.Length)
            .OrderByDescending(m => m.GetParameters().Length).First();
        object[] modes = [.. method.GetParameters().Skip(inputs.Length).Select(p => p.ParameterType == typeof(Mode) ? (object)Mode.Evaluate : throw new InvalidOperationException(p.ToString()))];
        try
        {
            return method.Invoke(_instance, [.. inputs, .. modes])!;
        }
        catch (TargetInvocationException error)
        {
            throw new InvalidOperationException($"{_instance.GetType().FullName}.{method.Name}: {error.InnerException}", error.InnerException);
        }
    }
}
