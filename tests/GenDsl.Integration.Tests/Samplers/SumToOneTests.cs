using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Ir;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Samplers;

/// <summary>The shipped models over data so small that all of it can be written down: its probabilities sum to 1, whatever the weights.</summary>
public sealed class SumToOneTests
{
    // The same programs with fewer pixels, levels and characters.
    private static readonly Dictionary<string, (string From, string To)[]> Smaller = new(StringComparer.Ordinal)
    {
        ["made"] = [("bit[1, 28, 28]", "bit[1, 2, 4]")],
        ["pixel_rnn"] = [("bit[1, 28, 28]", "bit[1, 2, 3]")],
        ["pixel_cnn"] = [("bit[1, 28, 28]", "bit[1, 2, 3]"), ("u8[1, 28, 28]", "u8[1, 2, 3]")],
        ["wavenet"] = [("mulaw[256][T]", "mulaw[3][T]"), ("conv(256, kernel: 1)", "conv(3, kernel: 1)"), ("bit[1, 28, 28]", "bit[1, 2, 3]")],
        ["char_rnn"] = [("class[65][T]", "class[3][T]"), ("conv(65, kernel: 1)", "conv(3, kernel: 1)")],
        ["pixel_cnn_pp"] = [("level[16][1, 28, 28]", "level[2][1, 4, 4]"), ("u8[3, 32, 32]", "level[2][3, 4, 4]")],
    };

    public static TheoryData<string> Programs => [.. Smaller.Keys];

    [Theory]
    [MemberData(nameof(Programs))]
    public void AllDataTogether_HasProbabilityOne(string program)
    {
        string text = File.ReadAllText(Repository.PathOf($"models/{program}.gen"));
        foreach ((string from, string to) in Smaller[program])
        {
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        CheckedFile file = ProgramTrial.Check(program, text);
        Assert.False(file.HasErrors, string.Join("\n", file.Diagnostics));
        CompiledPrograms compiled = CompiledPrograms.Of([file]);
        Assert.Empty(compiled.Failures);
        int tried = 0;
        foreach (IrModel model in file.Ir.Modules.OfType<IrModel>().Where(m => m.Sampler is not null && !m.Name.StartsWith("Paper", StringComparison.Ordinal)))
        {
            IrValue data = model.Sampler!.Law.Data;
            long[] shape = [.. data.Type.Shape.Select(d => d.Value ?? 4)];
            long numbers = shape.Aggregate(1L, (product, size) => product * size);
            double count = Math.Pow(data.Type.Count.Value!.Value, numbers);
            if (count > 100_000)
            {
                continue;
            }

            using var scope = NewDisposeScope();
            using SampledModel sampled = new(compiled.Find(program, model.Name), ScalarType.Float64);
            Assert.Equal(1, Total(sampled, (long)count, data.Type.Count.Value.Value, shape, model.Sampler.Law.Root.Type.Element is Dsl.Types.Element.Class or Dsl.Types.Element.MuLaw), 1e-9);
            tried++;
        }

        Assert.True(tried > 0, "No model of the program is small enough.");
    }

    private static double Total(SampledModel model, long count, long values, long[] shape, bool isIndex)
    {
        long numbers = shape.Aggregate(1L, (product, size) => product * size);
        using Tensor places = tensor(Enumerable.Range(0, (int)numbers).Select(i => (long)Math.Pow(values, i)).ToArray());
        double total = 0;
        for (long first = 0; first < count; first += 8192)
        {
            using var scope = NewDisposeScope();
            Tensor rows = arange(first, Math.Min(first + 8192, count), ScalarType.Int64).unsqueeze(1);
            Tensor digits = rows.div(places, RoundingMode.floor).remainder(values).reshape([-1, .. shape]);
            total += model.LogProb(digits.to(isIndex ? ScalarType.Int64 : ScalarType.Float64), condition: 4).exp().sum().item<double>();
        }

        return total;
    }
}
