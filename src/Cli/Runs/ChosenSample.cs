using System.Linq;
using GenDsl.Runtime;

namespace GenDsl.Cli.Runs;

/// <summary>Which of the samples that a program declares is drawn: the first where none is named.</summary>
internal static class ChosenSample
{
    public static SampleInfo Of(TrainerDescriptor descriptor, string? name)
    {
        var names = descriptor.Samples.Select(sample => sample.Name).ToArray();
        if (names.Length == 0)
        {
            throw new GenDslException($"{descriptor.Name} declares no sample. Add one: sample name = ...");
        }

        return name is null
            ? descriptor.Samples[0]
            : descriptor.Samples.FirstOrDefault(sample => sample.Name == name)
                ?? throw new GenDslException($"{descriptor.Name} has no sample '{name}'.{Meant.Of(name, names)} It has: {string.Join(", ", names)}.");
    }
}
