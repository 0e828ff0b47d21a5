using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Runs a generated net or model forward and backward and holds it to what the checker inferred.</summary>
internal sealed class ModuleTrial(CompiledPrograms programs, string program, IrModule module, Random random)
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Runs every function of the module once with sizes of its own.</summary>
    /// <param name="defaults">Whether hyperparameters keep their defaults.</param>
    /// <param name="feeding">What the functions are fed.</param>
    /// <exception cref="UnsoundException">Something is not as promised.</exception>
    public void Run(bool defaults, Feeding feeding)
    {
        (string Method, IrFunction Function)[] functions = [.. Functions()];
        SizeValues sizes = SizeValues.Of(module, functions.Select(f => f.Function), random, defaults);
        try
        {
            object instance = Construct(sizes);
            var state = (StateTable)instance.GetType().GetProperty("State")!.GetValue(instance)!;
            try
            {
                foreach ((string method, IrFunction function) in functions)
                {
                    foreach (Mode? mode in module.UsesMode ? [Mode.Evaluate, Mode.Train, Mode.Learn, Mode.Evaluate] : new Mode?[] { null })
                    {
                        Run(instance, state, method, function, sizes, mode, feeding);
                    }
                }
            }
            finally
            {
                foreach (StateTensor item in state)
                {
                    item.Tensor.Dispose();
                }
            }
        }
        catch (TargetInvocationException error)
        {
            throw new UnsoundException($"{module.Name} with {sizes}: {error.InnerException!.GetType().Name}: {error.InnerException.Message}", error);
        }
        catch (UnsoundException error)
        {
            throw new UnsoundException($"{module.Name} with {sizes}: {error.Message}", error);
        }
    }

    private IEnumerable<(string Method, IrFunction Function)> Functions()
    {
        switch (module)
        {
            case IrNet { Forward: { } forward }:
                yield return (module.UsesMode ? "Forward" : "forward", forward);
                break;
            case IrModel model:
                foreach ((string name, IrFunction? function) in new[] { ("LogProbOf", model.LogProb), ("ElboOf", model.Elbo), ("LossOf", model.Loss), ("DrawOf", model.Draw) })
                {
                    if (function is not null)
                    {
                        yield return (name, function);
                    }
                }

                break;
        }
    }

    private object Construct(SizeValues sizes)
    {
        Type type = programs.Find(program, module.Name);
        Type record = type.GetNestedType("Options")!;
        object options = Activator.CreateInstance(record)!;
        foreach ((string name, object value) in sizes.Hyperparameters)
        {
            Set(options, name, value);
        }

        foreach (DimVariable size in module.FixedSizes)
        {
            Set(options, size.Name, sizes.Of(size));
        }

        Set(options, "seed", (ulong)random.Next(1000));
        return Activator.CreateInstance(type, options)!;
    }

    private static void Set(object options, string name, object value) => options.GetType().GetProperty(CompiledPrograms.MemberName(name))!.SetValue(options, value);

    private void Run(object instance, StateTable state, string method, IrFunction function, SizeValues sizes, Mode? mode, Feeding feeding)
    {
        long rows = random.Next(1, 6);

        // Statistics of a single number per channel are undefined; the language knows no least batch.
        rows = mode is { IsEvaluation: false, IsInitial: false } ? Math.Max(rows, 2) : rows;
        MethodInfo call = instance.GetType().GetMethods(All).Single(m => m.Name == method && m.GetParameters().All(p => !p.ParameterType.Name.Contains("Space", StringComparison.Ordinal) && p.ParameterType != typeof(KeptWeights)));
        bool draws = method == "DrawOf";
        object[] given = [.. function.Parameters.Select(p => Given(p, sizes, rows, feeding))];
        Tensor[] inputs = [.. given.SelectMany(Tensors)];
        TensorType[] types = [.. function.Results.SelectMany(r => Enumerable.Repeat(r.Type, r.Type.Members is { } members ? (int)sizes.Of(members) : 1))];
        var drawSizes = new Queue<DimVariable>(module is IrModel model ? model.DrawSizes : []);
        object?[] arguments = [.. call.GetParameters().Select((p, i) =>
            i < given.Length ? given[i]
            : p.ParameterType == typeof(long) ? (p.Name == "count" ? rows : (long)sizes.Of(drawSizes.Dequeue()))
            : p.ParameterType == typeof(Mode) ? mode
            : p.ParameterType == typeof(double) ? 1.0
            : (object)Draws.Root((ulong)random.Next(100), CPU))];
        (Tensor[] Results, long Left) Call()
        {
            long before = Tensor.TotalCount;
            using (draws ? no_grad() : null)
            {
                Tensor[] results = Results(call.Invoke(instance, arguments)!);
                return (results, Tensor.TotalCount - before - results.Length);
            }
        }

        string what = $"{method}{(mode is null ? "" : $" in {mode}")} on {rows} rows, {feeding}";
        try
        {
            (Tensor[] results, long left) = Call();
            try
            {
                // Finalizers of what a failed trial left behind may run meanwhile and lower the count.
                if (left > 0)
                {
                    throw new UnsoundException($"{what}: {left} tensors are left behind.");
                }

                if (results.Length != types.Length)
                {
                    throw new UnsoundException($"{what}: {results.Length} tensors come back, not {types.Length}.");
                }

                for (int i = 0; i < results.Length; i++)
                {
                    TensorType type = types[i];
                    TestTensors.Check(results.Length > 1 ? $"{what}, result {i + 1}" : what, results[i], type, sizes.Of(type.Shape), rows, feeding);
                }

                if (!draws)
                {
                    Backward(what, function, sizes, inputs, state, results, feeding);
                }
            }
            finally
            {
                foreach (Tensor result in results)
                {
                    result.Dispose();
                }
            }

            if (state.FirstOrDefault(s => !Finite(s.Tensor)) is { } broken)
            {
                throw new UnsoundException($"{what}: the state '{broken.Name}' is not finite.");
            }
        }
        catch (TargetInvocationException error)
        {
            throw new UnsoundException($"{what}: {error.InnerException!.GetType().Name}: {error.InnerException.Message}", error);
        }
        catch (GenDslException error)
        {
            throw new UnsoundException($"{what}: {error.Message}", error);
        }
        finally
        {
            foreach (Tensor input in inputs)
            {
                input.Dispose();
            }
        }
    }

    private object Given(IrValue parameter, SizeValues sizes, long rows, Feeding feeding) => parameter.Type.Members is { } members
        ? Enumerable.Range(0, (int)sizes.Of(members)).Select(_ => Input(parameter, sizes, rows, feeding)).ToArray()
        : Input(parameter, sizes, rows, feeding);

    private static Tensor[] Tensors(object value) => value as Tensor[] ?? [(Tensor)value];

    private Tensor Input(IrValue parameter, SizeValues sizes, long rows, Feeding feeding)
    {
        // A count that is a name is a number by now.
        TensorType type = parameter.Type.Element == Element.Discrete ? parameter.Type with { Range = new Interval(0, sizes.Of(parameter.Type.Count) - 1) } : parameter.Type;
        Tensor input = TestTensors.Of(type, sizes.Of(parameter.Type.Shape), rows, random, feeding);
        return parameter.Type.Element == Element.Real ? input.requires_grad_() : input;
    }

    private static Tensor[] Results(object returned) =>
        returned is ITuple tuple ? [.. Enumerable.Range(0, tuple.Length).SelectMany(i => Tensors(tuple[i]!))] : Tensors(returned);

    // One result at a time, so that each is held to its own reach.
    private static void Backward(string what, IrFunction function, SizeValues sizes, Tensor[] inputs, StateTable state, Tensor[] results, Feeding feeding)
    {
        ImmutableArray<ImmutableHashSet<string>> reach = Reach.Of(function, sizes);
        (string Name, Tensor Tensor)[] at =
        [
            .. inputs.Select((t, i) => ("#" + i.ToString(System.Globalization.CultureInfo.InvariantCulture), t)).Where(t => t.t.requires_grad),
            .. state.Learned.Select(s => (s.Name, s.Tensor)),
        ];
        for (int i = 0; i < results.Length; i++)
        {
            HashSet<string> expected = [.. at.Select(a => a.Name).Where(name => Reach.Holds(reach[i], name))];
            if (results[i].requires_grad != expected.Count > 0)
            {
                throw new UnsoundException($"{what}: result {i + 1} {(expected.Count > 0 ? "carries no gradient" : "carries gradient")}, although it reaches [{string.Join(", ", expected)}].");
            }

            if (expected.Count == 0)
            {
                continue;
            }

            using Tensor sum = results[i].sum();
            Tensor?[] gradients = Gradients.Of(sum, [.. at.Select(a => a.Tensor)], keepGraph: true);
            for (int g = 0; g < gradients.Length; g++)
            {
                using Tensor? gradient = gradients[g];
                if (gradient is null == expected.Contains(at[g].Name))
                {
                    throw new UnsoundException($"{what}: '{at[g].Name}' has {(gradient is null ? "no" : "a")} gradient.");
                }

                // Far out, exponentials of exponentials overflow, which the language does not exclude.
                if (feeding == Feeding.Random && gradient is not null && !Finite(gradient))
                {
                    throw new UnsoundException($"{what}: the gradient of '{at[g].Name}' is not finite.");
                }
            }
        }
    }

    private static bool Finite(Tensor tensor)
    {
        using Tensor finite = tensor.isfinite();
        using Tensor all = finite.all();
        return all.ToBoolean();
    }
}
