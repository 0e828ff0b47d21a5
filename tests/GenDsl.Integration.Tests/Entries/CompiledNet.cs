using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using GenDsl.Dsl;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>The last net of a program, compiled, loaded and constructed in f64.</summary>
internal sealed class CompiledNet
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly object _instance;

    public CompiledNet(string text, params (string Name, object Value)[] options)
        : this(text, CatalogueTable.Standard, options)
    {
    }

    public CompiledNet(string text, CatalogueTable catalogue, params (string Name, object Value)[] options)
    {
        CheckedFile file = GenCompiler.Check(new GenSource("entry", text), catalogue);
        Assert.Empty(file.Diagnostics.Select(d => d.ToString()));
        CompiledPrograms programs = CompiledPrograms.Of([file]);
        Assert.Empty(programs.Failures.Values);
        Ir = file.Ir.Modules.OfType<IrNet>().Last();
        Type type = programs.Find("entry", Ir.Name);
        object record = Activator.CreateInstance(type.GetNestedType("Options")!)!;
        foreach ((string name, object value) in options)
        {
            record.GetType().GetProperty(CompiledPrograms.MemberName(name))!.SetValue(record, value);
        }

        ConstructorInfo constructor = type.GetConstructors(All).Single(c => c.GetParameters().Length == 2);
        _instance = constructor.Invoke([record, new Build(1, CPU, ScalarType.Float64)]);
        State = (StateTable)type.GetProperty("State")!.GetValue(_instance)!;
    }

    public IrNet Ir { get; }

    public StateTable State { get; }

    /// <summary>The catalogue's entry that the body ends with.</summary>
    public CatalogOp Op => Ir.Forward!.Body.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>().Last();

    /// <summary>A forward pass.</summary>
    public Tensor Run(params Tensor[] inputs) => RunAll(inputs)[0];

    /// <summary>A forward pass of a net with several results.</summary>
    public Tensor[] RunAll(params Tensor[] inputs)
    {
        MethodInfo forward = _instance.GetType().GetMethods(All).Single(m => m.Name == "forward" && m.GetParameters().All(p => p.ParameterType == typeof(Tensor)));
        return Results(forward.Invoke(_instance, [.. inputs])!);
    }

    /// <summary>A forward pass of a net that draws.</summary>
    public Tensor[] RunAll(Mode mode, Draws draws, params Tensor[] inputs) =>
        Results(_instance.GetType().GetMethods(All).Single(m => m.Name == "Forward").Invoke(_instance, [.. inputs, mode, draws])!);

    private static Tensor[] Results(object result)
    {
        return result is ITuple tuple ? [.. Enumerable.Range(0, tuple.Length).Select(i => (Tensor)tuple[i]!)] : [(Tensor)result];
    }

    /// <summary>A state tensor's numbers, in row-major order.</summary>
    public double[] Numbers(string name) => Numbers(State[name].Tensor);

    /// <summary>A tensor's numbers as f64, in row-major order.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using Tensor detached = tensor.detach();
        using Tensor real = detached.to(ScalarType.Float64);
        using Tensor flat = real.flatten();
        using Tensor dense = flat.contiguous();
        return dense.data<double>().ToArray();
    }

    /// <summary>Standard normal numbers in f64.</summary>
    public static Tensor Normal(params long[] shape) => Draws.Root(3, CPU, ScalarType.Float64).At("x").Normal(shape);
}
