using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>State tensors in the order they were made, by unique names.</summary>
public sealed class StateTable : IReadOnlyList<StateTensor>
{
    private readonly List<StateTensor> _items = [];
    private readonly Dictionary<string, StateTensor> _byName = new(StringComparer.Ordinal);

    /// <summary>Creates an empty table.</summary>
    public StateTable()
    {
    }

    /// <summary>Creates a table of the given tensors.</summary>
    public StateTable(IEnumerable<StateTensor> items)
    {
        foreach (var item in items)
        {
            Add(item);
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <summary>Where the tensors of the net live, also where it has none.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>The type of real tensors of the net, also where it has none.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

    /// <summary>The tensors that optimizers move, in order.</summary>
    public IReadOnlyList<StateTensor> Learned => _items.Where(item => item.IsLearned).ToArray();

    /// <summary>The tensors that optimizers move, of one part.</summary>
    /// <param name="part">Its name, for example <c>prior</c>, which <c>prior.conv1.weight</c> lies in; empty for all. <c>block.*.conv1</c> is that of all rounds.</param>
    /// <param name="except">Names of parts that are left out.</param>
    public IReadOnlyList<StateTensor> LearnedIn(string part, params string[] except) =>
        _items.Where(item => item.IsLearned && IsIn(item.Name, part) && !except.Any(other => IsIn(item.Name, other))).ToArray();

    /// <summary>The tensors of several lists, each once.</summary>
    public static IReadOnlyList<StateTensor> Union(params IReadOnlyList<StateTensor>[] lists) => lists.SelectMany(list => list).DistinctBy(item => item.Path).ToArray();

    /// <summary>The sum of the squared differences of the learned numbers of two nets alike; a single number with gradient.</summary>
    /// <exception cref="GenDslException">The nets are not alike.</exception>
    public static Tensor SquaredDistance(StateTable a, StateTable b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var sum = zeros([], a.Type, a.Device);
        foreach (var item in a.Learned)
        {
            using var difference = item.Tensor.sub(b[item.Name].Tensor);
            using var squares = difference.square();
            sum = Layers.Accumulate(sum, squares.sum());
        }

        return sum;
    }

    /// <summary>
    /// The sum over all kernels of the squares of the products of different filters, ||W W^T o (1 - I)||^2 with a filter, all weights of an output
    /// feature, in each row of W: 0 where filters are orthogonal, whatever their norms (Brock et al. 2019, arXiv:1809.11096). A single number
    /// with gradient. Embeddings, gains and biases do not count.
    /// </summary>
    public static Tensor OffDiagonalGram(StateTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var sum = zeros([], table.Type, table.Device);
        foreach (var item in table._items.Where(item => item.Role == StateRole.Kernel && item.Tensor.dim() > 1))
        {
            using var turned = item.Tensor.transpose(0, item.OutputAxis);
            using var filters = turned.reshape(turned.size(0), -1);
            using var transposed = filters.t();
            using var gram = filters.mm(transposed);
            using var above = gram.triu(1);
            using var squares = above.square();
            using var half = squares.sum();
            sum = Layers.Accumulate(sum, half.mul(Held.Scalar(2)));
        }

        return sum;
    }

    /// <summary>What a call computes with the learned tensors as constants: gradient passes to what the net is applied to, and none to it.</summary>
    /// <param name="call">The call.</param>
    public T AsConstant<T>(Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Tensor[] learned = [.. _items.Where(item => item.IsLearned && item.Tensor.requires_grad).Select(item => item.Tensor)];
        try
        {
            Array.ForEach(learned, tensor => tensor.requires_grad = false);
            return call();
        }
        finally
        {
            Array.ForEach(learned, tensor => tensor.requires_grad = true);
        }
    }

    // What follows a weight is of the same weight there, so that it comes along.
    internal void CopyFrom(StateTable from)
    {
        if (from.Count != Count || _items.Find(item => !from.TryGet(item.Name, out var other) || !other.Tensor.shape.AsSpan().SequenceEqual(item.Tensor.shape)) is not null)
        {
            throw new GenDslException("The weights of a net were to become those of another one that is not alike. Give both the same hyperparameters.");
        }

        using var frozen = no_grad();
        foreach (var item in _items)
        {
            item.Tensor.copy_(from[item.Name].Tensor);
        }
    }

    /// <summary>The number of learned numbers.</summary>
    public long LearnedSize => _items.Where(item => item.IsLearned).Sum(item => item.Tensor.numel());

    /// <inheritdoc/>
    public StateTensor this[int index] => _items[index];

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="GenDslException">There is none.</exception>
    public StateTensor this[string name] =>
        TryGet(name, out var item) ? item : throw new GenDslException($"There is no state tensor named '{name}'.");

    /// <summary>Finds a tensor by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StateTensor? item) => _byName.TryGetValue(name, out item);

    /// <inheritdoc/>
    public IEnumerator<StateTensor> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsIn(string name, string part)
    {
        if (part.Length == 0)
        {
            return true;
        }

        var (names, parts) = (name.Split('.'), part.Split('.'));
        return parts.Length <= names.Length && parts.Zip(names).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    internal void Add(StateTensor item)
    {
        if (!_byName.TryAdd(item.Name, item))
        {
            throw new GenDslException($"Two state tensors are named '{item.Name}'. Give the nets or layers that own them different names.");
        }

        _items.Add(item);
    }
}
