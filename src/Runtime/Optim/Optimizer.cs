using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Moves a fixed set of learned tensors against gradients, in one fused native call per step.</summary>
public abstract class Optimizer : IDisposable, IStateful
{
    private readonly Tensor[] _tensors;
    private readonly PowerIteration?[] _powers;
    private readonly (int[] Indices, Scalar Decay)[] _groups;
    private readonly List<Tensor[]> _moments = [];
    private (double Number, Scalar Scalar)? _rate;
    private bool _disposed;

    private protected Optimizer(string name, IReadOnlyList<StateTensor> parameters, double decay)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        if (parameters.Count == 0)
        {
            throw new GenDslException($"Optimizer '{name}' has nothing to move: its nets have no learned tensors.");
        }

        if (parameters.FirstOrDefault(parameter => !parameter.IsLearned) is { } still)
        {
            throw new GenDslException($"Optimizer '{name}' cannot move '{still.Path}': it is a {still.Role}, not a learned tensor.");
        }

        if (parameters.GroupBy(parameter => parameter.Path).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new GenDslException($"Optimizer '{name}' is given '{twice.Key}' twice. List each net once.");
        }

        Name = name;
        Parameters = parameters;
        _tensors = parameters.Select(parameter => parameter.Tensor).ToArray();
        _powers = parameters.Select(parameter => parameter.Power).ToArray();
        _groups = Groups(parameters, decay);
    }

    /// <summary>The optimizer's name; its state is named after it.</summary>
    public string Name { get; }

    /// <summary>The tensors it moves.</summary>
    public IReadOnlyList<StateTensor> Parameters { get; }

    /// <summary>Its moments and step counters: <c>name.exp_avg.G.conv1.weight</c>.</summary>
    public StateTable State { get; } = new();

    /// <summary>One step against the gradient of <paramref name="objective"/>. Parameters that it does not reach are left alone, by decay too.</summary>
    /// <param name="objective">One number.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="clip">The largest joint norm of the gradients; longer ones are scaled down. 0 for no limit.</param>
    /// <param name="clipValue">The largest magnitude of each number of the gradients, applied before <paramref name="clip"/>. 0 for no limit.</param>
    /// <param name="keepGraph">Whether a later objective runs through a part of this one's graph, which is otherwise freed.</param>
    /// <exception cref="GenDslException">The objective is not one number, or depends on no parameter; the learning rate or a limit is negative.</exception>
    public void Minimize(Tensor objective, double learningRate, double clip = 0, double clipValue = 0, bool keepGraph = false)
    {
        CheckRate(learningRate);
        if (clip == 0 && clipValue == 0 && _groups.Length == 1 && MinimizeAtOnce(objective, learningRate, keepGraph) is { } rest)
        {
            if (rest.Length > 0)
            {
                Step(Gradients.Spread(rest), learningRate);
            }
            else
            {
                Array.ForEach(_powers, power => power?.Advance());
            }

            return;
        }

        CheckLimits(clip, clipValue);
        var gradients = Differentiate(objective, _tensors, Name, keepGraph);
        Limit(gradients, clip, clipValue);
        Step(gradients, learningRate);
    }

    private static void Limit(Tensor?[] gradients, double clip, double clipValue)
    {
        if (clipValue > 0)
        {
            Gradients.ClipValue(gradients, clipValue);
        }

        if (clip > 0)
        {
            Gradients.ClipNorm(gradients, clip);
        }
    }

    /// <summary>One step of several moves against the gradients of one objective, found together; its graph is freed.</summary>
    /// <param name="objective">One number.</param>
    /// <param name="players">The moves at the numbers of the step; no tensor under two of them.</param>
    /// <exception cref="GenDslException">The objective is not one number, or depends on no parameter; a limit is negative.</exception>
    public static void Minimize(Tensor objective, params Player[] players) => Minimize(objective, false, players);

    /// <summary>One step of several moves against the gradients of one objective, found together.</summary>
    /// <param name="objective">One number.</param>
    /// <param name="keepGraph">Whether a later objective runs through a part of this one's graph, which is otherwise freed.</param>
    /// <param name="players">The moves at the numbers of the step; no tensor under two of them.</param>
    /// <exception cref="GenDslException">The objective is not one number, or depends on no parameter; a limit is negative.</exception>
    public static void Minimize(Tensor objective, bool keepGraph, params Player[] players)
    {
        ArgumentNullException.ThrowIfNull(players);
        Check(players);
        var at = players.SelectMany(player => player.Move.Indices.Select(index => player.Move.Optimizer._tensors[index])).ToArray();
        Step(Differentiate(objective, at, string.Join("', '", players.Select(player => player.Move.Optimizer.Name)), keepGraph), players);
    }

    /// <summary>One step of several moves against given gradients, which it takes over and disposes.</summary>
    /// <param name="gradients">Those of the moves, one after the other; null where there is none.</param>
    /// <param name="players">The moves at the numbers of the step, whose numbers <see cref="Check"/> has seen.</param>
    internal static void Step(Tensor?[] gradients, params Player[] players)
    {
        var start = 0;
        foreach (var (move, rate, clip, clipValue) in players)
        {
            var own = gradients[start..(start + move.Indices.Length)];
            start += move.Indices.Length;
            Limit(own, clip, clipValue);
            var all = new Tensor?[move.Optimizer._tensors.Length];
            for (var i = 0; i < own.Length; i++)
            {
                all[move.Indices[i]] = own[i];
            }

            move.Optimizer.Step(all, rate, move.Scales);
        }
    }

    /// <summary>One step against given gradients, which it takes over and disposes.</summary>
    /// <param name="gradients">One per parameter, contiguous, of the parameter's shape; null where there is none.</param>
    /// <param name="learningRate">The step size.</param>
    public void Step(Tensor?[] gradients, double learningRate) => Step(gradients, learningRate, null);

    private void Step(Tensor?[] gradients, double learningRate, IReadOnlyList<double>? scales)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (gradients.Length != _tensors.Length)
        {
            throw new ArgumentException($"Optimizer '{Name}' moves {_tensors.Length} tensors but got {gradients.Length} gradients.", nameof(gradients));
        }

        using (no_grad())
        {
            Count(gradients);
            foreach (var (indices, decay) in _groups)
            {
                var live = Array.FindAll(indices, index => gradients[index] is not null);
                foreach (var group in live.GroupBy(index => scales?[index] ?? 1))
                {
                    using Scalar rate = learningRate * group.Key;
                    var own = group.ToArray();
                    Update(own, Select(_tensors, own), Select(gradients, own)!, rate, decay);
                }
            }

            for (var i = 0; i < gradients.Length; i++)
            {
                if (gradients[i] is not null)
                {
                    _powers[i]?.Advance();
                }
            }
        }

        foreach (var gradient in gradients)
        {
            gradient?.Dispose();
        }
    }

    /// <summary>Begins anew: no moments, no steps.</summary>
    /// <param name="net">The tensors that it forgets; all of its own if null.</param>
    public void Forget(StateTable? net = null)
    {
        HashSet<string>? paths = net?.Select(item => item.Path).ToHashSet(StringComparer.Ordinal);
        using var frozen = no_grad();
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (paths?.Contains(Parameters[i].Path) ?? true)
            {
                Forget(i);
            }
        }
    }

    private protected virtual void Forget(int index)
    {
        foreach (var moments in _moments)
        {
            moments[index].fill_(Held.Scalar(0));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _rate?.Scalar.Dispose();
        foreach (var item in State)
        {
            item.Tensor.Dispose();
        }

        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what is not in <see cref="State"/>.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    private protected virtual void Count(Tensor?[] gradients)
    {
    }

    /// <summary>Gradients and step in one native call: null where the optimizer has none, empty where it was done, the gradients where some parameter was not reached.</summary>
    private protected virtual Tensor[]? MinimizeAtOnce(Tensor objective, Tensor[] parameters, Scalar rate, Scalar decay, bool keepGraph) => null;

    private Tensor[]? MinimizeAtOnce(Tensor objective, double learningRate, bool keepGraph)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            Gradients.Check(objective);
            using var frozen = no_grad();
            return MinimizeAtOnce(objective, _tensors, Rate(learningRate), _groups[0].Decay, keepGraph);
        }
        catch (System.Runtime.InteropServices.ExternalException error)
        {
            throw new GenDslException($"Optimizer '{Name}': the gradient of the objective cannot be computed: " + NativeMessage.Of(error), error);
        }
        catch (GenDslException error)
        {
            throw new GenDslException($"Optimizer '{Name}': {error.Message}", error);
        }
    }

    // Without a schedule it is the same in all steps.
    private Scalar Rate(double learningRate)
    {
        if (_rate is null || learningRate != _rate.Value.Number)
        {
            _rate?.Scalar.Dispose();
            _rate = (learningRate, learningRate);
        }

        return _rate.Value.Scalar;
    }

    // A number that a hyperparameter gives is known only now. Before there are gradients, which an error would leave behind.
    private void CheckLimits(double clip, double clipValue)
    {
        CheckLimit(nameof(clip), clip);
        CheckLimit("clip_value", clipValue);
    }

    internal static void Check(Player[] players) => Array.ForEach(players, player =>
    {
        player.Move.Optimizer.CheckRate(player.LearningRate);
        player.Move.Optimizer.CheckLimits(player.Clip, player.ClipValue);
    });

    private void CheckRate(double learningRate)
    {
        if (!(learningRate >= 0))
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"Optimizer '{Name}': the learning rate must be 0 or above, but it is {learningRate}."));
        }
    }

    private void CheckLimit(string name, double limit)
    {
        if (!(limit >= 0))
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"Optimizer '{Name}': '{name}' must be above 0, or 0 for no limit, but it is {limit}."));
        }
    }

    private protected abstract void Update(int[] live, Tensor[] parameters, Tensor[] gradients, Scalar rate, Scalar decay);

    private protected Tensor[] Moments(string kind)
    {
        _moments.Add([.. Parameters.Select(parameter =>
        {
            var moment = zeros_like(parameter.Tensor, requires_grad: false).DetachFromDisposeScope();
            State.Add(new StateTensor($"{Name}.{kind}.{parameter.Path}", moment, StateRole.Moment));
            return moment;
        })]);
        return _moments[^1];
    }

    private protected static Tensor[] Select(Tensor?[] from, int[] indices) => Array.ConvertAll(indices, index => from[index]!);

    internal static Tensor?[] Differentiate(Tensor objective, Tensor[] at, string name, bool keepGraph = false)
    {
        try
        {
            return Gradients.Of(objective, at, keepGraph);
        }
        catch (GenDslException error)
        {
            throw new GenDslException($"Optimizer '{name}': {error.Message}", error);
        }
    }

    private static (int[] Indices, Scalar Decay)[] Groups(IReadOnlyList<StateTensor> parameters, double decay)
    {
        var all = Enumerable.Range(0, parameters.Count).ToArray();
        if (decay == 0)
        {
            return [(all, Held.Scalar(0))];
        }

        return
        [
            (Array.FindAll(all, index => parameters[index].Role == StateRole.Kernel), Held.Scalar(decay)),
            (Array.FindAll(all, index => parameters[index].Role != StateRole.Kernel), Held.Scalar(0)),
        ];
    }
}
