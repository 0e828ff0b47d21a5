using System.Collections.Concurrent;
using TorchSharp;

namespace GenDsl.Runtime;

/// <summary>
/// Scalars that live as long as the process. Native calls take the handle of a Scalar, and a temporary one may be finalized before
/// the call reads it; only a program's constants belong here. Also <c>a.add(b)</c> makes one, the factor of b: of 2.6 million such calls beside a
/// busy collector 27 failed, of 4.3 million with a held factor none.
/// </summary>
internal static class Held
{
    private static readonly ConcurrentDictionary<double, Scalar> Scalars = new();

    private static readonly ConcurrentDictionary<long, Scalar> Wholes = new();

    /// <summary>An integer: what tensors of integers are added with.</summary>
    public static Scalar Whole(long value) => Wholes.GetOrAdd(value, static constant => constant);

    public static Scalar Scalar(double value) => Scalars.GetOrAdd(value, static constant => constant);
}
