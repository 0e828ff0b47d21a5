using TorchSharp;

namespace GenDsl.Benchmarks.Twins;

/// <summary>Constants held for the life of the process: a temporary Scalar costs an allocation and a finalizer.</summary>
internal static class Scalars
{
    public static Scalar One { get; } = 1;

    public static Scalar Two { get; } = 2;

    public static Scalar Zero { get; } = 0;

    public static Scalar Half { get; } = 0.5;

    public static Scalar MinusOne { get; } = -1;
}
