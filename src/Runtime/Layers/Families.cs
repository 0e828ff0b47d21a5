using System;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Families: several tensors of one shape, owned together.</summary>
public static class Families
{
    /// <summary>Frees all tensors of a family. A part that nothing reads may never have been computed; its place is empty.</summary>
    public static void Dispose(this Tensor?[] family)
    {
        ArgumentNullException.ThrowIfNull(family);
        foreach (var tensor in family)
        {
            tensor?.Dispose();
        }
    }

    /// <summary>A family of second handles to the same numbers, owned by the caller.</summary>
    public static Tensor[] Alias(this Tensor[] family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return Array.ConvertAll(family, tensor => tensor.alias());
    }

    /// <summary>Second handles to the tensors <paramref name="from"/> to <paramref name="to"/> - 1, owned by the caller.</summary>
    public static Tensor[] Slice(this Tensor[] family, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(family);
        return family[from..to].Select(tensor => tensor.alias()).ToArray();
    }
}
