using System.Reflection;
using GenDsl.Runtime;
using TorchSharp;

namespace GenDsl.Cli;

internal static class Versions
{
    public static string GenDsl { get; } = Of(typeof(ITrainer).Assembly);

    public static string TorchSharp { get; } = Of(typeof(torch).Assembly);

    private static string Of(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];
}
