using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>A model whose latents are codes: where gradients go, what its bound is, and what each stage moves.</summary>
public class VectorQuantisationTests
{
    private const string Text = """
        space Field = f32[2, 4, 4]
        space Codes = code[5][1, 2, 2]
        space Point = f32[4]
        space Digit = class[3]

        model Order(k: Codes) {
            k ~ categorical(logits: k |> embed(4) |> masked_conv(5, kernel: 3, mask: A))
        }

        model Quantised(x: Field) {
            encode = conv(3, kernel: 2, stride: 2, pad: 0)
            decode = conv_transpose(2, kernel: 2, stride: 2, pad: 0)
            book = codebook(5, 3, decay: 0.9, restart: 0)
            prior = Order()
            k: Codes ~ prior
            x ~ normal(k |> book |> decode, 0.5)
            guide {
                e = x |> encode
                k ~ nearest(book, e)
                cost 0.25 * sum((e - stop(k |> book))^2, per: sample)
            }
        }

        net Inner(x: [2, 4, 4]) { x |> batch_norm |> conv(3, kernel: 2, stride: 2, pad: 0) }
        model Nested(x: Field) {
            inner = Inner()
            book = codebook(5, 3, decay: 0.9)
            prior = Order()
            k: Codes ~ prior
            x ~ normal(k |> book |> batch_norm |> conv_transpose(2, kernel: 2, stride: 2, pad: 0), 0.5)
            guide {
                e = x |> inner
                k ~ nearest(book, e)
                cost 0.25 * sum((e - stop(k |> book))^2, per: sample)
            }
        }

        net Quantiser(e: [3, h, w]) {
            book = codebook(5, 3, decay: 0.9, restart: 0)
            k = nearest(book, e)
            (k |> book, k)
        }
        net Into(x: Field) { x |> conv(3, kernel: 2, stride: 2, pad: 0) }
        net Out(e: [3, 2, 2]) { e |> conv_transpose(2, kernel: 2, stride: 2, pad: 0) }
        trainer Nets(x: Field) {
            E = Into(); Q = Quantiser(); D = Out()
            e = E(x)
            (q, k) = Q(e)
            minimize mean((D(q) - x)^2) + 0.25 * mean((e - stop(q))^2) over (E, D) with adam(1e-2)
            evaluate test(x: Field) {
                (p, c) = Q(E(x))
                report error = mean((D(p) - x)^2)
                report used = perplexity(c)
            }
        }

        /// A label that is known, as a latent.
        model Known(x: Point | y: Digit) {
            k: Digit ~ categorical(0)
            x ~ normal(k |> embed(4), 1)
            guide { k ~ y }
        }

        trainer Stages(x: Field) {
            M = Nested()
            phase codes for 3 steps { minimize mean(loss(M, x)) over M except M.prior with adam(1e-2) }
            phase law for 3 steps { minimize -mean(log_prob(M.prior, encode(M, x))) over M.prior with adam(1e-2) }
            phase inside for 3 steps { minimize mean(loss(M, x)) over M.inner with adam(1e-2) }
            phase rest for 3 steps { minimize mean(loss(M, x)) over M except M.inner with adam(1e-2) }
            evaluate test(x: Field) { report used = perplexity(encode(M, x)) }
        }
        """;

