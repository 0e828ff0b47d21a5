using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The pass before the first step, on this thread: it knows which layers have been set from the data already.</summary>
internal sealed class InitialPass : IDisposable
{
    [ThreadStatic]
    private static InitialPass? s_running;

    private readonly HashSet<Tensor> _done = new(ReferenceEqualityComparer.Instance);
    private readonly InitialPass? _outer = s_running;

    private InitialPass() => s_running = this;

    /// <summary>True while it runs.</summary>
    public static bool IsActive => s_running is not null;

    /// <summary>Begins the pass; disposing it ends it.</summary>
    public static InitialPass Begin() => new();

    /// <summary>True the first time it is asked about a parameter in this pass.</summary>
    public static bool IsFirst(Tensor parameter) =>
        (s_running ?? throw new InvalidOperationException("Layers start from data in the pass before a trainer's first step only.")).Add(parameter);

    public void Dispose() => s_running = _outer;

    private bool Add(Tensor parameter) => _done.Add(parameter);
}
