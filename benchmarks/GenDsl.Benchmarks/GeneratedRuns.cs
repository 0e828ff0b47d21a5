using System;
using GenDsl.Benchmarks.Measuring;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks;

internal static class GeneratedRuns
{
    public static void Prepare() { }
    public static IContestant Vae(Tensor data, int steps) => throw new NotSupportedException("later");
    public static IContestant Dcgan(Tensor data, int steps) => throw new NotSupportedException("later");
    public static bool Agrees(string model, Tensor data, Func<string, double[], double[], bool> report) => true;
}
