using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Samplers;

/// <summary>A generated model that draws position by position, with small nets, through the methods that its public ones call.</summary>
internal sealed class SampledModel : IDisposable
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // Widths and depths by the names that models use.
    private static readonly Dictionary<string, int> Small = new(StringComparer.Ordinal)
    {
        ["Filters"] = 4, ["Hidden"] = 9, ["Blocks"] = 2, ["Depth"] = 2, ["Layers"] = 2, ["Channels"] = 4, ["SkipChannels"] = 5, ["Embedding"] = 4, ["Mixtures"] = 2,
    };

    private readonly object _model;
    private readonly Type _type;
    private readonly MethodInfo _draw;
    private readonly MethodInfo _parameters;
    private readonly ScalarType _real;

    /// <param name="type">The generated class.</param>
    /// <param name="real">f32 or f64.</param>
    /// <param name="length">The size of data whose size only the caller knows.</param>
    public SampledModel(Type type, ScalarType real, long length = 40)
    {
        (_type, _real, Length) = (type, real, length);
        Type options = type.GetNestedType("Options")!;
        object given = Activator.CreateInstance(options)!;
        foreach (PropertyInfo property in options.GetProperties().Where(p => Small.ContainsKey(p.Name)))
        {
            property.SetValue(given, Small[property.Name]);
        }

        _model = Activator.CreateInstance(type, Any, null, [given, new Build(3, CPU, real)], null)!;
        _draw = type.GetMethods(Any).Single(m => m.Name.StartsWith("Draw", StringComparison.Ordinal) && m.GetParameters().Any(p => p.Name == "known"));
        _parameters = type.GetMethods(Any).Single(m => m.Name.StartsWith("ParametersOf", StringComparison.Ordinal));
    }

    public long Length { get; }

    public StateTable State => (StateTable)_type.GetProperty("State")!.GetValue(_model)!;

    public static IEnumerable<Type> In(Assembly assembly) =>
        assembly.GetTypes().Where(t => t.GetProperty("Sampling") is not null && !t.Name.StartsWith("Paper", StringComparison.Ordinal)).OrderBy(t => t.FullName, StringComparer.Ordinal);

    /// <summary>Draws samples; conditions are classes in turn.</summary>
    public Tensor Draw(long count, SamplingOptions options, Tensor? given = null, long known = 0, ulong seed = 5)
    {
        _type.GetProperty("Sampling")!.SetValue(_model, options);
        using var scope = NewDisposeScope();
        object?[] arguments = [.. _draw.GetParameters().Select(p => p switch
        {
            { Name: "count" } => count,
            { Name: "known" } => known,
            { Name: "given" } => (object?)given,
            { ParameterType: { } t } when t == typeof(Draws) => Draws.Root(seed, CPU, _real),
            { ParameterType: { } t } when t == typeof(Tensor) => Classes(count),
            _ => Length,
        })];
        return ((Tensor)_draw.Invoke(_model, arguments)!).MoveToOuterDisposeScope();
    }

    /// <summary>Places that are drawn one after the other: sites, each with all its channels; the variables of data with one axis.</summary>
    public static long Positions(Tensor samples) => samples.dim() > 2 ? samples.shape[2..].Aggregate(1L, (product, size) => product * size) : samples.shape[^1];

    /// <summary>Samples as real numbers in the order and shape in which they are drawn.</summary>
    public Tensor Root(Tensor drawn)
    {
        MethodInfo? chart = _type.GetMethods(Any).SingleOrDefault(m => m.Name.StartsWith("RootOf", StringComparison.Ordinal));
        object?[] sizes = [.. (chart?.GetParameters() ?? []).Skip(1).Select(_ => (object)Length)];
        using var root = chart is null ? drawn.alias() : (Tensor)chart.Invoke(_model, [drawn, .. sizes])!;
        return root.to(_real, copy: true);
    }

    /// <summary>The law's parameters at all positions, from numbers of the root's shape.</summary>
    public Tensor[] Parameters(Tensor root)
    {
        using var frozen = no_grad();
        using var classes = Classes(root.size(0));
        object?[] arguments = [.. _parameters.GetParameters().Select((p, i) => i == 0 ? root : p.ParameterType == typeof(Tensor) ? classes : (object?)Length)];
        return (Tensor[])_parameters.Invoke(_model, arguments)!;
    }

    /// <summary>The log-probability of each sample, all under one class where there is a condition.</summary>
    public Tensor LogProb(Tensor x, long condition) => Query("LogProbOf", x, condition);

    /// <summary>What training minimises, for each sample, out of training.</summary>
    public Tensor Loss(Tensor x, long condition) => Query("LossOf", x, condition);

    private Tensor Query(string name, Tensor x, long condition)
    {
        using var frozen = no_grad();
        using var classes = full(x.size(0), condition, ScalarType.Int64);
        MethodInfo method = _type.GetMethods(Any).Single(m => m.Name == name);
        object?[] arguments = [.. method.GetParameters().Select((p, i) =>
            i == 0 ? x
            : p.ParameterType == typeof(Tensor) ? classes
            : p.ParameterType == typeof(Draws) ? Draws.Root(1, CPU, _real)
            : (object)Mode.Evaluate)];
        return (Tensor)method.Invoke(_model, arguments)!;
    }

    public void Dispose() => ((IDisposable)_model).Dispose();

    private static Tensor Classes(long count) => tensor(Enumerable.Range(0, (int)count).Select(i => (long)((i * 7) + 3) % 10).ToArray());
}