    private static readonly Lazy<CompiledPrograms> Compiled = new(() => LatentModel.Compile("quantised", "gen 1\n" + Text));
    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("quantised", Text));

    [Fact]
    public void TheBound_IsTheLikelihoodOfTheCode_AndItsPrior()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model();
        Tensor x = Data(6);
        Tensor k = model.Ask("Encode", x);
        Assert.Equal([6L, 1, 2, 2], k.shape);
        Tensor q = Codebooks.Lookup(k, model.Weight("book.count"), model.Weight("book.total"), 1e-5, 1);
        Tensor mean = nn.functional.conv_transpose2d(q, model.Weight("decode.weight"), model.Weight("decode.bias"), strides: [2, 2]);
        Tensor likelihood = ((-0.5 * ((x - mean) / 0.5).pow(2)) - Math.Log(0.5) - (0.5 * Math.Log(2 * Math.PI))).sum([1, 2, 3]);
        Tensor embedded = Layers.Embed(k, model.Weight("prior.embed1.weight"), 1);
        Tensor logits = Layers.MaskedConv2d(embedded, model.Weight("prior.masked_conv1.weight") * model.Weight("prior.masked_conv1.mask"), model.Weight("prior.masked_conv1.bias"), [1, 1]);
        Tensor prior = logits.log_softmax(1).gather(1, k).sum([1, 2, 3]);
        TensorAssert.Close(likelihood + prior, model.Ask("Elbo", x), 1e-9);

        // The cost holds the encoder to its codes: one for each place.
        Tensor e = nn.functional.conv2d(x, model.Weight("encode.weight"), model.Weight("encode.bias"), strides: [2, 2]);
        TensorAssert.Close((0.25 * (e - q).pow(2)).sum([1, 2, 3]) - likelihood - prior, model.Ask("Loss", x), 1e-9);
    }

    [Fact]
    public void TheEncoder_GetsTheGradientOfTheCodes_AndOfItsDistanceFromThem()
    {
        using var scope = NewDisposeScope();
        using LatentModel model = Model();
        Tensor x = Data(6);
        Tensor weight = model.Weight("encode.weight");
        Tensor found = autograd.grad([model.Ask("Loss", x).sum()], [weight])[0];

        Tensor k = model.Ask("Encode", x);
        Tensor e = nn.functional.conv2d(x, weight, model.Weight("encode.bias"), strides: [2, 2]);
        Tensor q = Codebooks.Lookup(k, model.Weight("book.count"), model.Weight("book.total"), 1e-5, 1).requires_grad_();
        Tensor mean = nn.functional.conv_transpose2d(q, model.Weight("decode.weight"), model.Weight("decode.bias"), strides: [2, 2]);
        Tensor atCodes = autograd.grad([(0.5 * ((x - mean) / 0.5).pow(2)).sum()], [q])[0];
        Tensor atVectors = atCodes + (0.5 * (e - q).detach());
        TensorAssert.Close(autograd.grad([e], [weight], [atVectors])[0], found, 1e-9);
    }

    [Fact]
    public void SamplesOfThePrior_AreLookedUp()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = Model();
        Assert.Equal([4L, 2, 4, 4], ((Tensor)model.Call("Draw", null, 4, 1, Mode.Evaluate)).shape);

        // Draws of the prior explain the data by the likelihood alone; the guide draws nothing that could be weighted.
        Assert.Equal([6L], model.Ask("PriorImportance", Data(6), 50).shape);
    }

    [Fact]
    public void EachStage_MovesItsOwn_StatisticsIncluded()
    {
        using ITrainer trainer = Program.Value.Create("Stages", ("batch", "8"));
        using Source x = TrainedProgram.Numbers("x", 40, 2, 4, 4);
        Assert.Equal(["book.count", "book.total", "batch_norm1", "conv_transpose1", "inner"], Changed(trainer, x));
        Assert.Equal(["prior"], Changed(trainer, x));
        Assert.Equal(["inner"], Changed(trainer, x));
        Assert.Equal(["book.count", "book.total", "batch_norm1", "conv_transpose1", "prior"], Changed(trainer, x));
        double used = trainer.Evaluate("test", new Dictionary<string, Source> { ["x"] = x }).Single().Value;
        Assert.InRange(used, 1, 5);
    }

    [Fact]
    public void ABookBetweenTwoNets_FollowsWhatTheyLearn()
    {
        using ITrainer trainer = Program.Value.Create("Nets", ("batch", "8"));
        using Source x = TrainedProgram.Numbers("x", 40, 2, 4, 4);
        StateTable book = trainer.Nets.Single(n => n.Name == "Q").State;
        using Tensor before = book["book.total"].Tensor.clone();
        Dictionary<string, Tensor> encoder = TrainedProgram.Weights(trainer, "E");
        TrainedProgram.Step(trainer, 1, x);
        Assert.False(before.equal(book["book.total"].Tensor).all().ToBoolean());
        Assert.All(TrainedProgram.Weights(trainer, "E"), w => Assert.False(w.Value.equal(encoder[w.Key]).all().ToBoolean()));
        Assert.InRange(trainer.Evaluate("test", new Dictionary<string, Source> { ["x"] = x }).Last().Value, 1, 5);
    }

    [Fact]
    public void ALabelThatIsKnown_IsALatentOfItsOwn()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using LatentModel model = new(Compiled.Value.Find("quantised", "Known"));
        Tensor x = Draws.Root(1, CPU, ScalarType.Float64).Normal(6, 4), y = arange(6, ScalarType.Int64).remainder(3);
        Tensor mean = model.Weight("embed1.weight").index_select(0, y);
        Tensor expected = ((-0.5 * (x - mean).pow(2)) - (0.5 * Math.Log(2 * Math.PI))).sum([1]) - Math.Log(3);
        TensorAssert.Close(expected, model.Ask("Elbo", x, conditions: y), 1e-9);
        TensorAssert.Same(y, model.Ask("Encode", x, conditions: y));
    }

    // The parts whose tensors differ after a phase; the codebook's tensors one by one.
    private static string[] Changed(ITrainer trainer, Source x)
    {
        StateTable state = trainer.Nets.Single().State;
        var before = state.Select(item => item.Tensor.clone()).ToList();
        TrainedProgram.Step(trainer, 3, x);
        List<string> changed = [];
        foreach ((StateTensor item, Tensor old) in state.Zip(before))
        {
            using (old)
            using (var same = old.eq(item.Tensor).all())
            {
                string[] names = item.Name.Split('.');
                if (!same.ToBoolean())
                {
                    changed.Add(names[0] == "book" ? item.Name : names[0]);
                }
            }
        }

        string[] order = ["book.count", "book.total", "batch_norm1", "conv_transpose1", "inner", "prior"];
        return [.. changed.Distinct().OrderBy(n => Array.IndexOf(order, n))];
    }

    private static LatentModel Model() => new(Compiled.Value.Find("quantised", "Quantised"));

    private static Tensor Data(int rows) => Draws.Root(1, CPU, ScalarType.Float64).Normal(rows, 2, 4, 4);
}
