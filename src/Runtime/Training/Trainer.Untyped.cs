using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

public abstract partial class Trainer<TData, TReport>
{
    TrainerDescriptor ITrainer.Descriptor => _descriptor;

    TrainerOptions ITrainer.Options => _options;

    async IAsyncEnumerable<StepReport> ITrainer.Fit(
        IReadOnlyDictionary<string, Source> sources, RunLength length, [EnumeratorCancellation] CancellationToken cancel)
    {
        Require(sources, _descriptor.Sources);
        await foreach (var report in Fit(Bind(sources), length, cancel).ConfigureAwait(false))
        {
            yield return new StepReport(report.Step, report.Epoch, report.Values) { Phase = report.Phase };
        }
    }

    IReadOnlyList<NamedValue> ITrainer.Evaluate(string name, IReadOnlyDictionary<string, Source> sources)
    {
        var info = _descriptor.Evaluations.FirstOrDefault(evaluation => evaluation.Name == name) ?? throw UnknownEvaluation(name);
        Require(sources, info.Sources);
        using var frozen = no_grad();
        return Evaluate(name, sources);
    }

    Tensor ITrainer.Sample(string name, SampleRequest request, out SpaceInfo space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Count, 1);
        request.RequireKnown(_descriptor.Samples.FirstOrDefault(sample => sample.Name == name) ?? throw UnknownSample(name));
        using var frozen = no_grad();
        var root = Draws;
        Draws = request.Part == 0 ? root : root.At("part").At(request.Part);
        try
        {
            return Sample(name, request, out space);
        }
        finally
        {
            Draws = root;
        }
    }

    /// <summary>The error for a sample that the program does not declare.</summary>
    protected GenDslException UnknownSample(string name) => Unknown("sample", name, _descriptor.Samples.Select(sample => sample.Name));

    /// <summary>The error for an evaluation that the program does not declare.</summary>
    protected GenDslException UnknownEvaluation(string name) =>
        Unknown("evaluation", name, _descriptor.Evaluations.Select(evaluation => evaluation.Name));

    private GenDslException Unknown(string what, string name, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var all = names.Length > 0 ? $" It has: {string.Join(", ", names)}." : " It has none.";
        return new GenDslException($"{_descriptor.Name} has no {what} '{name}'.{Spelling.Meant(name, names)}{all}");
    }

    private void Require(IReadOnlyDictionary<string, Source> sources, IReadOnlyList<SourceInfo> needed)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (needed.FirstOrDefault(source => !sources.ContainsKey(source.Name)) is { } missing)
        {
            throw new GenDslException($"{_descriptor.Name} needs a source named '{missing.Name}', and got {(sources.Count == 0 ? "none" : string.Join(", ", sources.Keys))}.");
        }
    }
}
