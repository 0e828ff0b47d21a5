using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.ExceptionServices;
using GenDsl.Dsl;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>A generated model with latents in f64, through the methods that trainers call.</summary>
internal sealed class LatentModel : IDisposable
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly object _model;

    public LatentModel(Type type, double spread = 0.4)
    {
        _model = Activator.CreateInstance(type, Any, null, [Activator.CreateInstance(type.GetNestedType("Options")!)!, new Build(3, CPU, ScalarType.Float64)], null)!;
        State = (StateTable)type.GetProperty("State")!.GetValue(_model)!;
        using var frozen = no_grad();
        foreach (StateTensor item in State.Learned)
        {
            using Tensor noise = Draws.Root(7, CPU, ScalarType.Float64).At(item.Path).Normal(item.Tensor.shape);
            using Tensor scaled = noise * spread;
            item.Tensor.copy_(scaled);
        }
    }

    public StateTable State { get; }

    /// <summary>Programs that are compiled, or the first thing that is wrong with them.</summary>
    public static CompiledPrograms Compile(string name, string text)
    {
        CheckedFile file = ProgramTrial.Check(name, text);
        Assert.False(file.HasErrors, string.Join("\n", file.Diagnostics));
        CompiledPrograms programs = CompiledPrograms.Of([file]);
        Assert.Empty(programs.Failures.Values);
        return programs;
    }

    /// <summary>A parameter by its path.</summary>
    public Tensor Weight(string path) => State.Single(item => item.Path == path || item.Name == path).Tensor;

    /// <summary>A query of each row of data: tensors, then a number of draws for those that take one.</summary>
    public Tensor Ask(string query, Tensor x, long? k = null, ulong seed = 1, Mode mode = default, params Tensor[] conditions) => (Tensor)Call(query, x, k, seed, mode, conditions);

    /// <summary>The same of a query with several results.</summary>
    public object Call(string query, Tensor? x, long? k, ulong seed, Mode mode, params Tensor[] conditions)
    {
        MethodInfo method = _model.GetType().GetMethods(Any).Single(m => m.Name == query + "Of");
        Queue<Tensor> tensors = new([.. x is null ? Array.Empty<Tensor>() : [x], .. conditions]);
        object[] arguments = [.. method.GetParameters().Select(p => p.ParameterType switch
        {
            { } type when type == typeof(Tensor) => (object)tensors.Dequeue(),
            { } type when type == typeof(Draws) => Draws.Root(seed, CPU, ScalarType.Float64),
            { } type when type == typeof(Mode) => mode,
            { } type when type == typeof(double) => 1.0,
            _ => k ?? throw new ArgumentNullException(nameof(k)),
        })];
        try
        {
            return method.Invoke(_model, arguments)!;
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Capture(error.InnerException!).Throw();
            throw;
        }
    }

    public void Dispose() => ((IDisposable)_model).Dispose();
}
