using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using GenDsl.Dsl;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>What of the language and its catalogue occurs in accepted programs.</summary>
internal sealed class Coverage
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>What has not occurred yet.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            IEnumerable<string> statements = typeof(StatementSyntax).Assembly.GetTypes()
                .Where(t => t.IsSubclassOf(typeof(StatementSyntax)) && t.Name.EndsWith("Syntax", StringComparison.Ordinal) && t.Name is not ("PhaseSyntax" or "SolveSyntax" or "CollectSyntax" or "EverySyntax" or "ConstrainSyntax" or "StateSyntax" or "GivenSyntax" or "WriteSyntax" or "FunctionSyntax")).Select(t => t.Name);
            IEnumerable<string> library = StandardLibrary.Sources().SelectMany(s => Regex.Matches(s.Text, @"^(?:net|loss) (\w+)", RegexOptions.Multiline)).Select(m => m.Groups[1].Value)
                .Where(n => !n.EndsWith("_log_prob", StringComparison.Ordinal) && !n.EndsWith("_draw", StringComparison.Ordinal) && !n.EndsWith("_kl", StringComparison.Ordinal) && n is not ("bernoulli_probability" or "ConditionalBatchNorm"));
            // A class beside an image is what the shipped SAGAN has.
            // Flows have programs of their own, written and random: see the folder Flows; phases, bounds from several draws and discrete latents, what runs sometimes, gradients as values and
            // invariants, rows and states are in the folders Training and Latents, nets of rows in Models. What has no slope has random programs of
            // its own (CatalogueTests); views of images, pairs of rows and probes of features and closed forms have tests of theirs (ViewTests, ContrastTests, ProbeTests, SolveTests, RetrievalTests).
            HashSet<string> flows = [.. Catalogue.FlowOperations.Select(o => o.Name), "~copies", "~free_bits", "~gate", "~values", "~expected", "~summed_out", "~posterior", "~over_values", "codebook", "~nearest", "~straight_through", "perplexity", "inception_score", "frechet_distance", "matched_accuracy", "~lerp", "lerp", "norm", "join", "split", "copies", "mean_copies", "all_rows", "rows", "~inverse_permutation", "~nearest_row", "VirtualBatchNorm", "MinibatchCloseness", "correct", "accuracy",
                "<", "<=", ">", ">=", "<s", "<=s", ">s", ">=s", "argmax", "one_hot", "probability", "~as", "pad", "crop", "affine_sample", "warp", "rot90", "gaussian_blur", "ResidualStage", "quantize", "similarity", "sites", "from_sites", "patches", "mask_self", "enqueue", "knn_accuracy", "linear_probe", "procrustes", "least_squares", "mutual_procrustes", "precision", "precision_csls", "copy_index", "stack", "narrow", "logsumexp", "info_nce", "sampled_softmax", "instance_noise", "batch_info_nce", "nt_xent", "luminance", "random_flip", "random_shift", "random_affine", "random_resized_crop", "cutout", "random_mask", "random_grayscale", "color_jitter", "random_blur"];
            IEnumerable<string> all = Catalogue.Operations.Select(o => o.Name).Where(n => !flows.Contains(n)).Concat(Catalogue.Distributions.Where(d => !d.IsOneHot && d.Proposes == DiscreteProposal.None).Select(d => d.Name)).Concat(Catalogue.Optimizers.Select(o => o.Name))
                .Concat(Catalogue.Initializers.Keys).Concat(statements).Concat(library.Where(n => !flows.Contains(n))).Concat(["draw", "ema", "elbo", "loss", "log_prob", "bits_per_dim", "weight_norm", "spectral_norm", "equal_lr", "step", "per"]);
            return [.. all.Distinct().Where(n => !_seen.Contains(n)).Order(StringComparer.Ordinal)];
        }
    }

    public void Add(CheckedFile file)
    {
        _seen.UnionWith(SyntaxWalk.All(file.Syntax).OfType<StatementSyntax>().Select(s => s.GetType().Name));
        _seen.UnionWith(Regex.Matches(file.Source.Text, @"\w+").Select(m => m.Value));
        foreach (IrFunction function in file.Ir.Modules.SelectMany(Functions))
        {
            Operations(function.Body);
        }

        foreach (IrTrainer trainer in file.Ir.Trainers)
        {
            foreach (IrBlock step in trainer.Steps)
            {
                Operations(step);
            }
        }
    }

    private static IEnumerable<IrFunction> Functions(IrModule module) => module switch
    {
        IrNet { Forward: { } forward } => [forward],
        IrModel model => new[] { model.LogProb, model.Elbo, model.Loss, model.Draw }.OfType<IrFunction>(),
        _ => [],
    };

    private void Operations(IrBlock block)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: CatalogOp op }:
                    _seen.Add(op.Operation.Name);
                    break;
                case IrFor loop:
                    Operations(loop.Body);
                    break;
                case { Inner: { } inner }:
                    Operations(inner);
                    break;
            }
        }
    }
}
