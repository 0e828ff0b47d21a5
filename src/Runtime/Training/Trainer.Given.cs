using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

public abstract partial class Trainer<TData, TReport>
{
    private readonly List<(string Name, StateTable Net)> _given = [];

    /// <summary>Fills a net that arrives trained, and stays as it is.</summary>
    /// <exception cref="GenDslException">The options do not say where it comes from, or it does not fit.</exception>
    protected void Give(string name, StateTable net)
    {
        ArgumentNullException.ThrowIfNull(net);
        foreach (var item in net)
        {
            item.Tensor.requires_grad_(false);
        }

        _given.Add((name, net));
        if (_options.IsStored)
        {
            // The checkpoint that comes next has its numbers.
            return;
        }

        try
        {
            var from = _options.Given.TryGetValue(name, out var text)
                ? GivenNet.Parse(text)
                : throw new GenDslException($"{_descriptor.Name}: '{name}' arrives trained, and nothing says from which run. Train it first, and give the run: --given {name}=RUN, or in C# Given = new Dictionary<string, string> {{ [\"{name}\"] = \"runs/...\" }}.");
            _options = _options with { Given = new Dictionary<string, string>(_options.Given, StringComparer.Ordinal) { [name] = from.Read(name, net).ToString() } };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // The numbers that a checkpoint brings are those that were given.
    private void CheckGiven(string folder)
    {
        foreach (var (name, net) in _given.Where(given => GivenNet.Parse(_options.Given.GetValueOrDefault(given.Name, "")).Hash != GivenNet.HashOf(given.Net)))
        {
            throw new GenDslException($"Checkpoint '{folder}' has other numbers of '{name}' than those that it was given.");
        }
    }

    private static void CheckNames(TrainerDescriptor descriptor, TrainerOptions options)
    {
        if (options.Given.Keys.FirstOrDefault(name => !descriptor.Given.Contains(name)) is { } unknown)
        {
            throw new GenDslException(descriptor.Given.Count == 0
                ? $"{descriptor.Name} takes no net that arrives trained, so '{unknown}' cannot be given."
                : $"{descriptor.Name} has no 'given {unknown}'.{Spelling.Meant(unknown, descriptor.Given)} It has: {string.Join(", ", descriptor.Given)}.");
        }
    }
}
