using System;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>Models with flow priors and proposals, models as distributions, loops and shared names, as generated code.</summary>
public class LatentProgramsTests
{
    private static readonly Lazy<CompiledPrograms> Compiled = new(() => LatentModel.Compile("latent_models", File.ReadAllText(Path.Combine(Repository.Root, "tests", "baselines", "valid", "latent_models.gen"))));

    [Theory]
    [InlineData("Flows", false)]
    [InlineData("Told", true)]
    [InlineData("Loops", false)]
    public void SeveralDraws_AreThoseOfRepeatedData(string name, bool isTold)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = new(Compiled.Value.Find("latent_models", name));
        const int Rows = 6, K = 5;
        (Tensor x, Tensor[] told) = Data(Rows, isTold);

        // What stands before the first draw is computed once and copied, or as often as there are draws: the same.
        Tensor each = model.Ask("Iwae", x.repeat(K, 1), 1, 3, conditions: [.. told.Select(t => t.repeat(K))]);
        TensorAssert.Close(each.view(K, Rows).logsumexp(0) - Math.Log(K), model.Ask("Iwae", x, K, 3, conditions: told), 1e-9);
    }

    [Theory]
    [InlineData("Flows", false, "layer")]
    [InlineData("Told", true, "prior")]
    public void AGuideThatIsThePrior_WeightsByTheLikelihoodAlone(string name, bool isTold, string part)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = new(Compiled.Value.Find("latent_models", name));
        foreach (StateTensor item in model.State.Learned)
        {
            if (item.Path.StartsWith("linear", StringComparison.Ordinal))
            {
                // What is proposed is N(0, 1) through the guide's own flow, ...
                item.Tensor.zero_();
            }
            else if (item.Path.StartsWith(part + "1.", StringComparison.Ordinal))
            {
                // ... whose weights are those of the prior's.
                item.Tensor.copy_(model.Weight(part + item.Path[(part.Length + 1)..]));
            }
        }

        // From the same noise: the proposal's density, log-determinants included, is that of the prior at each draw.
        const int K = 7;
        (Tensor x, Tensor[] told) = Data(5, isTold);
        Tensor guide = model.Ask("LogWeights", x, K, 2, conditions: told);
        TensorAssert.Close(model.Ask("PriorLogWeights", x, K, 2, conditions: told), guide, 1e-9);
        Assert.True(guide.std().ToDouble() > 0.1, "The draws have no part in the likelihood: the test says little.");
    }

    private static (Tensor X, Tensor[] Told) Data(int rows, bool isTold)
    {
        Tensor x = Draws.Root(1, CPU, ScalarType.Float64).Uniform(0, 1, rows, 16).round();
        return (x, isTold ? [Draws.Root(2, CPU).Integers(0, 10, rows)] : []);
    }
}
