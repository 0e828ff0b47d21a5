using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Samplers;

/// <summary>The sampler that is derived from each shipped model, against the loop that runs the whole net at every position.</summary>
public sealed class DerivedSamplerTests
{
    private static readonly SamplingOptions Naive = new() { Method = SamplingMethod.Naive };

    private static readonly SamplingOptions ByTensors = new() { Executor = SamplerExecutor.Tensors };

    public static TheoryData<string> Models => [.. SampledModel.In(typeof(GenDsl.Models.Vae.Vae).Assembly).Select(t => t.FullName!)];

    [Theory]
    [MemberData(nameof(Models))]
    public void DrawsWhatTheWholeNetDraws(string model)
    {
        using var scope = NewDisposeScope();
        using SampledModel sampled = Make(model, ScalarType.Float64);
        using Tensor naive = sampled.Draw(2, Naive);
        using Tensor derived = sampled.Draw(2, ByTensors);
        Equal(naive, derived);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void GoesOnFromAPrefix(string model)
    {
        using var scope = NewDisposeScope();
        using SampledModel sampled = Make(model, ScalarType.Float64);
        using Tensor given = sampled.Draw(2, ByTensors, seed: 11);
        // The loop runs the whole net at each position that is left: by day the last ones will do, from the middle of a row on.
        long late = SampledModel.Positions(given) * 5 / 6;
        foreach (long known in Environment.GetEnvironmentVariable("GENDSL_NIGHTLY") is null ? [late] : new[] { 29, late })
        {
            using Tensor naive = sampled.Draw(2, Naive, given, known);
            using Tensor derived = sampled.Draw(2, ByTensors, given, known);
            Equal(naive, derived);
        }

        using Tensor whole = sampled.Draw(2, ByTensors, given, known: SampledModel.Positions(given));
        Equal(given, whole);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void VectorCodeDrawsWhatTensorCallsDraw(string model)
    {
        using var scope = NewDisposeScope();
        using SampledModel sampled = Make(model, ScalarType.Float32);
        using Tensor tensors = sampled.Draw(3, ByTensors);
        using Tensor spans = sampled.Draw(3, new SamplingOptions { Executor = SamplerExecutor.Spans });
        Equal(tensors, spans);
        using Tensor first = tensors.narrow(0, 0, 1);
        using Tensor other = tensors.narrow(0, 1, 1);
        Assert.False(first.equal(other).all().item<bool>(), "Two samples are the same: the noise does not differ by row.");
    }

    // The law of a position may not change by a bit when the position, and all behind it, are other numbers.
    [Theory]
    [MemberData(nameof(Models))]
    public void TheLawOfAPosition_IsUntouchedByItAndAllBehind(string model)
    {
        using var scope = NewDisposeScope();
        using SampledModel sampled = Make(model, ScalarType.Float64);
        using Tensor drawn = sampled.Draw(1, ByTensors);
        using Tensor real = sampled.Root(drawn);
        long positions = SampledModel.Positions(real);
        Tensor[] before = sampled.Parameters(real);
        bool isRead = false;
        foreach (long position in new[] { 0, 1, 7, positions / 2, (positions / 2) + 5, positions - 1 })
        {
            using Tensor changed = real.clone();
            using Tensor flat = changed.view(-1, positions);
            using Tensor behind = flat.narrow(1, position, positions - position);
            using Tensor flipped = 1 - behind;
            behind.copy_(flipped.abs());
            Tensor[] after = sampled.Parameters(changed);
            for (int i = 0; i < after.Length; i++)
            {
                using Tensor a = before[i].reshape(-1, positions).narrow(1, 0, position + 1);
                using Tensor b = after[i].reshape(-1, positions).narrow(1, 0, position + 1);
                Assert.True(a.equal(b).all().item<bool>(), $"The law at or before position {position} has changed.");
                isRead |= !before[i].equal(after[i]).all().item<bool>();
                after[i].Dispose();
            }
        }

        Array.ForEach(before, t => t.Dispose());
        Assert.True(isRead, "Nothing reads what was drawn.");
    }

    private static SampledModel Make(string model, ScalarType type) => new(typeof(GenDsl.Models.Vae.Vae).Assembly.GetType(model, throwOnError: true)!, type);

    private static void Equal(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        using Tensor same = expected.eq(actual);
        using Tensor count = same.sum();
        Assert.Equal(expected.numel(), count.item<long>());
    }
}
