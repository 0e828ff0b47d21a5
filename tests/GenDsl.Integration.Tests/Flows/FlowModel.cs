using System;
using System.Linq;
using System.Reflection;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>A generated model of a flow in f64 with random parameters, through the methods that its public ones call.</summary>
internal sealed class FlowModel : IDisposable
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly object _model;

    private FlowModel(object model) => (_model, State) = (model, (StateTable)model.GetType().GetProperty("State")!.GetValue(model)!);

    public FlowModel(Type type, double spread)
    {
        _model = Activator.CreateInstance(type, Any, null, [Activator.CreateInstance(type.GetNestedType("Options")!)!, new Build(3, CPU, ScalarType.Float64)], null)!;
        State = (StateTable)type.GetProperty("State")!.GetValue(_model)!;
        using var frozen = no_grad();
        foreach (StateTensor item in State.Learned)
        {
            using Tensor noise = FlowTensors.Normal(item.Name, item.Tensor.shape);
            using Tensor scaled = noise * spread;
            item.Tensor.copy_(scaled);
        }
    }

    public StateTable State { get; }

    /// <summary>The log-probability of each sample, or a bound of it.</summary>
    public Tensor LogProb(Tensor x, ulong seed = 1) => Call(Has("LogProbOf") ? "LogProbOf" : "ElboOf", x, seed);

    public Tensor Loss(Tensor x, ulong seed = 1) => Call("LossOf", x, seed);

    public Tensor Draw(long count, ulong seed = 1)
    {
        using var frozen = no_grad();
        return Call("DrawOf", count, seed);
    }

    /// <summary>A draw at a temperature, by the public method or the one behind it.</summary>
    public Tensor DrawAt(string method, long count, double temperature, ulong seed = 1)
    {
        using var frozen = no_grad();
        object drawn = _model.GetType().GetMethods(Any).Single(m => m.Name == method).Invoke(_model, [count, Draws.Root(seed, CPU, ScalarType.Float64), temperature])!;
        return drawn as Tensor ?? (Tensor)drawn.GetType().GetProperty("Tensor")!.GetValue(drawn)!;
    }

    /// <summary>A draw for each row of a condition, with its log-probability.</summary>
    public (Tensor Drawn, Tensor LogProb) Propose(Tensor condition, Draws draws) =>
        ((Tensor, Tensor))_model.GetType().GetMethods(Any).Single(m => m.Name == "ProposeOf").Invoke(_model, [condition, condition.size(0), draws])!;

    /// <summary>A model inside of this one, which owns it.</summary>
    public FlowModel Child(string name) => new(_model.GetType().GetProperty(name)!.GetValue(_model)!);

    /// <summary>The log-probability given a condition.</summary>
    public Tensor LogProb(Tensor x, Tensor condition) => (Tensor)_model.GetType().GetMethods(Any).Single(m => m.Name == "LogProbOf").Invoke(_model, [x, condition])!;

    /// <summary>What a flow of the model makes of numbers: Transform or Invert, of the i-th where it is constructed in a loop.</summary>
    public Tensor Apply(string flow, string method, Tensor x, int i = -1)
    {
        object module = _model.GetType().GetProperty(flow)!.GetValue(_model)!;
        module = i < 0 ? module : ((Array)module).GetValue(i)!;
        return (Tensor)module.GetType().GetMethod(method, [typeof(Tensor)])!.Invoke(module, [x])!;
    }

    public void Dispose() => ((IDisposable)_model).Dispose();

    private bool Has(string method) => _model.GetType().GetMethods(Any).Any(m => m.Name == method);

    private Tensor Call(string name, object first, ulong seed)
    {
        MethodInfo method = _model.GetType().GetMethods(Any).Single(m => m.Name == name);
        object[] arguments = [first, .. method.GetParameters().Skip(1).Select(p => p.ParameterType == typeof(double) ? (object)1.0 : Draws.Root(seed, CPU, ScalarType.Float64))];
        return (Tensor)method.Invoke(_model, arguments)!;
    }
}
